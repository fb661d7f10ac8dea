// Cells of several parts -> cells of one: the same series becomes one row, sums add up, histograms too. Bounded as the
// parts are. Knows no time and no file.
import { cellDimensions, dimensionIndex, sumIndex } from "./cell-layout.ts";
import type { CellColumns, Column } from "./cell-codec.ts";
import { CellTable } from "./cell-table.ts";
import { otherName, usualMaxSeries } from "./series-names.ts";

const { lastStartMs } = sumIndex;

export class CellMerger {
  readonly table = new CellTable();
  readonly #rows = new Map<string, number>();
  readonly #maxSeries: number;

  constructor(maxSeries = usualMaxSeries) {
    this.#maxSeries = maxSeries;
  }

  add(columns: CellColumns): void {
    const rowOf = this.#rowsOf(columns);
    for (const [sum, column] of columns.sums.entries()) {
      if (column === undefined) continue;
      for (const [from, to] of rowOf.entries()) {
        const amount = column[from] ?? 0;
        if (sum === lastStartMs) this.table.started(to, amount);
        else this.table.add(sum, to, amount);
      }
    }
    for (const [histogram, log] of this.table.histograms.entries()) {
      const entries = columns.histograms[histogram];
      if (entries === undefined) continue;
      let at = 0;
      for (const [from, to] of rowOf.entries())
        for (const end = entries.ends[from] ?? 0; at < end; at += 1)
          log.add(to, entries.buckets[at] ?? 0, entries.counts[at] ?? 0);
    }
  }

  /** The row of each of their rows. */
  #rowsOf({ rows, dimensions }: CellColumns): Uint32Array {
    const codesOf = dimensions.map(({ texts }, dimension) =>
      texts.map((text) => this.table.codeOf(dimension, text)),
    );
    const rowOf = new Uint32Array(rows);
    const codes: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      for (let dimension = 0; dimension < cellDimensions.length; dimension += 1)
        codes[dimension] = codesOf[dimension]?.[codeAt(dimensions[dimension]?.codes, row)] ?? 0;
      rowOf[row] = this.#rowOfCodes(codes);
    }
    return rowOf;
  }

  #rowOfCodes(codes: number[]): number {
    const known = this.#rows.get(String.fromCharCode(...codes));
    if (known !== undefined) return known;
    if (this.table.rows >= this.#maxSeries) this.#makeCoarse(codes);
    const name = String.fromCharCode(...codes);
    let row = this.#rows.get(name);
    if (row === undefined) this.#rows.set(name, (row = this.table.addCodes(codes)));
    return row;
  }

  #makeCoarse(codes: number[]): void {
    const full = this.table.rows >= this.#maxSeries * 1.25;
    for (const dimension of full
      ? [dimensionIndex.consumer, dimensionIndex.requestedModel]
      : [dimensionIndex.consumer])
      codes[dimension] = this.table.codeOf(dimension, otherName);
  }
}

function codeAt(codes: Column | undefined, row: number): number {
  return codes?.[row] ?? 0;
}
