// Sums of groups by column -> series: amounts, rates and shares.
import type { MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns, Column } from "./cell-codec.ts";
import { sumIndex } from "./cell-layout.ts";
import type { Grouped, GroupedRows } from "./meant-rows.ts";
import type { Terms } from "./metric-table.ts";
import {
  choose,
  secondsOf,
  told,
  type Chosen,
  type MetricScope,
  type SeriesCollector,
} from "./series-collector.ts";

/** Gives the value of a row; undefined: all are zero. */
function reader(cells: CellColumns, { plus, minus = [] }: Terms): ((row: number) => number) | undefined {
  const added = plus.map((name) => cells.sum(sumIndex[name])).filter((column) => column !== undefined);
  const taken = minus.map((name) => cells.sum(sumIndex[name])).filter((column) => column !== undefined);
  const [first, second] = added;
  if (taken.length === 0) {
    if (first === undefined) return undefined;
    if (second === undefined) return (row) => first[row] ?? 0;
    if (added.length === 2) return (row) => (first[row] ?? 0) + (second[row] ?? 0);
  }
  const total = (columns: readonly Column[], row: number): number =>
    columns.reduce((sum, column) => sum + (column[row] ?? 0), 0);
  return (row) => total(added, row) - total(taken, row);
}

/** Values by group, then column, of one sum of cells. */
class GroupSums {
  readonly terms: Terms;
  filled: (Float64Array | undefined)[] = [];

  constructor(terms: Terms) {
    this.terms = terms;
  }

  sumOf(group: number): number {
    return this.filled[group]?.reduce((sum, value) => sum + value, 0) ?? 0;
  }
}

/** Of the last of the sums is decided which groups stand alone. */
class SumCollector implements SeriesCollector {
  readonly #selection: MetricSelection;
  readonly #grouped: GroupedRows;
  readonly #scope: MetricScope;
  readonly #sums: readonly GroupSums[];
  readonly #seriesOf: SumView;
  /** Undefined as long as every group has its own columns. */
  #weights: number[] | undefined;
  #taken = 0;
  #chosen: Chosen | undefined;

  constructor(
    selection: MetricSelection,
    grouped: GroupedRows,
    scope: MetricScope,
    { terms, seriesOf }: { readonly terms: readonly Terms[]; readonly seriesOf: SumView },
  ) {
    this.#selection = selection;
    this.#grouped = grouped;
    this.#scope = scope;
    this.#sums = terms.map((each) => new GroupSums(each));
    this.#seriesOf = seriesOf;
  }

