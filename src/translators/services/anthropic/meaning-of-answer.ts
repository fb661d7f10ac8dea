// What whole and streamed answers of Anthropic's have in common: why they ended, what they used, what they cite. Must not
// know how they are framed.
import type { AnthropicFigures } from "../../../protocols/anthropic-usage.ts";
import { toUsage } from "../../../protocols/anthropic-usage.ts";
import { isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatUsage, FinishReason } from "../../chat/chat-answer.ts";

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  compaction: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/**
 * @param called whether there are tool calls for the client
 */
export function finishReasonOf(stopReason: unknown, called: boolean): FinishReason {
  const known =
    typeof stopReason === "string" && Object.hasOwn(finishReasons, stopReason)
      ? finishReasons[stopReason]
      : undefined;
  if (known === "tool_calls") return called ? known : "stop";
  return known ?? (called ? "tool_calls" : "stop");
}

/** Anthropic's own words on why it refuses. */
export function refusalOf(stopReason: unknown, details: unknown): string | undefined {
  return stopReason === "refusal" ? textOf(details, "explanation") : undefined;
}

/** Undefined when nothing was reported. */
export function chatUsageOf(figures: AnthropicFigures): ChatUsage | undefined {
  const usage = toUsage(figures);
  if (usage === undefined) return undefined;
  const cached = figures.cacheRead !== undefined || figures.cacheCreation !== undefined;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...(cached && {
      prompt_tokens_details: {
        cached_tokens: usage.cachedInputTokens,
        cache_write_tokens: usage.cacheWriteTokens,
      },
    }),
    ...(figures.thinking !== undefined && {
      completion_tokens_details: { reasoning_tokens: figures.thinking },
    }),
  };
}

/** @param from where the text that cites begins in the whole text; @param to where it ends */
export function annotationOf(citation: unknown, from: number, to: number): JsonObject | undefined {
  if (!isJsonObject(citation) || isRawNumber(citation)) return undefined;
  const url = memberOf(citation, "url");
  const place = { start_index: from, end_index: to };
  if (typeof url === "string") {
    const title = memberOf(citation, "title");
    return {
      type: "url_citation",
      url_citation: { ...place, url, title: typeof title === "string" ? title : "" },
    };
  }
  return { type: "citation", citation: { ...place, ...citation } };
}
