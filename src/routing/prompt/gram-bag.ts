// A bag of hashed n-grams: buckets, each with the weight of what fell into it, and the vector that is made of them where
// words have none of their own. Knows no text.
import { gramBuckets, vectorLength } from "./prompt-features.ts";
import { mixed } from "./word-hash.ts";

/** Numbers that a bucket adds to in a made vector; far from each other, so that buckets point everywhere. */
const spread = 4;
const down = 0x80;

export class GramBag {
  readonly grams = new Uint16Array(gramBuckets);
  readonly weights = new Float32Array(gramBuckets);
  count = 0;
  /** What the vector of the grams that were added for it is. */
  readonly made = new Float32Array(vectorLength);
  private readonly sums = new Float32Array(gramBuckets);
  private readonly traces = new Float32Array(gramBuckets);
  /** A bit for each bucket that holds something. */
  private readonly filled = new Uint32Array(gramBuckets / 32);
  private readonly places = createPlaces();

  /** What is added several times counts by the root of how often. */
  add(hash: number, weight: number): number {
    const bucket = mixed(hash) & (gramBuckets - 1);
    const word = bucket >>> 5;
    this.filled[word] = (this.filled[word] ?? 0) | (1 << (bucket & 31));
    this.sums[bucket] = (this.sums[bucket] ?? 0) + weight * weight;
    return bucket;
  }

  /** The same, and with a weight in the vector. */
  addForVector(hash: number, weight: number, inVector: number): void {
    const bucket = this.add(hash, weight);
    this.traces[bucket] = (this.traces[bucket] ?? 0) + inVector;
  }

  /** Gives what was added, the whole of Euclidean length 1, and is empty for the next. */
  finish(): void {
    const { filled } = this;
    this.made.fill(0);
    this.count = 0;
    let total = 0;
    for (let word = 0; word < filled.length; word += 1) {
      let bits = filled[word] ?? 0;
      filled[word] = 0;
      for (; bits !== 0; bits &= bits - 1) total += this.take(word * 32 + 31 - Math.clz32(bits & -bits));
    }
    const scale = total === 0 ? 0 : 1 / Math.sqrt(total);
    for (let at = 0; at < this.count; at += 1) this.weights[at] = (this.weights[at] ?? 0) * scale;
  }

  private take(bucket: number): number {
    const sum = this.sums[bucket] ?? 0;
    const trace = this.traces[bucket] ?? 0;
    this.sums[bucket] = 0;
    if (trace !== 0) {
      this.trace(bucket, trace);
      this.traces[bucket] = 0;
    }
    this.grams[this.count] = bucket;
    this.weights[this.count] = Math.sqrt(sum);
    this.count += 1;
    return sum;
  }

  private trace(bucket: number, length: number): void {
    const { made, places } = this;
    // Steps at four places are together as long as twice one of them.
    const step = length / 2;
    for (let at = bucket * spread; at < (bucket + 1) * spread; at += 1) {
      const place = places[at] ?? 0;
      const target = place & (down - 1);
      made[target] = (made[target] ?? 0) + (place < down ? step : -step);
    }
  }
}

/** For each bucket the places of its vector that are not 0; `down` is in those that are below. */
function createPlaces(): Uint8Array {
  let bits = 0x9e3779b1;
  return Uint8Array.from({ length: gramBuckets * spread }, () => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return (((bits >>> 8) & 0xffff) % vectorLength) + ((bits & 1) === 0 ? 0 : down);
  });
}
