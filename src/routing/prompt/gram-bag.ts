// A bag of hashed n-grams: buckets, each with the weight of what fell into it. Knows no text.
import { gramBuckets } from "./prompt-features.ts";
import { mixed } from "./word-hash.ts";

export class GramBag {
  readonly grams = new Uint16Array(gramBuckets);
  readonly weights = new Float32Array(gramBuckets);
  count = 0;
  private readonly sums = new Float32Array(gramBuckets);

  /** What is added several times counts by the root of how often. */
  add(hash: number, weight: number): void {
    const bucket = mixed(hash) & (gramBuckets - 1);
    this.sums[bucket] = (this.sums[bucket] ?? 0) + weight * weight;
  }

  /** Gives what was added, the whole of Euclidean length 1, and is empty for the next. */
  finish(): void {
    const { sums, grams, weights } = this;
    let total = 0;
    let count = 0;
    for (let bucket = 0; bucket < gramBuckets; bucket += 1) {
      const sum = sums[bucket] ?? 0;
      if (sum === 0) continue;
      grams[count] = bucket;
      weights[count] = Math.sqrt(sum);
      total += sum;
      count += 1;
    }
    const scale = total === 0 ? 0 : 1 / Math.sqrt(total);
    for (let at = 0; at < count; at += 1) weights[at] = (weights[at] ?? 0) * scale;
    sums.fill(0);
    this.count = count;
  }
}
