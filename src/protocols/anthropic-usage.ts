// Reads Anthropic's usage objects, which come in parts. Must not know where they stood.
import type { Usage } from "../core/usage.ts";
import { countOf, memberOf } from "../lib/json-value.ts";

/** The figures as last reported; undefined = never. */
export interface AnthropicFigures {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheCreation: number | undefined;
  readonly thinking: number | undefined;
}

export const noAnthropicFigures: AnthropicFigures = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheCreation: undefined,
  thinking: undefined,
};

/** Figures are cumulative: a later object overrides what it holds and leaves the rest. */
export function mergeAnthropicUsage(earlier: AnthropicFigures, usage: unknown): AnthropicFigures {
  return {
    input: countOf(usage, "input_tokens") ?? earlier.input,
    output: countOf(usage, "output_tokens") ?? earlier.output,
    cacheRead: countOf(usage, "cache_read_input_tokens") ?? earlier.cacheRead,
    cacheCreation: countOf(usage, "cache_creation_input_tokens") ?? earlier.cacheCreation,
    thinking: countOf(memberOf(usage, "output_tokens_details"), "thinking_tokens") ?? earlier.thinking,
  };
}

/** Anthropic counts cached tokens apart from `input_tokens`; here the input includes them. Undefined when nothing was reported. */
export function toUsage(figures: AnthropicFigures): Usage | undefined {
  const { input, output, cacheRead, cacheCreation, thinking } = figures;
  // Libraries of clients want figures where a service told none: zeros in all places are not what was consumed.
  if (!input && !output && !cacheRead && !cacheCreation) return undefined;
  return {
    inputTokens: (input ?? 0) + (cacheRead ?? 0) + (cacheCreation ?? 0),
    outputTokens: output ?? 0,
    cachedInputTokens: cacheRead ?? 0,
    cacheWriteTokens: cacheCreation ?? 0,
    reasoningTokens: thinking ?? 0,
    estimated: false,
  };
}
