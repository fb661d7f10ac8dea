// Reads the usage object of OpenAI and the services that imitate it. Must not know where it stood.
import type { Usage } from "../core/usage.ts";
import { countOf, memberOf, textOf } from "../lib/json-value.ts";
import { lastMember } from "./last-member.ts";

const usageKey = Buffer.from('"usage"');

/**
 * Usage of a chat, completions, embeddings, rerank, image or transcription answer; undefined when it holds no figure.
 * OpenAI's prompt tokens include the cached ones. Extensions: DeepSeek `prompt_cache_hit_tokens`, Moonshot `cached_tokens`;
 * rerank services report only `total_tokens`.
 */
export function readOpenaiUsage(value: unknown): Usage | undefined {
  const outputTokens = countOf(value, "completion_tokens") ?? countOf(value, "output_tokens");
  const total = countOf(value, "total_tokens");
  const inputTokens =
    countOf(value, "prompt_tokens") ??
    countOf(value, "input_tokens") ??
    (total === undefined ? undefined : Math.max(0, total - (outputTokens ?? 0)));
  const seconds = textOf(value, "type") === "duration" ? countOf(value, "seconds") : undefined;
  if (inputTokens === undefined && outputTokens === undefined && seconds === undefined) return undefined;
  const input = memberOf(value, "prompt_tokens_details") ?? memberOf(value, "input_tokens_details");
  const output = memberOf(value, "completion_tokens_details") ?? memberOf(value, "output_tokens_details");
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cachedInputTokens:
      countOf(input, "cached_tokens") ??
      countOf(value, "prompt_cache_hit_tokens") ??
      countOf(value, "cached_tokens") ??
      0,
    cacheWriteTokens:
      countOf(input, "cache_write_tokens") ?? countOf(input, "cache_creation_input_tokens") ?? 0,
    reasoningTokens: countOf(output, "reasoning_tokens") ?? countOf(value, "reasoning_tokens") ?? 0,
    estimated: false,
    ...(seconds === undefined ? {} : { seconds }),
  };
}

/** Usage of a whole chunk or answer: at its top, or where Groq puts it. */
export function readOpenaiUsageOf(answer: unknown): Usage | undefined {
  return (
    readOpenaiUsage(memberOf(answer, "usage")) ??
    readOpenaiUsage(memberOf(memberOf(answer, "x_groq"), "usage"))
  );
}

/** Usage near the end of a long answer, wherever it stands there. */
export function openaiUsageInTail(tail: Buffer): Usage | undefined {
  return readOpenaiUsage(lastMember(tail, usageKey));
}
