// Durations as counts in buckets that grow by a tenth: such counts can be added up over time, and give percentiles
// within 5 %. Pure.

const growth = 1.1;
const perLog = 1 / Math.log(growth);
const lowestMs = 0.01;
/** Above an hour nothing is told apart. */
const highestMs = 3_600_000;
/** So many buckets there are. */
export const bucketCount = Math.ceil(Math.log(highestMs / lowestMs) / Math.log(growth)) + 1;

/** The bucket of a duration: 0 for the shortest, one more for each tenth longer. */
export function bucketOf(ms: number): number {
  if (!(ms > lowestMs)) return 0;
  return Math.ceil(Math.log(Math.min(ms, highestMs) / lowestMs) * perLog);
}

/** A duration that stands for all of a bucket: at most 5 % from each. */
export function valueOf(bucket: number): number {
  if (bucket === 0) return 0;
  const ms = (lowestMs * growth ** bucket * 2) / (1 + growth);
  // More digits would look like more than is known.
  return Number(ms.toPrecision(3));
}

/**
 * @param counts by bucket
 * @param share 0 to 1; 0.5 is the median
 * @returns null without any
 */
export function percentileOf(counts: Float64Array | Uint32Array, share: number): number | null {
  let total = 0;
  for (const count of counts) total += count;
  let left = Math.max(1, Math.ceil(total * share));
  for (const [bucket, count] of counts.entries()) {
    left -= count;
    if (left <= 0) return valueOf(bucket);
  }
  return null;
}

/** The longest duration of a bucket. */
export function boundOf(bucket: number): number {
  return lowestMs * growth ** bucket;
}
