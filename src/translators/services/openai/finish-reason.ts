// How OpenAI-compatible services say that an answer ended, in all dialects. Must not know streams or bodies.
import { memberOf, textOf } from "../../../lib/json-value.ts";
import { isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { FinishReason } from "../../chat/chat-answer.ts";

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  eos: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "tool_calls",
  tool_use: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
  refusal: "content_filter",
  safety: "content_filter",
  sensitive: "content_filter",
};

/** Reasons that say that the service failed. */
const failures: ReadonlySet<string> = new Set(["error", "insufficient_system_resource", "network_error"]);

/** Undefined while it is not told; words that nobody knows are an end. */
export function finishReasonOf(choice: unknown): FinishReason | undefined {
  const told = textOf(choice, "finish_reason");
  if (told === undefined) return undefined;
  const word = told.toLowerCase();
  return Object.hasOwn(reasons, word) ? reasons[word] : "stop";
}

/** What the client is told: calls that were made are to be answered, and without any there is nothing to answer. */
export function settledReason(told: FinishReason | undefined, hasCalls: boolean): FinishReason {
  if (told === "length" || told === "content_filter") return told;
  return hasCalls ? "tool_calls" : "stop";
}

/** Some services end a choice with a word for their own failure. */
export function failureOf(choice: unknown): ReportedError | undefined {
  const told = textOf(choice, "finish_reason");
  if (told === undefined || !failures.has(told)) return undefined;
  const error = memberOf(choice, "error");
  if (isErrorValue(error)) return readError(error);
  return { status: 502, message: `The model service broke off its answer (finish_reason ${told}).` };
}

/** The sequence that ended the answer, which vLLM and SGLang tell. */
export function stopSequenceOf(choice: unknown): string | undefined {
  const told = textOf(choice, "finish_reason") === "stop" ? choice : undefined;
  return textOf(told, "stop_reason") ?? textOf(told, "matched_stop");
}
