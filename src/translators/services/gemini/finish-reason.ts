// Why Gemini ended an answer, in the words of the chat form. Must not know where it stood.
import type { FinishReason } from "../../chat/chat-answer.ts";

const reasons: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  MODEL_ARMOR: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
};

/** Ends at which the model meant to call a function, and failed: without anything else said they are errors. */
const failures: ReadonlySet<string> = new Set([
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MISSING_THOUGHT_SIGNATURE",
  "MALFORMED_RESPONSE",
]);

/** @param called whether functions are called: Gemini has no reason of its own for that */
export function finishReasonOf(reason: string, called: boolean): FinishReason {
  if (Object.hasOwn(reasons, reason)) return reasons[reason] ?? "stop";
  return called ? "tool_calls" : "stop";
}

export function isFailedEnd(reason: string | undefined): boolean {
  return reason !== undefined && failures.has(reason);
}
