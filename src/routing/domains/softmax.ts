// Probabilities out of scores, and the order in which inputs stand in tables of weights. Knows no text and no training.
import { gramBuckets, vectorLength } from "../prompt/prompt-features.ts";
import { structureNames } from "../prompt/structure.ts";
import { exactExp } from "./exact-exp.ts";

export const vectorFrom = gramBuckets;
export const structureFrom = vectorFrom + vectorLength;
export const biasAt = structureFrom + structureNames.length;
/** Inputs of a class: grams, vector, structure, and 1. */
export const inputCount = biasAt + 1;

/** How much each part counts against the others. */
export const partScales = { grams: 3, vector: 3, structure: 2 };

/** Makes probabilities of scores, each divided by the temperature. */
export function softmax(
  scores: Float64Array,
  temperature: number,
  target: Float32Array | Float64Array,
): void {
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  let total = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const value = exactExp(((scores[at] ?? 0) - highest) / temperature);
    target[at] = value;
    total += value;
  }
  for (let at = 0; at < scores.length; at += 1) target[at] = (target[at] ?? 0) / total;
}
