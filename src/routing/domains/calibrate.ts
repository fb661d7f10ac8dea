// How sure a table may be, and that a domain of few examples is told as readily as one of many: found by examples that were
// held out. Knows no text and no training.
import { fewnessOf, type ExampleSet } from "./example-set.ts";
import { softmax } from "./softmax.ts";

/** What a training without it says of an example. */
export interface HeldOut {
  readonly example: number;
  readonly scores: Float64Array;
}

export interface Calibration {
  /** Added to the scores, by class. */
  readonly biases: Float64Array;
  /** What the sums are then divided by. */
  readonly temperature: number;
}

/** From sure to unsure; with the last ones a table is sure of nothing, as it ought to be of examples without a pattern. */
const temperatures = [
  0.15, 0.17, 0.19, 0.21, 0.23, 0.25, 0.28, 0.31, 0.34, 0.38, 0.42, 0.46, 0.51, 0.57, 0.63, 0.7, 0.77, 0.85,
  0.94, 1.04, 1.15, 1.27, 1.4, 1.54, 1.7, 1.9, 2.1, 2.3, 2.6, 3, 4, 6, 10, 20,
];

const rounds = 30;
/** How strongly biases are held at 0: what few examples say is half believed. */
const pull = 0.05;
const longestMove = 0.5;
/**
 * How far a class of few examples is preferred beyond that, in odds' logarithms: whoever adds a domain has prompts of it, and
 * more of them than it has examples of. From this fewness on no further, as still fewer say too little; and several share it,
 * as all of them take from the others.
 */
const leaning = 1;
const mostFewness = 0.7;

/** Takes the scores as they are, and leaves the biases in them. */
export function calibrate(set: ExampleSet, heldOut: readonly HeldOut[], classes: number): Calibration {
  if (heldOut.length === 0) return { biases: new Float64Array(classes), temperature: 1 };
  const biases = biasesFor(set, heldOut, classes);
  addTo(heldOut, biases);
  const temperature = temperatureFor(set, heldOut);
  const leanings = leaningsFor(set, classes).map((one) => one * temperature);
  addTo(heldOut, leanings);
  return { biases: biases.map((bias, one) => bias + (leanings[one] ?? 0)), temperature };
}

function leaningsFor(set: ExampleSet, classes: number): Float64Array {
  const fewness = fewnessOf(set, classes);
  const together = fewness.filter((one) => one > 0).length;
  return fewness.map((one) => (one === 0 ? 0 : (leaning * Math.min(mostFewness, one)) / together));
}

function addTo(heldOut: readonly HeldOut[], biases: Float64Array): void {
  for (const { scores } of heldOut)
    biases.forEach((bias, one) => {
      scores[one] = (scores[one] ?? 0) + bias;
    });
}

/**
 * A class of twenty examples beside ten of two hundred is learnt too timidly: examples of it that were held out go to the
 * others. With these biases as much probability falls on each class as examples of it ask for, each class counting alike
 * however many it has.
 */
function biasesFor(set: ExampleSet, heldOut: readonly HeldOut[], classes: number): Float64Array {
  const temperature = temperatureFor(set, heldOut);
  const biases = new Float64Array(classes);
  const shares = sharesOf(set, heldOut, classes);
  const shifted = new Float64Array(classes);
  const probabilities = new Float64Array(classes);
  for (let round = 0; round < rounds; round += 1) {
    const slopes = new Float64Array(classes);
    const curves = new Float64Array(classes);
    for (const { example, scores } of heldOut) {
      const own = set.classOf(example);
      const weight = shares[own] ?? 0;
      for (let one = 0; one < classes; one += 1) shifted[one] = (scores[one] ?? 0) + (biases[one] ?? 0);
      softmax(shifted, temperature, probabilities);
      for (let one = 0; one < classes; one += 1) {
        const probability = probabilities[one] ?? 0;
        slopes[one] = (slopes[one] ?? 0) + weight * (probability - (one === own ? 1 : 0));
        curves[one] = (curves[one] ?? 0) + weight * probability * (1 - probability);
      }
    }
    for (let one = 0; one < classes; one += 1) {
      const now = biases[one] ?? 0;
      const slope = (slopes[one] ?? 0) + pull * now;
      const move = (0.7 * temperature * slope) / ((curves[one] ?? 0) + pull * temperature + 0.02);
      biases[one] = now - Math.max(-longestMove, Math.min(longestMove, move));
    }
  }
  return biases;
}

/** By class, what one example of it counts, so that all of a class together count 1. */
function sharesOf(set: ExampleSet, heldOut: readonly HeldOut[], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const { example } of heldOut) {
    const at = set.classOf(example);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count) => (count === 0 ? 0 : 1 / count));
}

/** The temperature with which the right classes of held-out examples are least surprising. */
function temperatureFor(set: ExampleSet, heldOut: readonly HeldOut[]): number {
  const probabilities = new Float64Array(heldOut[0]?.scores.length ?? 0);
  const surprise = (temperature: number): number => {
    let sum = 0;
    for (const { example, scores } of heldOut) {
      softmax(scores, temperature, probabilities);
      sum -= Math.log(Math.max(1e-6, probabilities[set.classOf(example)] ?? 0));
    }
    return sum;
  };
  let best = 1;
  let least = Infinity;
  for (const temperature of temperatures) {
    const found = surprise(temperature);
    // A little more counts for nothing: it would be another number on another machine.
    if (found >= least * (1 - 1e-9)) continue;
    least = found;
    best = temperature;
  }
  return best;
}
