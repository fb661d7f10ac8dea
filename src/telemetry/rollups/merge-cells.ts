// Cells of several parts -> cells of one: the same series of the same time becomes one row, sums add up, histograms too.
// Bounded as the parts are. Knows no file.
import { cellDimensions, cellSums, dimensionIndex, sumIndex } from "./cell-layout.ts";
import type { CellColumns } from "./cell-codec.ts";
import { CellTable } from "./cell-table.ts";
import { otherName, usualMaxSeries } from "./series-names.ts";

const { lastStartMs } = sumIndex;
const { slot: slotDimension, consumer, requestedModel } = dimensionIndex;

export interface MergeOptions {
  /** Cells of this length become one; null: times stay apart. */
  readonly slotMs: number | null;
  readonly maxRows?: number;
}

export class CellMerger {
  readonly table = new CellTable();
  readonly #rows = new Map<string, number>();
  readonly #slotMs: number | null;
  readonly #maxRows: number;

  constructor({ slotMs, maxRows = usualMaxSeries }: MergeOptions) {
    this.#slotMs = slotMs;
    this.#maxRows = maxRows;
  }

  add(columns: CellColumns): void {
    const rowOf = this.#rowsOf(columns);
    for (let sum = 0; sum < cellSums.length; sum += 1) {
      const column = columns.sum(sum);
      if (column === undefined) continue;
      for (let from = 0; from < columns.rows; from += 1) {
        const [to, amount] = [rowOf[from] ?? 0, column[from] ?? 0];
        if (sum === lastStartMs) this.table.started(to, amount);
        else this.table.add(sum, to, amount);
      }
    }
    for (const [histogram, log] of this.table.histograms.entries()) {
      const entries = columns.histogram(histogram);
      if (entries === undefined) continue;
      const { ends, buckets, counts } = entries;
      let at = 0;
      for (let from = 0; from < columns.rows; from += 1) {
        const to = rowOf[from] ?? 0;
        for (const end = ends[from] ?? 0; at < end; at += 1) log.add(to, buckets[at] ?? 0, counts[at] ?? 0);
      }
    }
  }

  /** The row of each of their rows. */
  #rowsOf(columns: CellColumns): Uint32Array {
    const read = cellDimensions.map((_name, dimension) => {
      const { texts, codes } = columns.dimension(dimension);
      const told = dimension === slotDimension ? texts.map((text) => this.#slotOf(text)) : texts;
      return { codes, known: told.map((text) => this.table.codeOf(dimension, text)) };
    });
    const rowOf = new Uint32Array(columns.rows);
    const codes: number[] = [];
    for (let row = 0; row < columns.rows; row += 1) {
      for (let dimension = 0; dimension < read.length; dimension += 1) {
        const column = read[dimension];
        codes[dimension] = column?.known[column.codes[row] ?? 0] ?? 0;
      }
      rowOf[row] = this.#rowOfCodes(codes);
    }
    return rowOf;
  }

  #slotOf(text: string): string {
    return this.#slotMs === null ? text : String(Math.floor(Number(text) / this.#slotMs) * this.#slotMs);
  }

  #rowOfCodes(codes: number[]): number {
    const known = this.#rows.get(String.fromCharCode(...codes));
    if (known !== undefined) return known;
    // Parts are bounded each; together they may be more.
    if (this.#slotMs !== null && this.table.rows >= this.#maxRows) this.#makeCoarse(codes);
    const name = String.fromCharCode(...codes);
    let row = this.#rows.get(name);
    if (row === undefined) this.#rows.set(name, (row = this.table.addCodes(codes)));
    return row;
  }

  #makeCoarse(codes: number[]): void {
    codes[consumer] = this.table.codeOf(consumer, otherName);
    if (this.table.rows < this.#maxRows * 1.25) return;
    codes[requestedModel] = this.table.codeOf(requestedModel, otherName);
  }
}
