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

/** What an answer consumed that reports no tokens. */
export const noTokens: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};
