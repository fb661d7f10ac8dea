// Examples as sparse rows of numbers, each of a class: what training reads again and again. Knows no text.
import type { PromptFeatures } from "../prompt/prompt-features.ts";
import { biasAt, partScales, structureFrom, vectorFrom } from "./softmax.ts";

/** Inputs that are not 0, and their values. */
export interface ExampleRow {
  readonly inputs: Uint16Array;
  readonly values: Float32Array;
}

interface Example extends ExampleRow {
  readonly classAt: number;
}

export interface ExampleSet {
  readonly size: number;
  add(features: PromptFeatures, classAt: number): void;
  classOf(example: number): number;
  row(example: number): ExampleRow;
}

const noRow: ExampleRow = { inputs: new Uint16Array(0), values: new Float32Array(0) };

export function createExampleSet(): ExampleSet {
  const examples: Example[] = [];
  return {
    get size() {
      return examples.length;
    },
    add(features, classAt) {
      examples.push({ ...sparse(features), classAt });
    },
    classOf: (example) => examples[example]?.classAt ?? -1,
    row: (example) => examples[example] ?? noRow,
  };
}

/** A class has few examples where three times as many are still fewer than classes have on average. */
const manyTimes = 3;

/** By class, from 0 for one that has not few examples, towards 1 the fewer it has. */
export function fewnessOf(set: ExampleSet, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let example = 0; example < set.size; example += 1) {
    const at = set.classOf(example);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count) => (count === 0 ? 0 : Math.max(0, 1 - (manyTimes * count * classes) / set.size)));
}

/** What is not 0, in the order of the inputs. */
function sparse(features: PromptFeatures): ExampleRow {
  const { grams, gramWeights, gramCount, meaning, structure } = features;
  const most = gramCount + meaning.length + structure.length + 1;
  const inputs = new Uint16Array(most);
  const values = new Float32Array(most);
  let count = 0;
  const put = (input: number, value: number): void => {
    if (value === 0) return;
    inputs[count] = input;
    values[count] = value;
    count += 1;
  };
  for (let at = 0; at < gramCount; at += 1) put(grams[at] ?? 0, (gramWeights[at] ?? 0) * partScales.grams);
  meaning.forEach((value, at) => put(vectorFrom + at, value * partScales.vector));
  structure.forEach((value, at) => put(structureFrom + at, value * partScales.structure));
  put(biasAt, 1);
  return { inputs: inputs.slice(0, count), values: values.slice(0, count) };
}
