// How each metric is made of what cells hold, as a table. `src/core/metric-names.ts` has their names and units.
import type { MetricName } from "../../core/metric-names.ts";
import type { CellHistogram, CellSum } from "./cell-layout.ts";

/** A sum of some, less others. */
export interface Terms {
  readonly plus: readonly CellSum[];
  readonly minus?: readonly CellSum[];
}

export type Making =
  | { readonly kind: "sum"; readonly of: Terms; readonly outcome?: string; readonly perSecond?: true }
  | { readonly kind: "share"; readonly of: Terms }
  | { readonly kind: "percentile"; readonly of: CellHistogram; readonly share: number }
  | { readonly kind: "heat"; readonly of: CellHistogram };

const sum = (...plus: readonly CellSum[]): Making => ({ kind: "sum", of: { plus } });
const outcome = (name: string): Making => ({ kind: "sum", of: { plus: ["requests"] }, outcome: name });
const percentile = (of: CellHistogram, share: number): Making => ({ kind: "percentile", of, share });
const failed: Terms = { plus: ["requests"], minus: ["succeeded"] };

export const makings: Readonly<Record<MetricName, Making>> = {
  requests: sum("requests"),
  request_rate: { kind: "sum", of: { plus: ["requests"] }, perSecond: true },
  success_rate: { kind: "share", of: { plus: ["succeeded"] } },
  failed: { kind: "sum", of: failed },
  error_rate: { kind: "share", of: failed },
  attempts: sum("attempts"),
  fallbacks: sum("fallbacks"),
  fallback_rate: { kind: "share", of: { plus: ["fallbacks"] } },
  recovered: sum("recovered"),
  limited: outcome("limited"),
  blocked: outcome("blocked"),
  cache_hits: sum("cacheHits"),
  cache_misses: sum("cacheMisses"),
  saved_tokens: sum("savedInputTokens", "savedOutputTokens"),
  saved_cost: sum("savedCostUsd"),
  input_tokens: sum("inputTokens"),
  cached_input_tokens: sum("cachedInputTokens"),
  cache_write_tokens: sum("cacheWriteTokens"),
  output_tokens: sum("outputTokens"),
  reasoning_tokens: sum("reasoningTokens"),
  total_tokens: sum("inputTokens", "outputTokens"),
  cost_usd: sum("costUsd"),
  duration_p50: percentile("duration", 0.5),
  duration_p90: percentile("duration", 0.9),
  duration_p95: percentile("duration", 0.95),
  duration_p99: percentile("duration", 0.99),
  ttft_p50: percentile("ttft", 0.5),
  ttft_p90: percentile("ttft", 0.9),
  ttft_p95: percentile("ttft", 0.95),
  ttft_p99: percentile("ttft", 0.99),
  overhead_p50: percentile("overhead", 0.5),
  overhead_p99: percentile("overhead", 0.99),
  output_speed_p50: percentile("speed", 0.5),
  duration_heat: { kind: "heat", of: "duration" },
  ttft_heat: { kind: "heat", of: "ttft" },
};
