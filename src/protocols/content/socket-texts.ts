// Which texts of messages on a WebSocket go on from message to message: one row per protocol and direction. Every other
// string of a message is a text by itself. Must not judge.
import type { RouteProtocol } from "../../core/protocol.ts";
import { memberOf, textOf } from "../../lib/json-value.ts";
import type { StreamTexts } from "./stream-texts.ts";

const all: readonly string[] = [""];
const none: readonly string[] = [];

const wholes: StreamTexts = {
  channel: () => undefined,
  ended: () => none,
  mayRepeat: false,
  saysAgain: false,
};

/** What is to be spoken comes in pieces. */
const taskFrames: StreamTexts = {
  ...wholes,
  channel(_frame, path) {
    const isText = path.length === 3 && path[0] === "payload" && path[1] === "input" && path[2] === "text";
    return isText ? { name: "text", group: "0" } : undefined;
  },
  ended: (frame) => (textOf(memberOf(frame, "header"), "action") === "continue-task" ? none : all),
};

/** Sound is none of the text that is said with it. */
const isSound = (type: string): boolean => /(?:^|[._])audio\.delta$/.test(type);

const realtimeEvents: StreamTexts = {
  ...wholes,
  channel(event, path) {
    const type = textOf(event, "type") ?? "";
    if (path.length !== 1 || path[0] !== "delta" || isSound(type)) return undefined;
    return { name: `${textOf(event, "item_id") ?? ""} ${type}`, group: "0" };
  },
  ended: (event) => ((textOf(event, "type") ?? "").endsWith(".delta") ? none : all),
  silent: (event, path) => path[0] === "delta" && isSound(textOf(event, "type") ?? ""),
};

export function socketTextsOf(protocol: RouteProtocol, direction: "request" | "response"): StreamTexts {
  if (protocol === "dashscope") return direction === "request" ? taskFrames : wholes;
  return protocol === "openai" && direction === "response" ? realtimeEvents : wholes;
}
