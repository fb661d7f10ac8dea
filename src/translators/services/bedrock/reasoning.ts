// Blocks of thinking between the chat form and Converse, which has Anthropic's: signed text, or redacted bytes in base64.
import type { ModelTraits } from "../../../core/model-traits.ts";
import { isJsonObject, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";

/** Marks redacted bytes that are no text; no base64 has a colon. */
const binaryMark = "bedrock:";

/**
 * As Anthropic's own protocol writes it, so that a conversation may go on at either: Bedrock wraps its text in base64 once more.
 * @param base64 `redactedContent`
 */
export function redactedData(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString("latin1");
  return /^[\x21-\x7e]+$/u.test(text) && bytes.toString("base64") === base64 ? text : binaryMark + base64;
}

function redactedContent(data: string): string {
  return data.startsWith(binaryMark) ? data.slice(binaryMark.length) : Buffer.from(data).toString("base64");
}

/** Undefined where the state is another protocol's, or has no signature and the model wants none such back. */
export function reasoningBlock(
  detail: ReasoningDetail,
  { wantsReasoningBack }: ModelTraits,
): JsonObject | undefined {
  const { type, text = "", signature, data, format } = detail;
  const isOurs = format === undefined || format === "anthropic";
  if (type === "redacted_thinking")
    return isOurs && data !== undefined && data !== ""
      ? { reasoningContent: { redactedContent: redactedContent(data) } }
      : undefined;
  // A block may be its signature alone.
  if (isOurs && signature !== undefined && signature !== "")
    return { reasoningContent: { reasoningText: { text, signature } } };
  return wantsReasoningBack === true && text !== ""
    ? { reasoningContent: { reasoningText: { text } } }
    : undefined;
}

/** A whole block of an answer. Undefined when it holds nothing. */
export function reasoningDetail(content: unknown, index: number): ReasoningDetail | undefined {
  const redacted = textOf(content, "redactedContent");
  if (redacted !== undefined)
    return { type: "redacted_thinking", index, data: redactedData(redacted), format: "anthropic" };
  const reasoning = memberOf(content, "reasoningText");
  if (!isJsonObject(reasoning)) return undefined;
  const text = textOf(reasoning, "text");
  const signature = textOf(reasoning, "signature");
  if (text === undefined && signature === undefined) return undefined;
  return {
    type: "thinking",
    index,
    text: text ?? "",
    ...(signature === undefined ? {} : { signature, format: "anthropic" as const }),
  };
}
