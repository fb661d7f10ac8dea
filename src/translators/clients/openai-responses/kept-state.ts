// State of other protocols inside the `encrypted_content` of reasoning items, so that clients carry it through their
// tool loops as they carry OpenAI's own. Holds no words of the model: those stand in the item's summary, where content is
// looked at. Nothing is encrypted: what services sign or encrypt is in here as they wrote it.
import { isJsonObject, memberOf, parseJson, textOf } from "../../../lib/json-value.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";

/** The number is the version: what another one wrote is not read. */
const mark = "moongate-1-";

export interface KeptState {
  readonly type: ReasoningDetail["type"];
  readonly format?: NonNullable<ReasoningDetail["format"]>;
  readonly signature?: string;
  readonly data?: string;
  /** Of a tool call: Gemini's signature, for the call with this id. */
  readonly call?: { readonly id: string; readonly signature: string };
}

const formats: ReadonlySet<unknown> = new Set(["anthropic", "responses", "gemini"]);

export function packState(state: KeptState): string {
  return mark + Buffer.from(JSON.stringify(state)).toString("base64url");
}

/** Undefined: not written by `packState`, so the service's own. `unreadable`: by another version, or damaged. */
export function unpackState(text: string): KeptState | "unreadable" | undefined {
  if (!text.startsWith("moongate-")) return undefined;
  if (!text.startsWith(mark)) return "unreadable";
  const value = parseJson(Buffer.from(text.slice(mark.length), "base64url").toString());
  const type = memberOf(value, "type");
  if (!isJsonObject(value) || (type !== "thinking" && type !== "redacted_thinking")) return "unreadable";
  const format = memberOf(value, "format");
  const signature = textOf(value, "signature");
  const data = textOf(value, "data");
  const callId = textOf(memberOf(value, "call"), "id");
  const callSignature = textOf(memberOf(value, "call"), "signature");
  return {
    type,
    ...(isFormat(format) ? { format } : {}),
    ...(signature === undefined ? {} : { signature }),
    ...(data === undefined ? {} : { data }),
    ...(callId === undefined || callSignature === undefined
      ? {}
      : { call: { id: callId, signature: callSignature } }),
  };
}

function isFormat(value: unknown): value is NonNullable<ReasoningDetail["format"]> {
  return formats.has(value);
}
