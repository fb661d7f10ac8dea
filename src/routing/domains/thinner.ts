// Rows of examples with grams left out, others each time and always the same ones: what is learnt of few examples then rests on
// no single word of theirs. Knows no class and no training.
import { gramBuckets } from "../prompt/prompt-features.ts";
import type { ExampleRow } from "./example-set.ts";

export class Thinner {
  private readonly share: number;
  /** What is left counts for what is not, so that rows stay as long. */
  private readonly scale: number;
  private seed = 0x1234567;

  /** @param share of the grams that is left out, from 0 to below 1 */
  constructor(share: number) {
    this.share = share * 0x1_0000_0000;
    this.scale = 1 / Math.sqrt(1 - share);
  }

  thin({ inputs, values }: ExampleRow): ExampleRow {
    const keptInputs = new Uint16Array(inputs.length);
    const keptValues = new Float32Array(inputs.length);
    let count = 0;
    for (let at = 0; at < inputs.length; at += 1) {
      const input = inputs[at] ?? 0;
      const isGram = input < gramBuckets;
      if (isGram && this.next() < this.share) continue;
      keptInputs[count] = input;
      keptValues[count] = (values[at] ?? 0) * (isGram ? this.scale : 1);
      count += 1;
    }
    return { inputs: keptInputs.subarray(0, count), values: keptValues.subarray(0, count) };
  }

  private next(): number {
    let seed = this.seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.seed = seed;
    return seed >>> 0;
  }
}
