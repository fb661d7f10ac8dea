// Counts by bucket of groups by column -> series: percentiles, and the bands of a heat map.
import { boundOf, bucketCount, percentileOf } from "../log-buckets.ts";
import type { MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import { histogramIndex, type CellHistogram } from "./cell-layout.ts";
import type { GroupedRows, MeantRows } from "./meant-rows.ts";
import {
  choose,
  secondsOf,
  told,
  type Chosen,
  type MetricScope,
  type SeriesCollector,
} from "./series-collector.ts";

/** By column. */
type Counts = (Uint32Array | undefined)[];

/** Series are chosen by how much was measured, not by the percentile: one slow exchange is no series of interest. */
export class PercentileCollector implements SeriesCollector {
  readonly #selection: MetricSelection;
  readonly #grouped: GroupedRows;
  readonly #scope: MetricScope;
  readonly #of: CellHistogram;
  readonly #share: number;
  readonly #weights: number[] = [];
  /** By group until some are chosen, then by series; undefined while there are too many groups to be held. */
  #filled: Counts[] | undefined = [];
  #taken = 0;
  #chosen: Chosen | undefined;

  constructor(
    selection: MetricSelection,
    grouped: GroupedRows,
    scope: MetricScope,
    { of, share }: { readonly of: CellHistogram; readonly share: number },
  ) {
    this.#selection = selection;
    this.#grouped = grouped;
    this.#scope = scope;
    this.#of = of;
    this.#share = share;
  }

  add(cells: CellColumns): void {
    const entries = cells.histogram(histogramIndex[this.#of]);
    if (entries === undefined) return;
    const { ends, buckets, counts } = entries;
    const { rows, columns, groups } = this.#grouped.of(cells);
    const chosen = this.#chosen;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const end = ends[row] ?? 0;
      let entry = row === 0 ? 0 : (ends[row - 1] ?? 0);
      if (entry === end) continue;
      const group = groups[at] ?? 0;
      const into = this.#countsOf(
        chosen === undefined ? group : (chosen.numbers[group] ?? 0),
        columns[at] ?? 0,
      );
      let weight = 0;
      for (; entry < end; entry += 1) {
        const count = counts[entry] ?? 0;
        const bucket = buckets[entry] ?? 0;
        weight += count;
        if (into !== undefined) into[bucket] = (into[bucket] ?? 0) + count;
      }
      if (chosen === undefined) this.#weights[group] = (this.#weights[group] ?? 0) + weight;
    }
  }

  #countsOf(group: number, column: number): Uint32Array | undefined {
    const filled = this.#filled;
    if (filled === undefined) return undefined;
    const columns = (filled[group] ??= []);
    const known = columns[column];
    if (known !== undefined) return known;
    if (this.#chosen === undefined && !this.#takeRoom()) return undefined;
    return (columns[column] = new Uint32Array(bucketCount));
  }

  #takeRoom(): boolean {
    if (this.#scope.room.take(bucketCount / 2)) {
      this.#taken += bucketCount / 2;
      return true;
    }
    this.#scope.room.giveBack(this.#taken);
    this.#filled = undefined;
    return false;
  }

  choose(): boolean {
    const { groupBy, top } = this.#selection;
    const all = this.#grouped.groups.labels.map((_labels, group) => this.#weights[group] ?? 0);
    const chosen = choose(all, top, groupBy.length === 0);
    this.#chosen = chosen;
    const series: Counts[] = Array.from({ length: chosen.groups.length + 1 }, () => []);
    const filled = this.#filled;
    this.#filled = series;
    if (filled === undefined) return true;
    for (const [group, counts] of filled.entries()) addAll(series[chosen.numbers[group] ?? 0] ?? [], counts);
    return false;
  }

  series(): MetricSeries[] {
    const share = this.#share;
    if (this.#chosen === undefined) return [];
    return told(this.#selection, this.#grouped.groups, this.#chosen, (series) => {
      const total = new Float64Array(bucketCount);
      const values = Array.from({ length: this.#scope.columns.count }, (_, column) => {
        const counts = this.#filled?.[series]?.[column];
        if (counts === undefined) return null;
        for (let bucket = 0; bucket < bucketCount; bucket += 1)
          total[bucket] = (total[bucket] ?? 0) + (counts[bucket] ?? 0);
        return percentileOf(counts, share);
      });
      return { values, total: percentileOf(total, share) };
    });
  }
}

/** The first of a series stays as it is, others are added to it. */
function addAll(into: Counts, counts: Counts | undefined): void {
  for (const [column, added] of counts?.entries() ?? []) {
    if (added === undefined) continue;
    const sums = into[column];
    if (sums === undefined) into[column] = added;
    else
      for (let bucket = 0; bucket < bucketCount; bucket += 1)
        sums[bucket] = (sums[bucket] ?? 0) + (added[bucket] ?? 0);
  }
}

/** So many buckets are one band of a heat map: each band is half as long again as the one before. */
const bandBuckets = 4;

/** A series per band, the shortest first. */
export class HeatCollector implements SeriesCollector {
  readonly #meant: MeantRows;
  readonly #scope: MetricScope;
  readonly #of: CellHistogram;
  readonly #bands: (Float64Array | undefined)[] = [];

  constructor(meant: MeantRows, scope: MetricScope, of: CellHistogram) {
    this.#meant = meant;
    this.#scope = scope;
    this.#of = of;
  }

  add(cells: CellColumns): void {
    const entries = cells.histogram(histogramIndex[this.#of]);
    if (entries === undefined) return;
    const { ends, buckets, counts } = entries;
    const { rows, columns } = this.#meant.of(cells);
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const column = columns[at] ?? 0;
      const end = ends[row] ?? 0;
      for (let entry = row === 0 ? 0 : (ends[row - 1] ?? 0); entry < end; entry += 1) {
        const band = Math.ceil((buckets[entry] ?? 0) / bandBuckets);
        const values = (this.#bands[band] ??= new Float64Array(this.#scope.columns.count));
        values[column] = (values[column] ?? 0) + (counts[entry] ?? 0);
      }
    }
  }

  choose(): boolean {
    return false;
  }

  series(): MetricSeries[] {
    const seconds = secondsOf(this.#scope);
    return [...this.#bands.entries()].flatMap(([band, counts]) => {
      if (counts === undefined) return [];
      return {
        labels: { status: String(Number(boundOf(band * bandBuckets).toPrecision(3))) },
        other: false,
        values: Array.from(counts, (count, column) => (count === 0 && seconds[column] === 0 ? null : count)),
        total: counts.reduce((sum, count) => sum + count, 0),
      };
    });
  }
}
