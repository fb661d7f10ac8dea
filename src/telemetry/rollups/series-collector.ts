// What the selections of one question have in common: each is shown every part once, and once more where it has too many
// groups to hold the columns of all of them. Knows no metric.
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import type { SharedRows } from "./meant-rows.ts";
import type { Columns } from "./metric-span.ts";
import type { RowGroups } from "./row-filter.ts";

/** What every selection of a question shares. */
export interface MetricScope {
  readonly columns: Columns;
  readonly parts: () => Iterable<CellColumns>;
  /** Where something can have been counted. */
  readonly covered: { readonly fromMs: number; readonly toMs: number };
  readonly filters: readonly MetricFilter[];
  readonly rows: SharedRows;
  readonly room: Room;
}

export interface SeriesCollector {
  add(cells: CellColumns): void;
  /** After all parts. @returns whether all must be shown again */
  choose(): boolean;
  series(): MetricSeries[];
}

/** Numbers that a question may hold for groups of which it is not known yet whether they are told apart. */
const usualRoom = 6_000_000;

export class Room {
  #left: number;

  constructor(numbers = usualRoom) {
    this.#left = numbers;
  }

  /** @returns false: there is none, nothing was taken */
  take(numbers: number): boolean {
    if (numbers > this.#left) return false;
    this.#left -= numbers;
    return true;
  }

  giveBack(numbers: number): void {
    this.#left += numbers;
  }
}

/** Which groups are series of their own; the rest is the one behind them. */
export interface Chosen {
  /** Of each group. */
  readonly numbers: Int32Array;
  readonly groups: readonly number[];
  readonly hasOther: boolean;
}

export function choose(weights: readonly number[], top: number, isWhole: boolean): Chosen {
  const sorted = [...weights.keys()]
    .filter((group) => (weights[group] ?? 0) > 0 || isWhole)
    .toSorted((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0));
  const groups = sorted.slice(0, top);
  const numbers = new Int32Array(weights.length).fill(groups.length);
  for (const [series, group] of groups.entries()) numbers[group] = series;
  return { numbers, groups, hasOther: sorted.length > groups.length };
}

/** Values and total by series, in the order of the answer. */
export function told(
  { groupBy }: MetricSelection,
  { labels }: RowGroups,
  { groups, hasOther }: Chosen,
  measured: (series: number) => Pick<MetricSeries, "values" | "total">,
): MetricSeries[] {
  const own = groups.map((group, series) => ({
    labels: Object.fromEntries(groupBy.map((dimension, index) => [dimension, labels[group]?.[index] ?? ""])),
    other: false,
    ...measured(series),
  }));
  const sorted = own.toSorted((one, other) => (other.total ?? -1) - (one.total ?? -1));
  return hasOther ? [...sorted, { labels: {}, other: true, ...measured(groups.length) }] : sorted;
}

/** Seconds of each column in which something can have been counted. */
export function secondsOf({
  columns: { startMs, stepMs, count },
  covered,
}: Pick<MetricScope, "columns" | "covered">): number[] {
  return Array.from({ length: count }, (_, column) => {
    const fromMs = Math.max(startMs + column * stepMs, covered.fromMs);
    const toMs = Math.min(startMs + (column + 1) * stepMs, covered.toMs);
    return Math.max(0, toMs - fromMs) / 1000;
  });
}

/** Shows the parts to all at once, so that each is read once for a whole page. */
export function collect(
  collectors: readonly SeriesCollector[],
  parts: () => Iterable<CellColumns>,
): MetricSeries[][] {
  for (const cells of parts()) for (const collector of collectors) collector.add(cells);
  const again = collectors.filter((collector) => collector.choose());
  if (again.length > 0) for (const cells of parts()) for (const collector of again) collector.add(cells);
  return collectors.map((collector) => collector.series());
}