  add(cells: CellColumns): void {
    const found = this.#grouped.of(cells);
    if (this.#chosen === undefined && !this.#makeRoom()) return this.#weigh(cells, found);
    const numbers = this.#chosen?.numbers;
    const { rows, columns, groups } = found;
    for (const { terms, filled } of this.#sums) {
      const valueOf = reader(cells, terms);
      if (valueOf === undefined) continue;
      for (let at = 0; at < rows.length; at += 1) {
        const group = groups[at] ?? 0;
        const values = filled[numbers === undefined ? group : (numbers[group] ?? 0)];
        const column = columns[at] ?? 0;
        if (values !== undefined) values[column] = (values[column] ?? 0) + valueOf(rows[at] ?? 0);
      }
    }
  }

  /** @returns false when there are too many groups to hold the columns of each */
  #makeRoom(): boolean {
    if (this.#weights !== undefined) return false;
    const { count } = this.#scope.columns;
    const known = this.#sums[0]?.filled.length ?? 0;
    const added = this.#grouped.groups.labels.length - known;
    if (added === 0) return true;
    const numbers = added * count * this.#sums.length;
    if (!this.#scope.room.take(numbers)) {
      this.#weights = Array.from({ length: known }, (_, group) => this.#sums.at(-1)?.sumOf(group) ?? 0);
      this.#scope.room.giveBack(this.#taken);
      for (const sums of this.#sums) sums.filled = [];
      return false;
    }
    this.#taken += numbers;
    for (const { filled } of this.#sums)
      for (let group = 0; group < added; group += 1) filled.push(new Float64Array(count));
    return true;
  }

  #weigh(cells: CellColumns, { rows, groups }: Grouped): void {
    const weights = (this.#weights ??= []);
    const terms = this.#sums.at(-1)?.terms;
    const valueOf = terms === undefined ? undefined : reader(cells, terms);
    if (valueOf === undefined) return;
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      weights[group] = (weights[group] ?? 0) + valueOf(rows[at] ?? 0);
    }
  }

  choose(): boolean {
    const { groupBy, top } = this.#selection;
    const weights = this.#weights;
    const all = this.#grouped.groups.labels.map((_labels, group) =>
      weights === undefined ? (this.#sums.at(-1)?.sumOf(group) ?? 0) : (weights[group] ?? 0),
    );
    const chosen = choose(all, top, groupBy.length === 0);
    this.#chosen = chosen;
    for (const sums of this.#sums)
      sums.filled = weights === undefined ? this.#brought(sums.filled, chosen) : this.#empty(chosen);
    return weights !== undefined;
  }

  #empty({ groups }: Chosen): Float64Array[] {
    return Array.from({ length: groups.length + 1 }, () => new Float64Array(this.#scope.columns.count));
  }

  /** Series from groups. */
  #brought(filled: readonly (Float64Array | undefined)[], chosen: Chosen): Float64Array[] {
    const series = this.#empty(chosen);
    for (const [group, values] of filled.entries()) {
      const into = series[chosen.numbers[group] ?? 0];
      if (into === undefined || values === undefined) continue;
      for (let column = 0; column < into.length; column += 1)
        into[column] = (into[column] ?? 0) + (values[column] ?? 0);
    }
    return series;
  }

  series(): MetricSeries[] {
    if (this.#chosen === undefined) return [];
    const measured = this.#seriesOf(this.#sums.map(({ filled }) => filled));
    return told(this.#selection, this.#grouped.groups, this.#chosen, measured);
  }
}

type Filled = readonly (Float64Array | undefined)[];
/** Sums by series -> values and total of one. */
type SumView = (sums: readonly Filled[]) => (series: number) => Pick<MetricSeries, "values" | "total">;

export function sumCollector(
  selection: MetricSelection,
  grouped: GroupedRows,
  scope: MetricScope,
  { of, perSecond }: { readonly of: Terms; readonly perSecond?: true },
): SeriesCollector {
  const seconds = secondsOf(scope);
  const all = seconds.reduce((sum, one) => sum + one, 0);
  const rate = (value: number, during: number): number =>
    perSecond === true ? value / Math.max(during, 1) : value;
  const seriesOf: SumView =
    ([filled]) =>
    (series) => {
      const values = [...(filled?.[series] ?? [])];
      const total = values.reduce((sum, value) => sum + value, 0);
      return {
        values: values.map((value, column) => {
          const during = seconds[column] ?? 0;
          return during === 0 && value === 0 ? null : rate(value, during);
        }),
        total: all === 0 && total === 0 ? null : rate(total, all),
      };
    };
  return new SumCollector(selection, grouped, scope, { terms: [of], seriesOf });
}

const requests: Terms = { plus: ["requests"] };

export function shareCollector(
  selection: MetricSelection,
  grouped: GroupedRows,
  scope: MetricScope,
  of: Terms,
): SeriesCollector {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const sumOf = (values: Float64Array | undefined): number =>
    values?.reduce((sum, value) => sum + value, 0) ?? 0;
  const seriesOf: SumView =
    ([parts, wholes]) =>
    (series) => ({
      values: [...(wholes?.[series] ?? [])].map((whole, column) =>
        share(parts?.[series]?.[column] ?? 0, whole),
      ),
      total: share(sumOf(parts?.[series]), sumOf(wholes?.[series])),
    });
  return new SumCollector(selection, grouped, scope, { terms: [of, requests], seriesOf });
}
