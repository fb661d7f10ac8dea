// Measurements of many rows as they come in, brought together by row and bucket when they are written out or too many.

const packAt = 65_536;
/** Buckets are fewer: a row and a bucket are one number. */
const perRow = 256;

/** Counts by row, then bucket: those of a row stand from the end of the row before to its own. */
export interface PackedHistogram {
  readonly ends: ArrayLike<number>;
  readonly buckets: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
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

  /** Entries by place: by bucket, then by row, each in one pass. */
  #order(): Uint32Array {
    const places = Uint32Array.from(this.#places);
    const buckets = places.map((place) => place % perRow);
    const rows = places.map((place) => Math.floor(place / perRow));
    const asCame = places.map((_place, entry) => entry);
    return ordered(ordered(asCame, buckets), rows);
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

/** Entries in the order of their keys; those of one key stay as they were. */
function ordered(entries: Uint32Array, keyOf: Uint32Array): Uint32Array {
  const starts = new Uint32Array(keyOf.reduce((max, key) => Math.max(max, key), 0) + 2);
  for (const key of keyOf) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 1; key < starts.length; key += 1) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const sorted = new Uint32Array(entries.length);
  for (const entry of entries) {
    const key = keyOf[entry] ?? 0;
    const at = starts[key] ?? 0;
    sorted[at] = entry;
    starts[key] = at + 1;
  }
  return sorted;
}
