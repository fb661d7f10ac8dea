// Labels -> table of labels, in the control plane. The same labels in any order give the same bytes.
import { familiarNeighbours } from "./familiarity.ts";
import type { Label } from "./label-table.ts";
import { labelledPrompts, type LabelledPrompts } from "./labelled-prompts.ts";
import { encodeTable } from "./label-table-bytes.ts";
import { slopeOf } from "./linear-worth.ts";
import { fullSimilarity, packRows, similarities } from "./nearest.ts";
import { featuresVersion, vectorLength } from "../prompt/prompt-features.ts";
import { structureNames } from "../prompt/structure.ts";
import { prototypesOf, type Prototype } from "./prototypes.ts";
import { project, spaceOf, toBytes, type SketchSpace } from "./sketch-space.ts";

/** With fewer labelled prompts nobody can say what is familiar. */
const leastPrompts = 2 * familiarNeighbours;
/** Labelled prompts by which percentiles are measured, at most. */
const maxMeasured = 1_000;
const percentileSteps = 100;
/** How much further apart models are expected to be on longer prompts, until labels say otherwise. */
const stretch = 4;
const lengthTrait = vectorLength + structureNames.indexOf("length");

/** Of sketches of this version. No bytes that are not needed: at most `maxPrototypes` rows, and nothing of the text. */
export function buildLabelTable(labels: readonly Label[]): Uint8Array {
  const labelled = labelledPrompts(labels);
  const space = spaceOf(labelled.prompts.map(({ sketch }) => sketch));
  const prototypes = prototypesOf(labelled, space);
  const vectors = new Int8Array(prototypes.length * labelled.sketchLength);
  for (const [row, { vector }] of prototypes.entries())
    toBytes(vector, vectors.subarray(row * vector.length, (row + 1) * vector.length));
  return encodeTable({
    features: featuresVersion,
    models: labelled.models,
    promptCount: labelled.prompts.length,
    length: labelled.sketchLength,
    mean: space.mean,
    scale: space.scale,
    percentiles: percentilesOf(labelled, prototypes, space, vectors),
    ...worthsByModel(labelled, prototypes),
    vectors,
    sizes: Uint16Array.from(prototypes, ({ prompts }) => Math.min(prompts.length, 0xffff)),
    ...worthsByRow(prototypes),
  });
}

function worthsByModel(
  { models, prompts, sketchLength: length }: LabelledPrompts,
  prototypes: readonly Prototype[],
) {
  const means = new Float32Array(models.length);
  const counts = new Float32Array(models.length);
  for (const { worths } of prompts)
    for (const { model, score, weight } of worths) {
      means[model] = (means[model] ?? 0) + score * weight;
      counts[model] = (counts[model] ?? 0) + weight;
    }
  for (let model = 0; model < means.length; model += 1)
    means[model] = (means[model] ?? 0) / (counts[model] ?? 1);
  const middle = means.reduce((sum, mean) => sum + mean, 0) / Math.max(1, means.length);
  const slopes = new Float32Array(models.length * length);
  for (const [model, mean] of means.entries()) {
    const assumed = new Float32Array(length);
    if (lengthTrait < length) assumed[lengthTrait] = stretch * (mean - middle);
    const rows = prototypes.flatMap(({ vector, worths }) =>
      worths.filter((worth) => worth.model === model).map(({ score, weight }) => ({ vector, score, weight })),
    );
    slopes.set(slopeOf(rows, mean, assumed), model * length);
  }
  return { means, counts, slopes };
}

function worthsByRow(prototypes: readonly Prototype[]) {
  const starts = new Uint32Array(prototypes.length + 1);
  for (const [row, { worths }] of prototypes.entries()) starts[row + 1] = (starts[row] ?? 0) + worths.length;
  const all = prototypes.flatMap(({ worths }) => worths);
  return {
    starts,
    worthModels: Uint16Array.from(all, ({ model }) => model),
    worthScores: Uint16Array.from(all, ({ score }) => Math.round(score * 0xffff)),
    worthWeights: Float32Array.from(all, ({ weight }) => weight),
  };
}

/** How near labelled prompts are to their nearest others: what a new prompt is measured by. */
function percentilesOf(
  { prompts, sketchLength }: LabelledPrompts,
  prototypes: readonly Prototype[],
  space: SketchSpace,
  vectors: Int8Array,
): Float32Array {
  if (prototypes.length < leastPrompts) return new Float32Array();
  const rows = packRows(vectors, sketchLength);
  const own = new Map(prototypes.flatMap((prototype, row) => prototype.prompts.map((place) => [place, row])));
  const measured = Math.min(prompts.length, maxMeasured);
  const values = new Float32Array(measured);
  const vector = new Float32Array(sketchLength);
  const bytes = new Int8Array(sketchLength);
  const query = new Float64Array(rows.length);
  const near = new Int32Array(rows.count + 3);
  for (let at = 0; at < measured; at += 1) {
    const place = Math.floor((at * prompts.length) / measured);
    const prompt = prompts[place];
    if (prompt === undefined) continue;
    project(space, prompt.sketch, vector);
    toBytes(vector, bytes);
    query.set(bytes);
    similarities(rows, query, near);
    const without = near.slice(0, rows.count);
    without[own.get(place) ?? 0] = -fullSimilarity;
    const nearest = without.toSorted((left, right) => right - left).subarray(0, familiarNeighbours);
    values[at] = nearest.reduce((sum, value) => sum + value, 0) / familiarNeighbours / fullSimilarity;
  }
  values.sort();
  return Float32Array.from(
    { length: percentileSteps + 1 },
    (_, step) => values[Math.round((step * (measured - 1)) / percentileSteps)] ?? 0,
  );
}
