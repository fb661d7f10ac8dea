// What an exchange consumed. Must not know where on the wire the figures stood.

/** Units consumed by one exchange. `inputTokens` includes cached and cache-write tokens in every protocol. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** True when counted by the gateway because the service reported nothing. */
  readonly estimated: boolean;
  /** Images made. */
  readonly images?: number;
  /** Seconds of video or audio, made or read. */
  readonly seconds?: number;
  /** Characters spoken. */
  readonly characters?: number;
  /** Queries ranked, as rerank services bill them. */
  readonly searches?: number;
}

/** Units that are no tokens. */
export type Units = Pick<Usage, "images" | "seconds" | "characters" | "searches">;

/** What two answers consumed together. */
export function addUsage(left: Usage, right: Usage): Usage {
  const sum: { -readonly [Field in keyof Usage]: Usage[Field] } = {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    estimated: left.estimated || right.estimated,
  };
  for (const unit of units) {
    if (left[unit] !== undefined || right[unit] !== undefined)
      sum[unit] = (left[unit] ?? 0) + (right[unit] ?? 0);
  }
  return sum;
}

const units = ["images", "seconds", "characters", "searches"] as const;

/** What an answer consumed that reports no tokens. */
export const noTokens: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};
