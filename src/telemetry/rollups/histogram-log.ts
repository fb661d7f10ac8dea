// Measurements of many rows as they come in, brought together by row and bucket when they are written out or too many.
import { bucketCount } from "../log-buckets.ts";

const packAt = 65_536;

/** Counts by row, then bucket: those of a row stand from the end of the row before to its own. */
export interface PackedHistogram {
  readonly ends: Float64Array;
  readonly buckets: Uint8Array;
  readonly counts: Float64Array;
}

export class HistogramLog {
  /** Row * 256 + bucket, and how often. */
  #places: number[] = [];
  #counts: number[] = [];
  #packAt = packAt;

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  add(row: number, bucket: number, count: number): void {
    this.#places.push(row * 256 + bucket);
    this.#counts.push(count);
    if (this.#places.length >= this.#packAt) this.#shorten(row);
  }

  #shorten(row: number): void {
    const { ends, buckets, counts } = this.pack(
      this.#places.reduce((max, place) => Math.max(max, place >>> 8), row) + 1,
    );
    this.#places = [];
    this.#counts = [];
    let entry = 0;
    for (const [packedRow, end] of ends.entries())
      for (; entry < end; entry += 1) {
        this.#places.push(packedRow * 256 + (buckets[entry] ?? 0));
        this.#counts.push(counts[entry] ?? 0);
      }
    this.#packAt = Math.max(packAt, 2 * this.#places.length);
  }

  pack(rows: number): PackedHistogram {
    const entriesOf = this.#byRow(rows);
    const sums = new Float64Array(bucketCount);
    const touched: number[] = [];
    const ends = new Float64Array(rows);
    const buckets = new Uint8Array(this.#places.length);
    const counts = new Float64Array(this.#places.length);
    let length = 0;
    for (let row = 0; row < rows; row += 1) {
      for (
        let at = row === 0 ? 0 : (entriesOf.ends[row - 1] ?? 0);
        at < (entriesOf.ends[row] ?? 0);
        at += 1
      ) {
        const entry = entriesOf.order[at] ?? 0;
        const bucket = (this.#places[entry] ?? 0) % 256;
        if (sums[bucket] === 0) touched.push(bucket);
        sums[bucket] = (sums[bucket] ?? 0) + (this.#counts[entry] ?? 0);
      }
      if (touched.length > 1) touched.sort((one, other) => one - other);
      for (const bucket of touched) {
        buckets[length] = bucket;
        counts[length] = sums[bucket] ?? 0;
        sums[bucket] = 0;
        length += 1;
      }
      touched.length = 0;
      ends[row] = length;
    }
    return { ends, buckets: buckets.slice(0, length), counts: counts.slice(0, length) };
  }

  /** Entries in the order of their rows. */
  #byRow(rows: number): { readonly order: Uint32Array; readonly ends: Uint32Array } {
    const ends = new Uint32Array(rows);
    for (const place of this.#places) {
      const row = place >>> 8;
      ends[row] = (ends[row] ?? 0) + 1;
    }
    let before = 0;
    for (let row = 0; row < rows; row += 1) {
      const count = ends[row] ?? 0;
      ends[row] = before;
      before += count;
    }
    const order = new Uint32Array(this.#places.length);
    for (const [entry, place] of this.#places.entries()) {
      const row = place >>> 8;
      const at = ends[row] ?? 0;
      order[at] = entry;
      ends[row] = at + 1;
    }
    return { order, ends };
  }
}
