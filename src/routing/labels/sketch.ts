// A prompt as some hundred bytes, by which it is compared with others: what it means and what it looks like. They stand in
// records and labels in place of the text, which cannot be read from them.
import { vectorLength, type PromptFeatures } from "../prompt/prompt-features.ts";
import { structureNames } from "../prompt/structure.ts";

export const sketchLength = vectorLength + structureNames.length;

/** Signed bytes: the prompt's vector, then its structure, each number times 127. */
export function sketchOf(features: PromptFeatures): Int8Array {
  const sketch = new Int8Array(sketchLength);
  writeSketch(features, sketch);
  return sketch;
}

/** The same without an object. */
export function writeSketch({ vector, structure }: PromptFeatures, into: Int8Array): void {
  for (let at = 0; at < vector.length; at += 1) into[at] = toByte(vector[at] ?? 0);
  for (let at = 0; at < structure.length; at += 1) into[vector.length + at] = toByte(structure[at] ?? 0);
}

const toByte = (value: number): number => Math.max(-127, Math.min(127, Math.round(value * 127)));
