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
  readonly images?: number;
  readonly seconds?: number;
  readonly characters?: number;
}
