// Cells that are being added to, by columns: growable, written out by `cell-codec.ts`. Knows no record and no time.
import { cellDimensions, cellHistograms, cellSums, sumIndex, type SeriesTexts } from "./cell-layout.ts";
import { HistogramLog } from "./histogram-log.ts";

const firstRows = 16;

/** The values of one dimension, each once, by code. */
export class TextCodes {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.length;
    this.texts.push(text);
    this.#codes.set(text, code);
    return code;
  }
}

export class CellTable {
  rows = 0;
  readonly dictionaries = cellDimensions.map(() => new TextCodes());
  /** By dimension, then row. */
  readonly codes: number[][] = cellDimensions.map(() => []);
  /** By sum, then row; undefined while all are zero. */
  readonly sums: (Float64Array | undefined)[] = cellSums.map(() => undefined);
  readonly histograms = cellHistograms.map(() => new HistogramLog());

  addRow(texts: SeriesTexts): number {
    return this.addCodes(texts.map((text, dimension) => this.codeOf(dimension, text)));
  }

  codeOf(dimension: number, text: string): number {
    return this.dictionaries[dimension]?.codeOf(text) ?? 0;
  }

  /** @param codes of each dimension, from `codeOf` */
  addCodes(codes: readonly number[]): number {
    for (const [dimension, column] of this.codes.entries()) column.push(codes[dimension] ?? 0);
    this.rows += 1;
    return this.rows - 1;
  }

  add(sum: number, row: number, amount: number): void {
    if (amount === 0) return;
    let column = this.sums[sum];
    if (column === undefined || row >= column.length) column = this.#grow(sum, row);
    column[row] = (column[row] ?? 0) + amount;
  }

  measure(histogram: number, row: number, bucket: number): void {
    this.histograms[histogram]?.add(row, bucket, 1);
  }

  /** Keeps the later start. */
  started(row: number, startMs: number): void {
    const sum = sumIndex.lastStartMs;
    let column = this.sums[sum];
    if (column === undefined || row >= column.length) column = this.#grow(sum, row);
    if ((column[row] ?? 0) < startMs) column[row] = Math.round(startMs);
  }

  #grow(sum: number, row: number): Float64Array {
    const before = this.sums[sum];
    let length = before?.length ?? firstRows;
    while (length <= row) length *= 2;
    const column = new Float64Array(length);
    if (before !== undefined) column.set(before);
    this.sums[sum] = column;
    return column;
  }
}
