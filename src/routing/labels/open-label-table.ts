// Table of labels -> what models are worth for one prompt: what they were worth for the nearest labelled prompts, and the
// trend over all of them. No allocation per prompt.
import { decodeTable, type LabelTable } from "./label-table-bytes.ts";
import type { LabelIndex, QualityEstimate } from "./label-table.ts";
import { familiarity, familiarNeighbours } from "./familiarity.ts";
import { fullSimilarity, packRows } from "./nearest.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import { featuresVersion, type PromptFeatures } from "../prompt/prompt-features.ts";
import { project, toBytes } from "./sketch-space.ts";
import { sketchLength, writeSketch } from "./sketch.ts";

/** Labelled prompts that count as near: a third of them, within these bounds. */
const fewestNeighbours = 20;
const mostNeighbours = 150;
/** Labels that say that a model is worth its mean, for each prompt that counts as near. */
const shrinkageShare = 1 / 8;
/** Of the estimate: the share that the nearest say; the rest says the trend. */
const nearestShare = 0.6;

interface MutableEstimate {
  near: number;
  readonly mean: number;
  readonly count: number;
}

/** Throws where the bytes are damaged, or of a version with other sketches. */
export function openLabelTable(bytes: Uint8Array): LabelIndex {
  const table = decodeTable(bytes);
  const { length, models: names, means, counts } = table;
  if (table.features !== featuresVersion)
    throw new Error(
      `the table of labels is of another version: prompts were read by version ${table.features} then, and by ${featuresVersion} now`,
    );
  if (table.vectors.length > 0 && length !== sketchLength)
    throw new Error(
      `the table of labels cannot be read: prompts have ${length} numbers, not ${sketchLength}`,
    );
  const rows = packRows(table.vectors, sketchLength);
  const neighbourhood = new Neighbourhood(rows, table.sizes);
  const estimates = Array.from(means, (mean, model): MutableEstimate => ({
    near: NaN,
    mean,
    count: counts[model] ?? 0,
  }));
  const byName = new Map<string, QualityEstimate>();
  for (const [model, one] of estimates.entries()) byName.set(names[model] ?? "", one);
  const shrinkage = shrinkageShare * nearOf(table.promptCount);
  const found = { familiarity: 0, models: byName };
  const sketch = new Int8Array(length);
  const vector = new Float32Array(length);
  const quantised = new Int8Array(length);
  const query = new Float64Array(rows.length);
  const sums = new Float64Array(names.length);
  const weights = new Float64Array(names.length);

  function estimate(features: PromptFeatures) {
    if (rows.count === 0) return found;
    writeSketch(features, sketch);
    project(table, sketch, vector);
    toBytes(vector, quantised);
    query.set(quantised);
    neighbourhood.look(query);
    found.familiarity = familiarity(table, neighbourhood.nearness(familiarNeighbours));
    sumNearest(table, neighbourhood, sums, weights);
    for (let model = 0; model < estimates.length; model += 1) {
      const one = estimates[model];
      if (one === undefined) continue;
      const nearest = ((sums[model] ?? 0) + shrinkage * one.mean) / ((weights[model] ?? 0) + shrinkage);
      const trend = one.mean + product(table.slopes, model * length, vector);
      one.near = Math.max(0, Math.min(1, nearestShare * nearest + (1 - nearestShare) * trend));
    }
    return found;
  }
  return { size: table.promptCount, estimate };
}

/** Scores of near prompts by model, by their weights and the square of their similarity. */
function sumNearest(
  { promptCount, starts, worthModels, worthScores, worthWeights, sizes }: LabelTable,
  neighbourhood: Neighbourhood,
  sums: Float64Array,
  weights: Float64Array,
): void {
  sums.fill(0);
  weights.fill(0);
  const from = neighbourhood.threshold(nearOf(promptCount));
  const { similarity } = neighbourhood;
  for (let row = 0; row < sizes.length; row += 1) {
    const value = similarity[row] ?? 0;
    if (value < from) continue;
    const closeness = (value / fullSimilarity) ** 2;
    const end = starts[row + 1] ?? 0;
    for (let at = starts[row] ?? 0; at < end; at += 1) {
      const model = worthModels[at] ?? 0;
      const weight = (worthWeights[at] ?? 0) * closeness;
      weights[model] = (weights[model] ?? 0) + weight;
      sums[model] = (sums[model] ?? 0) + weight * ((worthScores[at] ?? 0) / 0xffff);
    }
  }
}

function nearOf(promptCount: number): number {
  return Math.max(fewestNeighbours, Math.min(mostNeighbours, Math.ceil(promptCount / 3)));
}

function product(slopes: Float32Array, from: number, vector: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at += 1) sum += (slopes[from + at] ?? 0) * (vector[at] ?? 0);
  return sum;
}
