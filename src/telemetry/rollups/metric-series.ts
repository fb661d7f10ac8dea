// One selection of a question about metrics -> its series: the groups with the most, and all others as one. Two looks
// at the cells: one for the sums of the groups, one for the columns of those that are told apart.
import type { MetricName } from "../../core/metric-names.ts";
import { bucketCount, boundOf, percentileOf } from "../log-buckets.ts";
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns, Column } from "./cell-codec.ts";
import { histogramIndex, sumIndex, type CellHistogram } from "./cell-layout.ts";
import type { Columns } from "./metric-span.ts";
import type { Making, Terms } from "./metric-table.ts";
import type { Span } from "./part-source.ts";
import { columnIn, isRowDimension, RowFilter, RowGroups } from "./row-filter.ts";

/** What every selection of a question shares. */
export interface MetricScope {
  readonly columns: Columns;
  readonly parts: () => Iterable<CellColumns>;
  /** Where something can have been counted. */
  readonly covered: { readonly fromMs: number; readonly toMs: number };
  readonly filters: readonly MetricFilter[];
}

/** Rows that are meant, with the series of each. */
interface Rows {
  readonly rows: Uint32Array;
  readonly groups: Int32Array;
}

class GroupedRows {
  readonly groups: RowGroups;
  readonly #filter: RowFilter;

  constructor({ groupBy }: MetricSelection, filters: readonly MetricFilter[], span: Span) {
    this.groups = new RowGroups(groupBy.filter(isRowDimension));
    this.#filter = new RowFilter(filters, span);
  }

  of(columns: CellColumns): Rows {
    const rows = this.#filter.rowsOf(columns);
    return { rows, groups: this.groups.groupsOf(columns, rows) };
  }
}

/** Which groups are series of their own; the rest is the one behind them. */
interface Chosen {
  /** Of each group. */
  readonly numbers: Int32Array;
  readonly groups: readonly number[];
  readonly hasOther: boolean;
}

function choose(weights: readonly number[], top: number, isWhole: boolean): Chosen {
  const sorted = [...weights.keys()]
    .filter((group) => (weights[group] ?? 0) > 0 || isWhole)
    .toSorted((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0));
  const groups = sorted.slice(0, top);
  const numbers = new Int32Array(weights.length).fill(groups.length);
  for (const [series, group] of groups.entries()) numbers[group] = series;
  return { numbers, groups, hasOther: sorted.length > groups.length };
}

export function seriesOf(
  selection: MetricSelection & { readonly name: MetricName },
  making: Making,
  scope: MetricScope,
): MetricSeries[] {
  const filters = [...scope.filters, ...selection.filters, ...filtersOf(making)];
  const grouped = new GroupedRows(selection, filters, spanOf(scope.columns));
  switch (making.kind) {
    case "sum":
      return sumSeries(selection, grouped, scope, making);
    case "share":
      return shareSeries(selection, grouped, scope, making.of);
    case "percentile":
      return percentileSeries(selection, grouped, scope, making);
    case "heat":
      return heatSeries(grouped, scope, making.of);
  }
}

function filtersOf(making: Making): MetricFilter[] {
  if (making.kind !== "sum" || making.outcome === undefined) return [];
  return [{ dimension: "outcome", not: false, values: [making.outcome] }];
}

type Adder = (row: number) => number;

/** Gives the value of a row. */
function reader(cells: CellColumns, { plus, minus = [] }: Terms): Adder {
  const added = plus.map((name) => cells.sum(sumIndex[name])).filter((column) => column !== undefined);
  const taken = minus.map((name) => cells.sum(sumIndex[name])).filter((column) => column !== undefined);
  const [only] = added;
  if (only !== undefined && added.length === 1 && taken.length === 0) return (row) => only[row] ?? 0;
  const total = (columns: readonly Column[], row: number): number =>
    columns.reduce((sum, column) => sum + (column[row] ?? 0), 0);
  return (row) => total(added, row) - total(taken, row);
}

function weigh(grouped: GroupedRows, { parts }: MetricScope, terms: Terms): number[] {
  const weights: number[] = [];
  for (const cells of parts()) {
    const { rows, groups } = grouped.of(cells);
    const valueOf = reader(cells, terms);
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      weights[group] = (weights[group] ?? 0) + valueOf(rows[at] ?? 0);
    }
  }
  return grouped.groups.labels.map((_labels, group) => weights[group] ?? 0);
}

/** Adds up by series and column. */
function fill(
  grouped: GroupedRows,
  { parts, columns }: MetricScope,
  chosen: Chosen,
  terms: Terms,
): Float64Array[] {
  const filled = Array.from({ length: chosen.groups.length + 1 }, () => new Float64Array(columns.count));
  for (const cells of parts()) {
    const columnOf = columnIn(cells, columns);
    const { rows, groups } = grouped.of(cells);
    const valueOf = reader(cells, terms);
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const values = filled[chosen.numbers[groups[at] ?? 0] ?? 0];
      const column = columnOf(row);
      if (values !== undefined) values[column] = (values[column] ?? 0) + valueOf(row);
    }
  }
  return filled;
}

