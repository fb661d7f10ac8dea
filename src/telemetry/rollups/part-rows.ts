// The rows of a part by the names of their columns. Knows no question.
import type { CellColumns } from "./cell-codec.ts";
import {
  dimensionIndex,
  histogramIndex,
  sumIndex,
  type CellDimension,
  type CellHistogram,
  type CellSum,
} from "./cell-layout.ts";

export class PartRows {
  readonly #columns: CellColumns;

  constructor(columns: CellColumns) {
    this.#columns = columns;
  }

  text(dimension: CellDimension, row: number): string {
    const { texts, codes } = this.#columns.dimension(dimensionIndex[dimension]);
    return texts[codes[row] ?? 0] ?? "";
  }

  sum(name: CellSum, row: number): number {
    return this.#columns.sum(sumIndex[name])?.[row] ?? 0;
  }

  /** Adds what the row has of a histogram, by bucket, to what `into` gives; it is not asked for nothing. */
  addCounts(name: CellHistogram, row: number, into: () => Float64Array): void {
    const histogram = this.#columns.histogram(histogramIndex[name]);
    if (histogram === undefined) return;
    const { ends, buckets, counts } = histogram;
    const end = ends[row] ?? 0;
    let entry = row === 0 ? 0 : (ends[row - 1] ?? 0);
    if (entry === end) return;
    const sums = into();
    for (; entry < end; entry += 1) {
      const bucket = buckets[entry] ?? 0;
      sums[bucket] = (sums[bucket] ?? 0) + (counts[entry] ?? 0);
    }
  }
}
