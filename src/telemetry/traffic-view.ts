// Counts of cells -> the answer about traffic: sums, percentiles and series, by Model API and in all. The writing side
// is `record-tally.ts`.
import { percentile } from "./log-buckets.ts";
import type { TallyCells } from "./tally-cells.ts";
import type { TallyKey, TallyKeys } from "./tally-keys.ts";
import type { ApiTraffic, Buckets, ModelTraffic, TrafficCounts } from "./traffic-answers.ts";

const maxApis = 1_000;
const maxModels = 10;

const failures: ReadonlySet<string> = new Set(["upstream_error", "timeout", "truncated"]);
const histograms: ReadonlySet<string> = new Set(["ttft", "duration", "overhead"]);

/** What was counted of one Model API, or of all, within a window. */
class TrafficSum {
  readonly #numbers = new Map<string, number>();
  readonly #histograms = new Map<string, Map<number, number>>();
  readonly #series: number[];
  readonly #failedSeries: number[];

  constructor(columns: number) {
    this.#series = Array.from({ length: columns }, () => 0);
    this.#failedSeries = Array.from({ length: columns }, () => 0);
  }

  get requests(): number {
    return this.#series.reduce((sum, count) => sum + count, 0);
  }

  add([kind, part = ""]: TallyKey, amount: number, column: number): void {
    if (histograms.has(kind)) return this.#count(kind, Number(part), amount);
    const name = `${kind} ${part}`;
    this.#numbers.set(name, (this.#numbers.get(name) ?? 0) + amount);
    if (kind !== "outcome") return;
    this.#series[column] = (this.#series[column] ?? 0) + amount;
    if (failures.has(part)) this.#failedSeries[column] = (this.#failedSeries[column] ?? 0) + amount;
  }

  #count(name: string, bucket: number, amount: number): void {
    let counts = this.#histograms.get(name);
    if (counts === undefined) this.#histograms.set(name, (counts = new Map()));
    counts.set(bucket, (counts.get(bucket) ?? 0) + amount);
  }

  result(): TrafficCounts {
    const number = (name: string): number => this.#numbers.get(name) ?? 0;
    const outcome = (name: string): number => number(`outcome ${name}`);
    const share = (name: string, part: number): number | null =>
      percentile(this.#histograms.get(name) ?? new Map(), part);
    return {
      requests: this.requests,
      succeeded: number("succeeded "),
      ok: outcome("ok"),
      failed: [...failures].reduce((sum, name) => sum + outcome(name), 0),
      limited: outcome("limited"),
      blocked: outcome("blocked"),
      clientErrors: outcome("client_error"),
      clientClosed: outcome("client_closed"),
      stream: number("stream "),
      inputTokens: number("input "),
      outputTokens: number("output "),
      fallbacks: number("fallback "),
      ttftP50Ms: share("ttft", 0.5),
      ttftP95Ms: share("ttft", 0.95),
      durationP95Ms: share("duration", 0.95),
      overheadP50Ms: share("overhead", 0.5),
      series: this.#series,
      failedSeries: this.#failedSeries,
    };
  }
}

/** Kinds of counts that are about traffic as a whole. */
const summed: ReadonlySet<string> = new Set([
  ...histograms,
  "outcome",
  "succeeded",
  "stream",
  "fallback",
  "input",
  "output",
]);

export interface TrafficView {
  readonly total: TrafficCounts;
  readonly apis: readonly ApiTraffic[];
  readonly topModels: readonly ModelTraffic[];
}

/** @param lastAt start of a Model API's last exchange */
export function viewTraffic(
  { cells, keys }: { readonly cells: TallyCells; readonly keys: TallyKeys },
  { startMs: fromMs, stepMs, count }: Buckets,
  lastAt: (api: string) => string,
): TrafficView {
  const total = new TrafficSum(count);
  const byApi = new Map<string, TrafficSum>();
  const models = new Map<string, { requests: number; outputTokens: number }>();
  cells.read({ fromMs, toMs: fromMs + count * stepMs }, undefined, (number, amount, slotMs, api) => {
    const key = keys.keyOf(number);
    if (key[0] === "model") return addModel(models, key, amount);
    if (!summed.has(key[0])) return;
    const column = Math.floor((slotMs - fromMs) / stepMs);
    total.add(key, amount, column);
    if (api === "") return;
    let sum = byApi.get(api);
    if (sum === undefined) byApi.set(api, (sum = new TrafficSum(count)));
    sum.add(key, amount, column);
  });
  const busiest = [...byApi].toSorted(([, left], [, right]) => right.requests - left.requests);
  return {
    total: total.result(),
    apis: busiest.slice(0, maxApis).map(([api, sum]) => ({ api, ...sum.result(), lastAt: lastAt(api) })),
    topModels: topModels(models),
  };
}

function addModel(
  models: Map<string, { requests: number; outputTokens: number }>,
  [, model = "", what]: TallyKey,
  amount: number,
): void {
  let row = models.get(model);
  if (row === undefined) models.set(model, (row = { requests: 0, outputTokens: 0 }));
  if (what === "requests") row.requests += amount;
  else row.outputTokens += amount;
}

/** A request that names no model, such as a list of files, is nothing of a model's. */
function topModels(
  models: ReadonlyMap<string, { readonly requests: number; readonly outputTokens: number }>,
): ModelTraffic[] {
  return [...models]
    .filter(([model]) => model !== "")
    .map(([model, counts]) => ({ model, ...counts }))
    .toSorted((left, right) => right.outputTokens - left.outputTokens || right.requests - left.requests)
    .slice(0, maxModels);
}