/** Values and total by series, in the order of the answer. */
function told(
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

function sumSeries(
  selection: MetricSelection,
  grouped: GroupedRows,
  scope: MetricScope,
  { of, perSecond }: { readonly of: Terms; readonly perSecond?: true },
): MetricSeries[] {
  const chosen = choose(weigh(grouped, scope, of), selection.top, selection.groupBy.length === 0);
  const filled = fill(grouped, scope, chosen, of);
  const seconds = secondsOf(scope);
  const all = seconds.reduce((sum, one) => sum + one, 0);
  return told(selection, grouped.groups, chosen, (series) => {
    const values = [...(filled[series] ?? [])];
    const total = values.reduce((sum, value) => sum + value, 0);
    const rate = (value: number, during: number): number =>
      perSecond === true ? value / Math.max(during, 1) : value;
    return {
      values: values.map((value, column) => {
        const during = seconds[column] ?? 0;
        return during === 0 && value === 0 ? null : rate(value, during);
      }),
      total: all === 0 && total === 0 ? null : rate(total, all),
    };
  });
}

export function spanOf({ startMs, stepMs, count }: Columns): Span {
  return { fromMs: startMs, toMs: startMs + count * stepMs };
}

/** Seconds of each column in which something can have been counted. */
export function secondsOf({ columns: { startMs, stepMs, count }, covered }: MetricScope): number[] {
  return Array.from({ length: count }, (_, column) => {
    const fromMs = Math.max(startMs + column * stepMs, covered.fromMs);
    const toMs = Math.min(startMs + (column + 1) * stepMs, covered.toMs);
    return Math.max(0, toMs - fromMs) / 1000;
  });
}

const requests: Terms = { plus: ["requests"] };

function shareSeries(
  selection: MetricSelection,
  grouped: GroupedRows,
  scope: MetricScope,
  of: Terms,
): MetricSeries[] {
  const chosen = choose(weigh(grouped, scope, requests), selection.top, selection.groupBy.length === 0);
  const parts = fill(grouped, scope, chosen, of);
  const wholes = fill(grouped, scope, chosen, requests);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const sumOf = (values: Float64Array | undefined): number =>
    values?.reduce((sum, value) => sum + value, 0) ?? 0;
  return told(selection, grouped.groups, chosen, (series) => ({
    values: [...(wholes[series] ?? [])].map((whole, column) => share(parts[series]?.[column] ?? 0, whole)),
    total: share(sumOf(parts[series]), sumOf(wholes[series])),
  }));
}

/** Calls `visit` for every count of the rows. */
function eachCount(
  cells: CellColumns,
  of: CellHistogram,
  { rows, groups }: Rows,
  visit: (group: number, bucket: number, count: number, row: number) => void,
): void {
  const entries = cells.histogram(histogramIndex[of]);
  if (entries === undefined) return;
  const { ends, buckets, counts } = entries;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    const group = groups[at] ?? 0;
    const end = ends[row] ?? 0;
    for (let entry = row === 0 ? 0 : (ends[row - 1] ?? 0); entry < end; entry += 1)
      visit(group, buckets[entry] ?? 0, counts[entry] ?? 0, row);
  }
}

/** Series are chosen by how much was measured, not by the percentile: one slow exchange is no series of interest. */
function percentileSeries(
  selection: MetricSelection,
  grouped: GroupedRows,
  scope: MetricScope,
  { of, share }: { readonly of: CellHistogram; readonly share: number },
): MetricSeries[] {
  const { columns } = scope;
  const weights: number[] = [];
  for (const cells of scope.parts())
    eachCount(cells, of, grouped.of(cells), (group, _bucket, count) => {
      weights[group] = (weights[group] ?? 0) + count;
    });
  const all = grouped.groups.labels.map((_labels, group) => weights[group] ?? 0);
  const chosen = choose(all, selection.top, selection.groupBy.length === 0);
  const filled: (Uint32Array | undefined)[][] = Array.from({ length: chosen.groups.length + 1 }, () => []);
  for (const cells of scope.parts()) {
    const columnOf = columnIn(cells, columns);
    eachCount(cells, of, grouped.of(cells), (group, bucket, count, row) => {
      const series = filled[chosen.numbers[group] ?? 0];
      if (series === undefined) return;
      const counts = (series[columnOf(row)] ??= new Uint32Array(bucketCount));
      counts[bucket] = (counts[bucket] ?? 0) + count;
    });
  }
  return told(selection, grouped.groups, chosen, (series) => {
    const total = new Float64Array(bucketCount);
    const values = Array.from({ length: columns.count }, (_, column) => {
      const counts = filled[series]?.[column];
      if (counts === undefined) return null;
      for (const [bucket, count] of counts.entries()) total[bucket] = (total[bucket] ?? 0) + count;
      return percentileOf(counts, share);
    });
    return { values, total: percentileOf(total, share) };
  });
}

/** So many buckets are one band of a heat map: each band is half as long again as the one before. */
const bandBuckets = 4;

/** A series per band, the shortest first. */
function heatSeries(grouped: GroupedRows, scope: MetricScope, of: CellHistogram): MetricSeries[] {
  const { columns } = scope;
  const bands: (Float64Array | undefined)[] = [];
  for (const cells of scope.parts()) {
    const columnOf = columnIn(cells, columns);
    eachCount(cells, of, grouped.of(cells), (_group, bucket, count, row) => {
      const values = (bands[Math.ceil(bucket / bandBuckets)] ??= new Float64Array(columns.count));
      const column = columnOf(row);
      values[column] = (values[column] ?? 0) + count;
    });
  }
  const seconds = secondsOf(scope);
  return [...bands.entries()].flatMap(([band, counts]) => {
    if (counts === undefined) return [];
    return {
      labels: { status: String(Number(boundOf(band * bandBuckets).toPrecision(3))) },
      other: false,
      values: Array.from(counts, (count, column) => (count === 0 && seconds[column] === 0 ? null : count)),
      total: counts.reduce((sum, count) => sum + count, 0),
    };
  });
}
