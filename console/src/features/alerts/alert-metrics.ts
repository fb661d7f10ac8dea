// The metrics that an alert can watch, with their units and words. A metric that is missing here does not compile.
import type { MetricName, MetricUnit } from "../../../../src/control/routes/console-answers.ts";
import type { PlainKey } from "../../i18n/messages.ts";
import type { alertMessages } from "./alert-messages.ts";

export type AlertMetric = Exclude<MetricName, "duration_heat" | "ttft_heat">;

interface AlertMetricRow {
  readonly unit: MetricUnit;
  readonly word: PlainKey<typeof alertMessages>;
}

export const alertMetrics: Readonly<Record<AlertMetric, AlertMetricRow>> = {
  error_rate: { unit: "share", word: "mErrorRate" },
  success_rate: { unit: "share", word: "mSuccessRate" },
  failed: { unit: "count", word: "mFailed" },
  requests: { unit: "count", word: "mRequests" },
  request_rate: { unit: "perSecond", word: "mRequestRate" },
  ttft_p50: { unit: "ms", word: "mTtftP50" },
  ttft_p90: { unit: "ms", word: "mTtftP90" },
  ttft_p95: { unit: "ms", word: "mTtftP95" },
  ttft_p99: { unit: "ms", word: "mTtftP99" },
  duration_p50: { unit: "ms", word: "mDurationP50" },
  duration_p90: { unit: "ms", word: "mDurationP90" },
  duration_p95: { unit: "ms", word: "mDurationP95" },
  duration_p99: { unit: "ms", word: "mDurationP99" },
  overhead_p50: { unit: "ms", word: "mOverheadP50" },
  overhead_p99: { unit: "ms", word: "mOverheadP99" },
  output_speed_p50: { unit: "tokensPerSecond", word: "mSpeed" },
  fallback_rate: { unit: "share", word: "mFallbackRate" },
  fallbacks: { unit: "count", word: "mFallbacks" },
  recovered: { unit: "count", word: "mRecovered" },
  attempts: { unit: "count", word: "mAttempts" },
  limited: { unit: "count", word: "mLimited" },
  blocked: { unit: "count", word: "mBlocked" },
  cache_hits: { unit: "count", word: "mCacheHits" },
  cache_misses: { unit: "count", word: "mCacheMisses" },
  saved_tokens: { unit: "tokens", word: "mSavedTokens" },
  saved_cost: { unit: "usd", word: "mSavedCost" },
  cost_usd: { unit: "usd", word: "mCost" },
  total_tokens: { unit: "tokens", word: "mTotalTokens" },
  input_tokens: { unit: "tokens", word: "mInputTokens" },
  cached_input_tokens: { unit: "tokens", word: "mCachedTokens" },
  cache_write_tokens: { unit: "tokens", word: "mCacheWriteTokens" },
  output_tokens: { unit: "tokens", word: "mOutputTokens" },
  reasoning_tokens: { unit: "tokens", word: "mReasoningTokens" },
};

// The table has these keys and no others.
export const alertMetricNames = Object.keys(alertMetrics) as readonly AlertMetric[];

/** What a threshold is typed in: percent instead of a share. */
export function shownThreshold(value: number, unit: MetricUnit): number {
  return unit === "share" ? Number((value * 100).toPrecision(12)) : value;
}

export function storedThreshold(shown: number, unit: MetricUnit): number {
  return unit === "share" ? Number((shown / 100).toPrecision(12)) : shown;
}
