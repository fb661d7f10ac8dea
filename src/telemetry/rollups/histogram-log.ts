// Measurements of many rows as they come in, brought together by row and bucket when they are written out or too many.

const packAt = 65_536;
/** Buckets are fewer: a row and a bucket are one number. */
const perRow = 256;

/** Counts by row, then bucket: those of a row stand from the end of the row before to its own. */
export interface PackedHistogram {
  readonly ends: readonly number[];
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
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
    this.#places.push(row * perRow + bucket);
    this.#counts.push(count);
    if (this.#places.length >= this.#packAt) this.#shorten();
  }

  #shorten(): void {
    const { places, counts } = this.#merged();
    this.#places = places;
    this.#counts = counts;
    this.#packAt = Math.max(packAt, 2 * places.length);
  }

  /** The same by place, each once, ascending. */
  #merged(): { readonly places: number[]; readonly counts: number[] } {
    const order = this.#order();
    const places: number[] = [];
    const counts: number[] = [];
    let last = -1;
    for (const entry of order) {
      const place = this.#places[entry] ?? 0;
      const count = this.#counts[entry] ?? 0;
      if (place === last) counts[counts.length - 1] = (counts.at(-1) ?? 0) + count;
      else {
        places.push(place);
        counts.push(count);
        last = place;
      }
    }
    return { places, counts };
  }

  /** Entries by place: sorted as numbers that hold both. */
  #order(): Float64Array {
    const length = this.#places.length;
    const keys = new Float64Array(length);
    for (let entry = 0; entry < length; entry += 1) keys[entry] = (this.#places[entry] ?? 0) * length + entry;
    keys.sort();
    for (let at = 0; at < length; at += 1) keys[at] = (keys[at] ?? 0) % length;
    return keys;
  }

  pack(rows: number): PackedHistogram {
    const { places, counts } = this.#merged();
    const ends: number[] = [];
    let entry = 0;
    for (let row = 0; row < rows; row += 1) {
      const nextRow = (row + 1) * perRow;
      while (entry < places.length && (places[entry] ?? 0) < nextRow) entry += 1;
      ends.push(entry);
    }
    return { ends, buckets: places.map((place) => place % perRow), counts };
  }
}
