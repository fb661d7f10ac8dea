// Texts of lists that have an order.
import { defineMessages } from "../../i18n/messages.ts";

export const listMessages = defineMessages(
  {
    up: "Move {name} up",
    down: "Move {name} down",
    remove: "Remove {name}",
    grip: "Move {name}",
    movedTo: "{name} is at position {position} of {count}.",
    lifted: "{name} is lifted, position {position} of {count}.",
    over: "{name} is over position {position} of {count}.",
    dropped: "{name} is dropped at position {position} of {count}.",
    cancelled: "The move is cancelled. {name} is back at position {position}.",
    instructions: "Space lifts the row, the arrow keys move it, Space or Enter drops it, Escape cancels.",
  },
  {
    up: "上移 {name}",
    down: "下移 {name}",
    remove: "移除 {name}",
    grip: "移动 {name}",
    movedTo: "{name} 现位于第 {position} 位，共 {count} 位。",
    lifted: "已提起 {name}，位于第 {position} 位，共 {count} 位。",
    over: "{name} 位于第 {position} 位上方，共 {count} 位。",
    dropped: "{name} 已放到第 {position} 位，共 {count} 位。",
    cancelled: "已取消移动，{name} 回到第 {position} 位。",
    instructions: "按空格提起该行，方向键移动，空格或回车放下，Esc 取消。",
  },
);
