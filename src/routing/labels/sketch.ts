// A prompt as some hundred bytes, by which it is compared with others: what it means and what it looks like. They stand in
// records and labels in place of the text, which cannot be read from them.
import type { PromptFeatures } from "../prompt/prompt-features.ts";

/** Signed bytes: the prompt's vector, then its structure, each number times 127. A prompt without a word that has a vector
 * (Chinese, say) has its n-grams folded into the vector's place, so that prompts with the same ones are alike. */
export function sketchOf(features: PromptFeatures): Int8Array {
  const sketch = new Int8Array(features.vector.length + features.structure.length);
  writeSketch(features, sketch);
  return sketch;
}

/** The same without an object. */
export function writeSketch(features: PromptFeatures, into: Int8Array): void {
  const { vector, structure } = features;
  let known = false;
  for (let at = 0; at < vector.length; at += 1) {
    const value = vector[at] ?? 0;
    if (value !== 0) known = true;
    into[at] = toByte(value);
  }
  if (!known) foldGrams(features, into);
  for (let at = 0; at < structure.length; at += 1) into[vector.length + at] = toByte(structure[at] ?? 0);
}

const toByte = (value: number): number => Math.max(-127, Math.min(127, Math.round(value * 127)));

/** Each bucket adds to one place with a sign of its own, so that sums of different buckets cancel out on average. */
function foldGrams(features: PromptFeatures, into: Int8Array): void {
  const { length } = features.vector;
  const folded = new Float32Array(length);
  for (let at = 0; at < features.gramCount; at += 1) {
    const mixed = Math.imul((features.grams[at] ?? 0) + 1, 0x9e3779b1) >>> 0;
    const place = mixed % length;
    folded[place] =
      (folded[place] ?? 0) + ((mixed & 0x80000000) === 0 ? 1 : -1) * (features.gramWeights[at] ?? 0);
  }
  let squares = 0;
  for (const value of folded) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < length; at += 1) into[at] = toByte((folded[at] ?? 0) * scale);
}
