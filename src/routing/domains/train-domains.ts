// Finds the weights by which examples are told apart: multinomial logistic regression, by steps in an order that is always
// the same. Knows no text.
import type { HeldOut } from "./calibrate.ts";
import { fewnessOf, type ExampleRow, type ExampleSet } from "./example-set.ts";
import { inputCount, softmax } from "./softmax.ts";
import { Thinner } from "./thinner.ts";

export const training = {
  /** Examples that are looked at in all, in rounds over each. */
  steps: 8_000,
  leastRounds: 5,
  mostRounds: 40,
  rate: 0.3,
  decay: 0.002,
  /** An example that is told with so little doubt teaches nothing more. */
  settled: 0.02,
  /** How often in a round an example is looked at of a class that has few, each time with other grams left out. */
  looksAtFew: 4,
  /** Share of the grams that are left out then: what is left must tell it as well. */
  leftOut: 0.35,
  /** What all those looks count together. */
  weightOfFew: 1.4,
};

export interface DomainWeights {
  readonly classes: number;
  /** A row for each input with a number for each class. */
  readonly weights: Float32Array;
  readonly temperature: number;
}

/** Adds up what the inputs of an example weigh for each class. */
function scoresOf(weights: Float32Array, { inputs, values }: ExampleRow, scores: Float64Array): void {
  const classes = scores.length;
  scores.fill(0);
  for (let at = 0; at < inputs.length; at += 1) {
    const from = (inputs[at] ?? 0) * classes;
    const value = values[at] ?? 0;
    for (let one = 0; one < classes; one += 1)
      scores[one] = (scores[one] ?? 0) + value * (weights[from + one] ?? 0);
  }
}

/** Weights of the classes 0 to `classes` - 1; the temperature is still that of the training. */
export function trainDomains(set: ExampleSet, examples: readonly number[], classes: number): DomainWeights {
  const weights = new Float32Array(inputCount * classes);
  const squares = new Float32Array(inputCount);
  const slopes = new Float64Array(classes);
  const importance = importanceOf(set, examples, classes);
  const rounds = Math.min(
    training.mostRounds,
    Math.max(training.leastRounds, Math.ceil(training.steps / Math.max(1, examples.length))),
  );
  const few = fewnessOf(set, classes).map((fewness) => (fewness > 0 ? 1 : 0));
  const looks = (example: number) => (few[set.classOf(example)] === 1 ? training.looksAtFew : 1);
  const order = Int32Array.from(examples.flatMap((example) => Array<number>(looks(example)).fill(example)));
  const thinner = new Thinner(training.leftOut);
  let seed = 0x2545f491;
  for (let round = 0; round < rounds; round += 1) {
    seed = mixOrder(order, seed);
    const rate = training.rate * (1 - round / rounds);
    for (const example of order) {
      const classAt = set.classOf(example);
      const row = few[classAt] === 1 ? thinner.thin(set.row(example)) : set.row(example);
      scoresOf(weights, row, slopes);
      softmax(slopes, 1, slopes);
      if (1 - (slopes[classAt] ?? 0) < training.settled) continue;
      slopes[classAt] = (slopes[classAt] ?? 0) - 1;
      const weight = importance[classAt] ?? 1;
      for (let one = 0; one < classes; one += 1) slopes[one] = (slopes[one] ?? 0) * weight;
      step({ weights, squares, slopes, rate }, row);
    }
  }
  return { classes, weights, temperature: 1 };
}

/** Puts the order in disorder, always in the same way; gives the next seed. */
function mixOrder(order: Int32Array, from: number): number {
  let seed = from;
  for (let at = order.length - 1; at > 0; at -= 1) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    const other = (seed >>> 0) % (at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return seed;
}

/** By class: those with few examples count more, within bounds. */
function importanceOf(set: ExampleSet, examples: readonly number[], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const example of examples) {
    const at = set.classOf(example);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const fewness = fewnessOf(set, classes);
  return counts.map((count, classAt) => {
    if (count === 0) return 0;
    const share = Math.min(6, Math.max(0.4, examples.length / (classes * count)));
    return (fewness[classAt] ?? 0) > 0 ? (share * training.weightOfFew) / training.looksAtFew : share;
  });
}

interface StepState {
  readonly weights: Float32Array;
  /** How far each input has moved so far, squared: those that are rare move further at once. */
  readonly squares: Float32Array;
  readonly slopes: Float64Array;
  readonly rate: number;
}

function step(state: StepState, { inputs, values }: ExampleRow): void {
  const { weights, squares, slopes, rate } = state;
  const classes = slopes.length;
  let size = 0;
  for (const slope of slopes) size += slope * slope;
  for (let at = 0; at < inputs.length; at += 1) {
    const input = inputs[at] ?? 0;
    const value = values[at] ?? 0;
    const square = (squares[input] ?? 0) + value * value * size;
    squares[input] = square;
    const by = rate / Math.sqrt(square + 1e-6);
    const from = input * classes;
    for (let one = 0; one < classes; one += 1) {
      const now = weights[from + one] ?? 0;
      weights[from + one] = now - by * ((slopes[one] ?? 0) * value + training.decay * now);
    }
  }
}

/** Folds of examples, of each class as evenly as can be. */
export function foldsOf(set: ExampleSet, folds: number): number[][] {
  const seen = new Map<number, number>();
  const parts: number[][] = Array.from({ length: folds }, () => []);
  for (let example = 0; example < set.size; example += 1) {
    const classAt = set.classOf(example);
    const count = seen.get(classAt) ?? 0;
    seen.set(classAt, count + 1);
    parts[(count + classAt) % folds]?.push(example);
  }
  return parts;
}

/** What is said of each example by training on all folds but its own. */
export function heldOutScores(set: ExampleSet, classes: number, folds: number): HeldOut[] {
  const parts = foldsOf(set, folds);
  return parts.flatMap((part, at) => {
    if (part.length === 0) return [];
    const rest = parts.filter((_, other) => other !== at).flat();
    const { weights } = trainDomains(set, rest, classes);
    return part.map((example) => {
      const scores = new Float64Array(classes);
      scoresOf(weights, set.row(example), scores);
      return { example, scores };
    });
  });
}
