// Cells -> the answer about traffic: sums, percentiles and columns, by Model API and in all. Pure.
import { isoTime } from "../../lib/iso-time.ts";
import { bucketCount, percentileOf } from "../log-buckets.ts";
import type { MetricFilter } from "../metrics-answers.ts";
import type {
  ApiTraffic,
  Buckets,
  ModelTraffic,
  PreviousTraffic,
  TrafficCounts,
} from "../traffic-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import type { Span } from "./part-source.ts";
import { PartRows } from "./part-rows.ts";
import { columnIn, RowFilter } from "./row-filter.ts";
import { otherName } from "./series-names.ts";

const maxApis = 1_000;
const maxModels = 10;

const failures: ReadonlySet<string> = new Set(["upstream_error", "timeout", "truncated"]);
const summed = ["requests", "succeeded", "inputTokens", "outputTokens", "fallbacks", "costUsd"] as const;
const measured = ["ttft", "duration", "overhead"] as const;

type Summed = (typeof summed)[number];
type Measured = (typeof measured)[number];

/** What was counted of one Model API, or of all, within a window. */
class TrafficSum {
  readonly sums: Record<Summed, number> = {
    requests: 0,
    succeeded: 0,
    inputTokens: 0,
    outputTokens: 0,
    fallbacks: 0,
    costUsd: 0,
  };
  readonly #outcomes = new Map<string, number>();
  readonly #histograms = new Map<Measured, Float64Array>();
  readonly #series: number[];
  readonly #failedSeries: number[];
  readonly #streamSeries: number[];
  lastStartMs = 0;

  constructor(columns: number) {
    const zeros = (): number[] => Array.from({ length: columns }, () => 0);
    this.#series = zeros();
    this.#failedSeries = zeros();
    this.#streamSeries = zeros();
  }

