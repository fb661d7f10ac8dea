// Tells whether a choice of an OpenAI answer holds anything. Must not know streams or bodies.
import { isJsonObject, memberOf, textOf } from "../lib/json-value.ts";

/** Members of a delta or message that are real data once they are not empty; reasoning goes by several names. */
const dataMembers = [
  "content",
  "reasoning",
  "reasoning_content",
  "reasoning_details",
  "refusal",
  "tool_calls",
  "function_call",
  "audio",
] as const;

/** Whether the choice ended. Some services write an empty string where OpenAI writes null. */
export function hasFinishReason(choice: unknown): boolean {
  return textOf(choice, "finish_reason") !== undefined;
}

/** Whether a choice, of a chat or a legacy completion, whole or a chunk, says anything: data or how it ended. */
export function isSemanticChoice(choice: unknown): boolean {
  if (hasFinishReason(choice) || isFilled(memberOf(choice, "text"))) return true;
  const message = memberOf(choice, "delta") ?? memberOf(choice, "message");
  return dataMembers.some((member) => isFilled(memberOf(message, member)));
}

function isFilled(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}
