// What can be asked of the roll-ups, and what they answer. Types only; `src/core/metric-names.ts` has the table of metrics.
import type { MetricDimension, MetricName, MetricUnit } from "../core/metric-names.ts";

export type { MetricDimension, MetricUnit };

export interface MetricFilter {
  readonly dimension: MetricDimension;
  readonly not: boolean;
  /** One of these; `*` and `?` as in logs. */
  readonly values: readonly string[];
}

export interface MetricSelection {
  readonly name: MetricName;
  /** At most two; empty = one series. */
  readonly groupBy: readonly MetricDimension[];
  /** Series at most, those with the highest totals; the rest are one with `other: true`. 1 to 100. */
  readonly top: number;
  /** In addition to the filters of the whole query. */
  readonly filters: readonly MetricFilter[];
}

export interface MetricsQuery {
  /** Milliseconds since 1970; widened to whole steps. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: chosen so that there are at most 300 columns. A multiple of 10 s. */
  readonly stepMs: number | null;
  readonly filters: readonly MetricFilter[];
  /** 1 to 40. */
  readonly selections: readonly MetricSelection[];
}

export interface MetricSeries {
  /** Empty where everything is one series. */
  readonly labels: Readonly<Partial<Record<MetricDimension, string>>>;
  /** What was too much to be told apart. */
  readonly other: boolean;
  /** One value per column; null = nothing was measured. */
  readonly values: readonly (number | null)[];
  /** Over the whole span: the sum, or the same percentile or share. */
  readonly total: number | null;
}

export interface MetricAnswer {
  readonly name: MetricName;
  readonly unit: MetricUnit;
  readonly groupBy: readonly MetricDimension[];
  /** Highest total first. */
  readonly series: readonly MetricSeries[];
}

/** `GET` and `POST /api/v1/metrics/query` */
export interface MetricsAnswer {
  readonly startMs: number;
  readonly stepMs: number;
  readonly columns: number;
  /** In the order of the selections. */
  readonly metrics: readonly MetricAnswer[];
  /** False while records are still being read in, or when they do not reach back to the start. */
  readonly complete: boolean;
  /** ISO 8601: end of the oldest exchange that is counted; null without any. */
  readonly since: string | null;
  readonly tookMs: number;
}

export type UsageDimension = Extract<
  MetricDimension,
  "api" | "model" | "consumer" | "service" | "resourceGroup"
>;

export interface UsageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly groupBy: readonly UsageDimension[];
  readonly filters: readonly MetricFilter[];
}

export interface UsageRow {
  readonly labels: Readonly<Partial<Record<UsageDimension, string>>>;
  readonly requests: number;
  /** Requests whose tokens the gateway had to count itself. */
  readonly estimatedRequests: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly images: number;
  readonly seconds: number;
  readonly characters: number;
  readonly costUsd: number;
}

/** `GET /api/v1/usage` */
export interface UsageAnswer {
  /** ISO 8601: widened to what is kept, whole minutes or hours. */
  readonly from: string;
  readonly to: string;
  /** Highest cost first, then most tokens; at most 1,000. */
  readonly items: readonly UsageRow[];
  readonly total: UsageRow;
  readonly complete: boolean;
}
