// Which texts of a stream go on from event to event, and where they end: one row per protocol. Every other string of an
// event is a text by itself. Must not judge.
import type { RouteProtocol } from "../../core/protocol.ts";
import type { JsonPath } from "../../lib/json-strings.ts";
import { listOf, memberOf, textOf } from "../../lib/json-value.ts";

/** A text that goes on from event to event. */
export interface Channel {
  readonly name: string;
  /** Of channels of one group only one grows at a time; when another begins this one has paused. */
  readonly group: string;
}

export interface StreamTexts {
  /** @param path of a string in the event; undefined for one that is a text by itself */
  channel(event: unknown, path: JsonPath): Channel | undefined;
  /** Groups that have ended with this event; "" = all. */
  ended(event: unknown): readonly string[];
  /** An event may repeat all that came before it on its channel. */
  readonly mayRepeat: boolean;
  /** Strings that are bytes, though they do not look like it. */
  silent?(event: unknown, path: JsonPath): boolean;
  /** Some events say again as a whole what came in pieces. */
  readonly saysAgain: boolean;
}

const all: readonly string[] = [""];
const none: readonly string[] = [];

const openai: StreamTexts = {
  channel(event, path) {
    const [list, at, member] = path;
    if (list === "choices" && typeof at === "number") {
      const said = listOf(event, "choices")[at];
      const choice = indexOf(said, at);
      if (member === "logprobs") {
        const last = path.at(-1);
        if (path.includes("top_logprobs")) return undefined;
        if (last !== "token" && path[3] !== "tokens") return undefined;
        return { name: `${choice} logprobs`, group: `${choice} logprobs` };
      }
      if (member !== "delta" && member !== "text") return undefined;
      return { name: `${choice} ${namesOf(said, path.slice(2))}`, group: String(choice) };
    }
    // Transcripts.
    if (path.length === 1 && list === "delta") return { name: "delta", group: "0" };
    return undefined;
  },
  ended(event) {
    const type = textOf(event, "type");
    if (type !== undefined && !type.endsWith(".delta")) return all;
    return listOf(event, "choices").flatMap((choice, at) =>
      textOf(choice, "finish_reason") === undefined ? [] : endedChoice(indexOf(choice, at)),
    );
  },
  mayRepeat: false,
  saysAgain: false,
};

const responses: StreamTexts = {
  channel(event, path) {
    if (path.length !== 1 || path[0] !== "delta") return undefined;
    const place = ["output_index", "content_index", "summary_index"].map((name) => indexOf(event, 0, name));
    return { name: `${place.join(" ")} ${textOf(event, "type") ?? ""}`, group: "0" };
  },
  ended: (event) => ((textOf(event, "type") ?? "").endsWith(".delta") ? none : all),
  mayRepeat: false,
  saysAgain: true,
};

const anthropic: StreamTexts = {
  channel(event, path) {
    const [holder, member] = path;
    const block = indexOf(event, 0);
    if (holder === "delta" && path.length === 2 && isAnthropicText(member)) {
      return { name: `${block} ${anthropicName(member)}`, group: "0" };
    }
    // A block may begin with some of its text.
    if (holder === "content_block" && path.length === 2 && (member === "text" || member === "thinking")) {
      return { name: `${block} ${anthropicName(member)}`, group: "0" };
    }
    return undefined;
  },
  ended(event) {
    const type = textOf(event, "type");
    return type === "content_block_stop" || type === "message_delta" || type === "message_stop" ? all : none;
  },
  mayRepeat: false,
  saysAgain: false,
};

function isAnthropicText(member: unknown): boolean {
  return member === "text" || member === "thinking" || member === "partial_json";
}

function anthropicName(member: unknown): string {
  return typeof member === "string" ? member : "";
}

const dashscope: StreamTexts = {
  channel(event, path) {
    const [holder, list, at] = path;
    if (holder !== "output") return undefined;
    if (list === "text" && path.length === 2) return { name: "text", group: "0" };
    if (list === "reasoning_content" && path.length === 2) return { name: "reasoning", group: "0" };
    if (list !== "choices" || typeof at !== "number" || path[3] !== "message") return undefined;
    const said = listOf(memberOf(event, "output"), "choices")[at];
    const choice = indexOf(said, at);
    return { name: `${choice} ${namesOf(memberOf(said, "message"), path.slice(4))}`, group: String(choice) };
  },
  ended(event) {
    const output = memberOf(event, "output");
    const reasons = [output, ...listOf(output, "choices")].map((each) => textOf(each, "finish_reason"));
    return reasons.some((reason) => reason !== undefined && reason !== "null") ? all : none;
  },
  mayRepeat: true,
  saysAgain: false,
};

const gemini: StreamTexts = {
  channel(event, path) {
    const [list, at, holder, parts, part] = path;
    if (list !== "candidates" || typeof at !== "number" || holder !== "content" || parts !== "parts") {
      return undefined;
    }
    if (path.length !== 6 || path[5] !== "text" || typeof part !== "number") return undefined;
    const candidate = listOf(event, "candidates")[at];
    const said = listOf(memberOf(candidate, "content"), "parts")[part];
    const kind = memberOf(said, "thought") === true ? "thought" : "text";
    const index = indexOf(candidate, at);
    return { name: `${index} ${kind}`, group: String(index) };
  },
  ended: (event) =>
    listOf(event, "candidates").flatMap((candidate, at) =>
      textOf(candidate, "finishReason") === undefined ? [] : [String(indexOf(candidate, at))],
    ),
  mayRepeat: false,
  saysAgain: false,
};

const rows: Readonly<Record<RouteProtocol, StreamTexts>> = {
  openai,
  "openai-responses": responses,
  anthropic,
  vllm: openai,
  dashscope,
  gemini,
  comfyui: openai,
};

export function streamTextsOf(protocol: RouteProtocol): StreamTexts {
  return rows[protocol];
}

function endedChoice(choice: number): string[] {
  return [String(choice), `${choice} logprobs`];
}

function indexOf(holder: unknown, place: number, name = "index"): number {
  const index = memberOf(holder, name);
  return typeof index === "number" ? index : place;
}

/** The members on a path below a value; calls of tools by what they say they are, parts of a text all as one. */
function namesOf(value: unknown, path: JsonPath): string {
  let name = "";
  let here = value;
  for (const [at, step] of path.entries()) {
    if (typeof step === "string") {
      name += `/${step}`;
      here = memberOf(here, step);
    } else {
      here = Array.isArray(here) ? (here[step] as unknown) : undefined;
      if (path[at - 1] === "tool_calls") name += indexOf(here, step);
    }
  }
  return name;
}
