// The space in which labelled prompts are compared: what they have in common is taken away, and every trait of their shape
// counts by how much it differs among them. Knows no label.
import { vectorLength } from "../prompt/prompt-features.ts";
import { structureNames } from "../prompt/structure.ts";

export interface SketchSpace {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
}

/** What one trait of the shape counts, beside a meaning of length 1, where it is a standard deviation off the mean. */
const structureShare = 0.2;
/** Standard deviations; what is further off counts as this. */
const farthest = 2.5;
/** Traits of tone: the same prompt said politely is the same prompt. */
const tone = new Set(["exclamations", "greeting"]);
/** Traits that hardly differ stay as small as they are. */
const leastDeviation = 0.02;

export function spaceOf(sketches: readonly Int8Array[]): SketchSpace {
  const length = sketches[0]?.length ?? 0;
  const mean = new Float32Array(length);
  const scale = new Float32Array(length).fill(1);
  for (let at = 0; at < length; at += 1) {
    let sum = 0;
    let squares = 0;
    for (const sketch of sketches) {
      const value = (sketch[at] ?? 0) / 127;
      sum += value;
      squares += value * value;
    }
    const centre = sum / sketches.length;
    mean[at] = centre;
    if (at < vectorLength) continue;
    const deviation = Math.sqrt(Math.max(0, squares / sketches.length - centre * centre));
    const isTone = tone.has(structureNames[at - vectorLength] ?? "");
    scale[at] = isTone ? 0 : structureShare / Math.max(deviation, leastDeviation);
  }
  return { mean, scale };
}

/** Length 1, or all 0. */
export function project({ mean, scale }: SketchSpace, sketch: Int8Array, into: Float32Array): void {
  const bound = farthest * structureShare;
  let squares = 0;
  for (let at = 0; at < mean.length; at += 1) {
    let value = ((sketch[at] ?? 0) / 127 - (mean[at] ?? 0)) * (scale[at] ?? 0);
    if (at >= vectorLength) value = Math.max(-bound, Math.min(bound, value));
    into[at] = value;
    squares += value * value;
  }
  if (squares === 0) return;
  const factor = 1 / Math.sqrt(squares);
  for (let at = 0; at < mean.length; at += 1) into[at] = (into[at] ?? 0) * factor;
}

/** For a vector of length 1: what is compared, in whole numbers. */
export function toBytes(vector: Float32Array, into: Int8Array): void {
  for (let at = 0; at < vector.length; at += 1) into[at] = Math.round((vector[at] ?? 0) * 127);
}