  count(requests: number, column: number, outcome: string, isStream: boolean): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + requests);
    addAt(this.#series, column, requests);
    if (failures.has(outcome)) addAt(this.#failedSeries, column, requests);
    if (isStream) addAt(this.#streamSeries, column, requests);
  }

  countsOf(name: Measured): Float64Array {
    let counts = this.#histograms.get(name);
    if (counts === undefined) this.#histograms.set(name, (counts = new Float64Array(bucketCount)));
    return counts;
  }

  add(other: TrafficSum): void {
    for (const name of summed) this.sums[name] += other.sums[name];
    for (const [outcome, count] of other.#outcomes)
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + count);
    for (const [name, counts] of other.#histograms) addAll(this.countsOf(name), counts);
    addAll(this.#series, other.#series);
    addAll(this.#failedSeries, other.#failedSeries);
    addAll(this.#streamSeries, other.#streamSeries);
  }

  result(): TrafficCounts {
    const outcome = (name: string): number => this.#outcomes.get(name) ?? 0;
    const share = (name: Measured, part: number): number | null => percentileOf(this.countsOf(name), part);
    return {
      ...this.sums,
      ok: outcome("ok"),
      failed: [...failures].reduce((sum, name) => sum + outcome(name), 0),
      limited: outcome("limited"),
      blocked: outcome("blocked"),
      clientErrors: outcome("client_error"),
      clientClosed: outcome("client_closed"),
      stream: this.#streamSeries.reduce((sum, count) => sum + count, 0),
      ttftP50Ms: share("ttft", 0.5),
      ttftP95Ms: share("ttft", 0.95),
      durationP95Ms: share("duration", 0.95),
      overheadP50Ms: share("overhead", 0.5),
      series: this.#series,
      failedSeries: this.#failedSeries,
      streamSeries: this.#streamSeries,
    };
  }
}

function addAt(values: number[], index: number, amount: number): void {
  values[index] = (values[index] ?? 0) + amount;
}

function addAll(values: number[] | Float64Array, more: readonly number[] | Float64Array): void {
  for (const [index, amount] of more.entries()) values[index] = (values[index] ?? 0) + amount;
}

export interface TrafficView {
  readonly total: TrafficCounts;
  readonly apis: readonly ApiTraffic[];
  readonly topModels: readonly ModelTraffic[];
}

interface ModelSum {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
}

/** Rows of these resource groups; all of them where none are given. */
export function groupFilters(resourceGroups: readonly string[] | undefined): readonly MetricFilter[] {
  return resourceGroups === undefined
    ? []
    : [{ dimension: "resourceGroup", not: false, values: resourceGroups }];
}

/** @param resourceGroups undefined: of all */
export function viewTraffic(
  parts: Iterable<CellColumns>,
  { startMs, stepMs, count }: Buckets,
  resourceGroups: readonly string[] | undefined,
): TrafficView {
  const byApi = new Map<string, TrafficSum>();
  const models = new Map<string, ModelSum>();
  const filter = new RowFilter(groupFilters(resourceGroups), {
    fromMs: startMs,
    toMs: startMs + count * stepMs,
  });
  for (const columns of parts) {
    const columnOf = columnIn(columns, { startMs, stepMs });
    const rows = new PartRows(columns);
    for (const row of filter.rowsOf(columns)) {
      const api = rows.text("api", row);
      let sum = byApi.get(api);
      if (sum === undefined) byApi.set(api, (sum = new TrafficSum(count)));
      addRow(sum, rows, row, columnOf(row));
      addModel(models, rows, row);
    }
  }
  const total = new TrafficSum(count);
  for (const sum of byApi.values()) total.add(sum);
  const busiest = [...byApi]
    .filter(([api]) => api !== "")
    .toSorted(([, left], [, right]) => right.sums.requests - left.sums.requests);
  return {
    total: total.result(),
    apis: busiest
      .slice(0, maxApis)
      .map(([api, sum]) => ({ api, ...sum.result(), lastAt: isoTime(sum.lastStartMs) })),
    topModels: topModels(models),
  };
}

/** The same sums of the time before, without columns. */
export function viewPrevious(
  parts: Iterable<CellColumns>,
  { fromMs, toMs }: Span,
  resourceGroups: readonly string[] | undefined,
): PreviousTraffic {
  const whole = { startMs: fromMs, stepMs: toMs - fromMs, count: 1 };
  const { total } = viewTraffic(parts, whole, resourceGroups);
  const { requests, succeeded, ttftP50Ms, inputTokens, outputTokens, costUsd, fallbacks, blocked } = total;
  return { requests, succeeded, ttftP50Ms, inputTokens, outputTokens, costUsd, fallbacks, blocked };
}

function addRow(sum: TrafficSum, rows: PartRows, row: number, column: number): void {
  for (const name of summed) sum.sums[name] += rows.sum(name, row);
  for (const name of measured) rows.addCounts(name, row, () => sum.countsOf(name));
  sum.count(
    rows.sum("requests", row),
    column,
    rows.text("outcome", row),
    rows.text("stream", row) === "true",
  );
  sum.lastStartMs = Math.max(sum.lastStartMs, rows.sum("lastStartMs", row));
}

/** A request that names no model, such as a list of files, is nothing of a model's. */
function addModel(models: Map<string, ModelSum>, rows: PartRows, row: number): void {
  const model = rows.text("model", row);
  if (model === "" || model === otherName) return;
  const [inputTokens, outputTokens] = [rows.sum("inputTokens", row), rows.sum("outputTokens", row)];
  // Nothing was sent to a service, and nothing was used: its name is the client's alone.
  if (rows.text("service", row) === "" && inputTokens + outputTokens === 0) return;
  let sum = models.get(model);
  if (sum === undefined)
    models.set(model, (sum = { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }));
  if (rows.text("service", row) !== "") sum.requests += rows.sum("requests", row);
  sum.inputTokens += inputTokens;
  sum.outputTokens += outputTokens;
  sum.costUsd += rows.sum("costUsd", row);
}

function topModels(models: ReadonlyMap<string, ModelSum>): ModelTraffic[] {
  return [...models]
    .map(([model, sums]) => ({ model, ...sums }))
    .toSorted((left, right) => right.outputTokens - left.outputTokens || right.requests - left.requests)
    .slice(0, maxModels);
}
