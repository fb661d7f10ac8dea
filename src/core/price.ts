// What a model costs, and what an exchange cost by it. Must not know who sets prices.
import type { Usage } from "./usage.ts";

/** USD: per million tokens, per image, per second, per million characters. */
export interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWriteInput: number;
  readonly output: number;
  readonly reasoning: number;
  readonly image: number;
  readonly second: number;
  readonly character: number;
}

const million = 1_000_000;
/** Costs are told to a millionth of a millionth: below it they are noise of the arithmetic. */
const digits = 1e12;

/**
 * Cached and cache-write tokens are part of the input, reasoning tokens are part of the output: each is paid once, at its
 * own price. A service that reports more parts than the whole is paid for its parts.
 */
export function costOf(usage: Usage, price: Price): number {
  const { cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  const plainInput = Math.max(0, usage.inputTokens - cachedInputTokens - cacheWriteTokens);
  const plainOutput = Math.max(0, usage.outputTokens - reasoningTokens);
  const tokens =
    plainInput * price.input +
    cachedInputTokens * price.cachedInput +
    cacheWriteTokens * price.cacheWriteInput +
    plainOutput * price.output +
    reasoningTokens * price.reasoning;
  const { images = 0, seconds = 0, characters = 0 } = usage;
  const units = images * price.image + seconds * price.second + (characters * price.character) / million;
  return roundCost(tokens / million + units);
}

export function roundCost(usd: number): number {
  return Math.round(usd * digits) / digits;
}
