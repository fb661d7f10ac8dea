// Words for the state of one step of one request. Apart from the others, as the small form stands on pages of its own.
import { defineMessages } from "../../i18n/messages.ts";

export const waySmallMessages = defineMessages(
  { passed: "passed", off: "off", refused: "refused", failed: "failed", unreached: "not reached" },
  { passed: "已通过", off: "未启用", refused: "被拒绝", failed: "失败", unreached: "未到达" },
);
