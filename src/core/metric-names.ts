// The metrics that can be asked for, as one table: name, unit, and how a column and a total are made; and what their
// series can be told apart by. Words alone: knows no cell and no query.

export type MetricUnit = "count" | "perSecond" | "share" | "ms" | "tokens" | "tokensPerSecond" | "usd";

/** What series can be told apart by, and filtered by. */
export const metricDimensions = [
  "api",
  "route",
  "service",
  /** As it was sent to the service. */
  "model",
  "requestedModel",
  "consumer",
  "resourceGroup",
  "stream",
  "status",
  "statusClass",
  "outcome",
  "errorCode",
  /** Trigger of a failed attempt; of `attempts` and `fallbacks` only. */
  "reason",
] as const;

export type MetricDimension = (typeof metricDimensions)[number];

/** `sum`: adds up; `rate`: a sum per second; `share`: of requests, 0 to 1; `percentile`: of a histogram, within 5 %. */
type Making = "sum" | "rate" | "share" | "percentile";

interface MetricRow {
  readonly unit: MetricUnit;
  readonly making: Making;
  readonly text: string;
}

export const metrics = {
  requests: { unit: "count", making: "sum", text: "Exchanges that ended." },
  request_rate: { unit: "perSecond", making: "rate", text: "Exchanges a second." },
  success_rate: {
    unit: "share",
    making: "share",
    text: "Exchanges with a status neither 5xx nor 429, and nothing broken off.",
  },
  failed: { unit: "count", making: "sum", text: "Exchanges that did not succeed." },
  error_rate: { unit: "share", making: "share", text: "One less the success rate." },
  attempts: { unit: "count", making: "sum", text: "Sends to services; by reason: those that failed." },
  fallbacks: { unit: "count", making: "sum", text: "Exchanges that went on to a fallback target." },
  fallback_rate: { unit: "share", making: "share", text: "Share of them." },
  recovered: { unit: "count", making: "sum", text: "Exchanges that a fallback target answered well." },
  limited: { unit: "count", making: "sum", text: "Refused by a limit, a quota or for want of room." },
  blocked: { unit: "count", making: "sum", text: "Blocked by moderation." },
  cache_hits: { unit: "count", making: "sum", text: "Answered from the cache." },
  cache_misses: { unit: "count", making: "sum", text: "Looked for in the cache in vain." },
  saved_tokens: { unit: "tokens", making: "sum", text: "Input and output that reused answers did not cost." },
  saved_cost: { unit: "usd", making: "sum", text: "What those would have cost." },
  input_tokens: { unit: "tokens", making: "sum", text: "Cached and cache-write tokens included." },
  cached_input_tokens: { unit: "tokens", making: "sum", text: "Read from the service's cache." },
  cache_write_tokens: { unit: "tokens", making: "sum", text: "Written to the service's cache." },
  output_tokens: { unit: "tokens", making: "sum", text: "Reasoning included." },
  reasoning_tokens: { unit: "tokens", making: "sum", text: "Thought, not shown." },
  total_tokens: { unit: "tokens", making: "sum", text: "Input and output." },
  cost_usd: { unit: "usd", making: "sum", text: "By the prices of the services." },
  duration_p50: { unit: "ms", making: "percentile", text: "From the request's head to the answer's end." },
  duration_p90: { unit: "ms", making: "percentile", text: "" },
  duration_p95: { unit: "ms", making: "percentile", text: "" },
  duration_p99: { unit: "ms", making: "percentile", text: "" },
  ttft_p50: { unit: "ms", making: "percentile", text: "Time to first data of streams." },
  ttft_p90: { unit: "ms", making: "percentile", text: "" },
  ttft_p95: { unit: "ms", making: "percentile", text: "" },
  ttft_p99: { unit: "ms", making: "percentile", text: "" },
  overhead_p50: { unit: "ms", making: "percentile", text: "Time in the gateway itself." },
  overhead_p99: { unit: "ms", making: "percentile", text: "" },
  output_speed_p50: {
    unit: "tokensPerSecond",
    making: "percentile",
    text: "Output tokens a second of one stream, after its first data.",
  },
  /** One series per bucket, labelled by its upper bound in ms (`le`) in the place of `status`. */
  duration_heat: { unit: "count", making: "sum", text: "Exchanges by duration: a series per bucket." },
  ttft_heat: { unit: "count", making: "sum", text: "Streams by time to first data: a series per bucket." },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof metrics;

/** Whether the series of a metric can be told apart by this; only sends and what followed them have a reason. */
export function hasDimension(name: MetricName, dimension: MetricDimension): boolean {
  return dimension !== "reason" || name === "attempts" || name === "fallbacks";
}

/** Columns that an answer has at most, whatever step was asked for. */
export const maxMetricColumns = 1_500;
