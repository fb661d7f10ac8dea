// What figures, ends and citations of the Responses protocol mean in chat form. Must not know whether they were streamed.
import { countOf, isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { readOpenaiUsage } from "../../../protocols/openai-usage.ts";
import { openaiStatus } from "../../../protocols/openai-stream.ts";
import { isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatUsage, FinishReason } from "../../chat/chat-answer.ts";

export function chatUsageOf(value: unknown): ChatUsage | undefined {
  const usage = readOpenaiUsage(value);
  if (usage === undefined) return undefined;
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: countOf(value, "total_tokens") ?? inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cachedInputTokens,
      ...(cacheWriteTokens === 0 ? {} : { cache_write_tokens: cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

/** @param response whose state is `completed` or `incomplete` */
export function finishReasonOf(response: unknown, hasCalls: boolean): FinishReason {
  if (memberOf(response, "status") === "incomplete") {
    const reason = textOf(memberOf(response, "incomplete_details"), "reason");
    return reason === "content_filter" ? "content_filter" : "length";
  }
  return hasCalls ? "tool_calls" : "stop";
}

/** What a response reports that is no answer; undefined for one that is. */
export function failureOf(response: unknown): ReportedError | undefined {
  const error = memberOf(response, "error");
  const status = memberOf(response, "status");
  if (isErrorValue(error) || status === "failed") {
    const found = readError(isErrorValue(error) ? error : {});
    return { ...found, status: openaiStatus(found.status) };
  }
  if (status === "cancelled") return { status: 502, message: "The model service cancelled the answer." };
  return undefined;
}

/** Citations as a chat completion has them. @param from characters of the answer before the part */
export function annotationOf(annotation: unknown, from: number): JsonObject | undefined {
  if (!isJsonObject(annotation)) return undefined;
  const { type, ...rest } = annotation;
  if (type !== "url_citation") return annotation;
  return {
    type,
    url_citation: { ...rest, ...moved(rest, "start_index", from), ...moved(rest, "end_index", from) },
  };
}

function moved(citation: JsonObject, name: string, from: number): JsonObject {
  const index = countOf(citation, name);
  return index === undefined ? {} : { [name]: index + from };
}

/** The words of thinking: in full where they are told, else their summaries. */
export function thinkingOf(item: unknown): string {
  const full = listOf(item, "content");
  const texts = (full.length > 0 ? full : listOf(item, "summary")).map((part) => memberOf(part, "text"));
  return texts.filter((text) => typeof text === "string").join("\n\n");
}

/** Custom tools, which no request of ours has, take plain text. */
export function argumentsOf(item: unknown): string {
  if (memberOf(item, "type") === "custom_tool_call")
    return JSON.stringify({ input: memberOf(item, "input") ?? "" });
  const text = memberOf(item, "arguments");
  return typeof text === "string" ? text : isJsonObject(text) ? JSON.stringify(text) : "";
}

export function isCall(item: unknown): boolean {
  const type = memberOf(item, "type");
  return type === "function_call" || type === "custom_tool_call";
}
