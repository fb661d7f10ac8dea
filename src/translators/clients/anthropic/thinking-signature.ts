// State of thinking that is not Anthropic's, as the signature of a block: a client sends signatures back as they are, so
// the state survives a restart of the gateway. A versioned text of our own; Anthropic's own signatures stay as they are.
import { isJsonObject, memberOf, parseJson, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";

const mark = "moongate.1.";

type State = Pick<ReasoningDetail, "signature" | "data" | "id" | "format">;

/** Empty where the block has no state. */
export function packSignature({ signature, data, id, format }: State): string {
  const isForeign = format !== undefined && format !== "anthropic";
  if (!isForeign && data === undefined && id === undefined) return signature ?? "";
  if (signature === undefined && data === undefined && id === undefined) return "";
  return mark + Buffer.from(JSON.stringify({ signature, data, id, format })).toString("base64url");
}

/** What `packSignature` packed; any other text is Anthropic's own. */
export function unpackSignature(text: string): State {
  if (text === "") return {};
  if (!text.startsWith(mark)) return { signature: text, format: "anthropic" };
  const packed = parseJson(Buffer.from(text.slice(mark.length), "base64url").toString());
  return isJsonObject(packed) ? stateIn(packed) : {};
}

/** @returns undefined for data that was not packed here */
export function unpackData(text: string): State | undefined {
  return text.startsWith(mark) ? unpackSignature(text) : undefined;
}

function stateIn(packed: JsonObject): State {
  const signature = textOf(packed, "signature");
  const data = textOf(packed, "data");
  const id = textOf(packed, "id");
  const format = memberOf(packed, "format");
  return {
    ...(signature === undefined ? {} : { signature }),
    ...(data === undefined ? {} : { data }),
    ...(id === undefined ? {} : { id }),
    ...(format === "responses" || format === "gemini" || format === "anthropic" ? { format } : {}),
  };
}
