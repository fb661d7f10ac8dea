// Usage of OpenAI-compatible services in the counts of the chat form, in all dialects. Must not know where it stood.
import { countOf, memberOf } from "../../../lib/json-value.ts";
import { readOpenaiUsageOf } from "../../../protocols/openai-usage.ts";
import type { ChatUsage } from "../../chat/chat-answer.ts";

/** Of a whole answer or chunk. Undefined where nothing was told. */
export function usageToChat(answer: unknown): ChatUsage | undefined {
  const usage = readOpenaiUsageOf(answer);
  if (usage === undefined) return undefined;
  const { inputTokens, cachedInputTokens, reasoningTokens } = usage;
  // OpenRouter may count what was read as written, too: together they are no more than the input.
  const cacheWriteTokens = Math.min(usage.cacheWriteTokens, Math.max(0, inputTokens - cachedInputTokens));
  const total =
    countOf(memberOf(answer, "usage"), "total_tokens") ??
    countOf(memberOf(memberOf(answer, "x_groq"), "usage"), "total_tokens");
  // xAI counts thinking beside the output, and only the total tells.
  const isApart = reasoningTokens > 0 && total === inputTokens + usage.outputTokens + reasoningTokens;
  const outputTokens = isApart ? usage.outputTokens + reasoningTokens : usage.outputTokens;
  const hasCache = cachedInputTokens > 0 || cacheWriteTokens > 0;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(hasCache
      ? { prompt_tokens_details: { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens } }
      : {}),
    ...(reasoningTokens > 0 ? { completion_tokens_details: { reasoning_tokens: reasoningTokens } } : {}),
  };
}
