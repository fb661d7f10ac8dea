// Cells that are being added to, by columns; written out by `cell-codec.ts`. Light to make, as most hold a few rows of a
// few seconds. Knows no record.
import type { CellSource } from "./cell-codec.ts";
import { cellDimensions, cellHistograms, cellSums, sumIndex } from "./cell-layout.ts";
import { HistogramLog } from "./histogram-log.ts";

/** So many are found faster one by one. */
const fewTexts = 12;

/** The values of one dimension, each once, by code. */
class TextCodes {
  readonly texts: string[] = [];
  #codes: Map<string, number> | undefined;

  codeOf(text: string): number {
    const { texts } = this;
    const known = this.#codes === undefined ? texts.indexOf(text) : (this.#codes.get(text) ?? -1);
    if (known >= 0) return known;
    const code = texts.push(text) - 1;
    if (this.#codes !== undefined) this.#codes.set(text, code);
    else if (texts.length > fewTexts) this.#codes = new Map(texts.map((one, index) => [one, index]));
    return code;
  }
}

export class CellTable {
  rows = 0;
  readonly dictionaries = cellDimensions.map(() => new TextCodes());
  /** By dimension, then row. */
  readonly codes: number[][] = cellDimensions.map(() => []);
  /** By sum, then row, as far as something was added; undefined while all are zero. */
  readonly sums: (number[] | undefined)[] = cellSums.map(() => undefined);
  readonly histograms = cellHistograms.map(() => new HistogramLog());

  /** @param texts of every dimension */
  addRow(texts: readonly string[]): number {
    for (const [dimension, column] of this.codes.entries()) {
      const text = texts[dimension] ?? "";
      column.push(this.dictionaries[dimension]?.codeOf(text) ?? 0);
    }
    return this.#nextRow();
  }

  codeOf(dimension: number, text: string): number {
    return this.dictionaries[dimension]?.codeOf(text) ?? 0;
  }

  /** @param codes of every dimension, from `codeOf` */
  addCodes(codes: readonly number[]): number {
    for (const [dimension, column] of this.codes.entries()) column.push(codes[dimension] ?? 0);
    return this.#nextRow();
  }

  /** As it is now. */
  packed(): CellSource {
    return {
      rows: this.rows,
      texts: this.dictionaries.map(({ texts }) => texts),
      codes: this.codes,
      sums: this.sums,
      histograms: this.histograms.map((log) => (log.isEmpty ? undefined : log.pack(this.rows))),
    };
  }

  #nextRow(): number {
    this.rows += 1;
    return this.rows - 1;
  }

  add(sum: number, row: number, amount: number): void {
    if (amount === 0) return;
    const column = this.#columnOf(sum, row);
    column[row] = (column[row] ?? 0) + amount;
  }

  /** Keeps the later start. */
  started(row: number, startMs: number): void {
    const column = this.#columnOf(sumIndex.lastStartMs, row);
    if ((column[row] ?? 0) < startMs) column[row] = Math.round(startMs);
  }

  measure(histogram: number, row: number, bucket: number): void {
    this.histograms[histogram]?.add(row, bucket, 1);
  }

  #columnOf(sum: number, row: number): number[] {
    const column = (this.sums[sum] ??= []);
    // Without holes it stays an array of plain numbers.
    while (column.length <= row) column.push(0);
    return column;
  }
}
