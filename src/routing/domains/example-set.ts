// Examples as sparse rows of numbers, each of a class: what training reads again and again. Knows no text.
import type { PromptFeatures } from "../prompt/prompt-features.ts";
import { biasAt, partScales, structureFrom, vectorFrom } from "./softmax.ts";

interface Example {
  readonly inputs: Uint16Array;
  readonly values: Float32Array;
  readonly classAt: number;
}

export interface ExampleSet {
  readonly size: number;
  add(features: PromptFeatures, classAt: number): void;
  classOf(example: number): number;
  inputs(example: number): Uint16Array;
  values(example: number): Float32Array;
}

const noInputs = new Uint16Array(0);
const noValues = new Float32Array(0);

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
    inputs: (example) => examples[example]?.inputs ?? noInputs,
    values: (example) => examples[example]?.values ?? noValues,
  };
}

/** What is not 0, in the order of the inputs. */
function sparse(features: PromptFeatures): Pick<Example, "inputs" | "values"> {
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
