// A fixed-size histogram of durations with about 3 % resolution.
// It must not know what is timed.

const LINEAR = 32;
const BUCKETS = LINEAR * 28;

/** Durations in whole microseconds, up to about an hour. */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  record(durationUs: number): void {
    const bucket = Math.min(BUCKETS - 1, bucketOf(Math.max(0, Math.floor(durationUs))));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total++;
  }

  /** The duration below which `share` (0 to 1) of all records lie, in microseconds; 0 without records. */
  percentileUs(share: number): number {
    const wanted = Math.ceil(this.#total * share);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted && seen > 0) return lowestOf(bucket);
    }
    return 0;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }
}

/** Below 32 one bucket per value, above 32 buckets for each power of two. */
function bucketOf(value: number): number {
  if (value < LINEAR) return value;
  const shift = 26 - Math.clz32(value);
  return LINEAR * shift + (value >>> shift);
}

function lowestOf(bucket: number): number {
  if (bucket < 2 * LINEAR) return bucket;
  const shift = Math.floor(bucket / LINEAR) - 1;
  return ((bucket % LINEAR) + LINEAR) * 2 ** shift;
}
