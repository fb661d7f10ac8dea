// Tells what DashScope's `output` says, in an event or a whole answer. Must not know streams or bodies.
import { isJsonObject, listOf, memberOf, textOf } from "../lib/json-value.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { ReportedError } from "./wire.ts";

/** Members of a message that are content once they are not empty. */
const contentMembers = ["content", "reasoning_content", "tool_calls", "audio", "refusal"] as const;
/** Members that are an answer in themselves: a text, a task, what a model of images, speech, vectors or ranks makes. */
const outputMembers = [
  "text",
  "task_id",
  "audio",
  "results",
  "embeddings",
  "image_url",
  "video_url",
  "sentence",
  "url",
] as const;

/** Whether the output ended: DashScope writes the text `null` until it does. */
export function hasEnded(output: unknown): boolean {
  return isReason(output) || listOf(output, "choices").some(isReason);
}

function isReason(holder: unknown): boolean {
  const reason = textOf(holder, "finish_reason");
  return reason !== undefined && reason !== "null";
}

/** Whether the output says anything: content, or how it ended. */
export function isSemanticOutput(output: unknown): boolean {
  if (hasEnded(output) || outputMembers.some((member) => isFilled(memberOf(output, member)))) return true;
  return listOf(output, "choices").some((choice) => {
    const message = memberOf(choice, "message");
    return contentMembers.some((member) => isFilled(memberOf(message, member)));
  });
}

function isFilled(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}

/** The error that stands where an output is due: `{"code","message","request_id"}`, or one in OpenAI's manner. */
export function dashscopeErrorOf(value: unknown): ReportedError | undefined {
  const error = memberOf(value, "error");
  if (isErrorValue(error)) return readError(error);
  const isDue = memberOf(value, "output") === undefined && memberOf(value, "data") === undefined;
  return isDue && textOf(value, "code") !== undefined ? readError(value) : undefined;
}
