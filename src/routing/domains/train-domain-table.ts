// From example prompts to the table by which other prompts are told apart, and what such a table would be worth. Knows no
// request.
import type { PromptReader } from "../prompt/prompt-features.ts";
import { calibrate } from "./calibrate.ts";
import { encodeDomainTable } from "./domain-table.ts";
import { createExampleSet, type ExampleSet } from "./example-set.ts";
import { sureFrom } from "./domain-classifier.ts";
import { biasAt, softmax } from "./softmax.ts";
import { heldOutScores, trainDomains } from "./train-domains.ts";

export interface DomainExamples {
  readonly name: string;
  readonly examples: readonly string[];
}

/** Folds by which it is found out how sure a table may be. */
const calibrationFolds = 4;

/** Domains without examples have no place in the table. The same examples give the same bytes. */
export function trainDomainTable(domains: readonly DomainExamples[], reader: PromptReader): Uint8Array {
  const known = domains.filter(({ examples }) => examples.length > 0);
  const set = readExamples(known, reader);
  const all = Array.from({ length: set.size }, (_, example) => example);
  const model = trainDomains(set, all, known.length);
  const heldOut = heldOutScores(set, known.length, calibrationFolds);
  const { biases, temperature } = calibrate(set, heldOut, known.length);
  return encodeDomainTable(
    known.map(({ name }) => name),
    { ...model, weights: withBiases(model.weights, biases), temperature },
  );
}

function withBiases(weights: Float32Array, biases: Float64Array): Float32Array {
  const shifted = weights.slice();
  const from = biasAt * biases.length;
  biases.forEach((bias, one) => {
    shifted[from + one] = (shifted[from + one] ?? 0) + bias;
  });
  return shifted;
}

function readExamples(domains: readonly DomainExamples[], reader: PromptReader): ExampleSet {
  const set = createExampleSet();
  domains.forEach(({ examples }, classAt) => {
    for (const text of examples) set.add(reader.read(text), classAt);
  });
  return set;
}

export interface DomainAccuracy {
  readonly name: string;
  readonly examples: number;
  /** Share of its examples that are told right when they are held out. */
  readonly accuracy: number;
  /** Share of them for which the table is sure, right or wrong. */
  readonly sure: number;
  /** Where those go that are told wrong, the most frequent first; three at most. */
  readonly takenFor: readonly { readonly name: string; readonly examples: number }[];
}

export interface CrossValidation {
  readonly examples: number;
  readonly accuracy: number;
  /** Share for which the table is sure, and its accuracy there; NaN where it never is. */
  readonly sure: number;
  readonly accuracyWhereSure: number;
  readonly domains: readonly DomainAccuracy[];
  /** Examples that are told wrong, the surest first: they may stand in the wrong domain. */
  readonly misplaced: readonly MisplacedExample[];
}

export interface MisplacedExample {
  readonly domain: string;
  /** Its place in the domain's examples. */
  readonly example: number;
  readonly takenFor: string;
  readonly probability: number;
}

const mostMisplaced = 50;

/** Judges examples by tables that have not seen them. With the calibration that such a table would have. */
export function crossValidate(
  domains: readonly DomainExamples[],
  reader: PromptReader,
  folds = 5,
): CrossValidation {
  const known = domains.filter(({ examples }) => examples.length > 0);
  const set = readExamples(known, reader);
  const heldOut = heldOutScores(set, known.length, folds);
  const { temperature } = calibrate(set, heldOut, known.length);
  const probabilities = new Float64Array(known.length);
  const verdicts = heldOut.map(({ example, scores }) => {
    softmax(scores, temperature, probabilities);
    const told = probabilities.indexOf(Math.max(...probabilities));
    const probability = probabilities[told] ?? 0;
    return { example, right: set.classOf(example), told, probability, sure: probability >= sureFrom };
  });
  const shareOf = (part: number, whole: number) => (whole === 0 ? Number.NaN : part / whole);
  const isRight = (verdict: (typeof verdicts)[number]) => verdict.right === verdict.told;
  const sure = verdicts.filter((verdict) => verdict.sure);
  return {
    examples: verdicts.length,
    accuracy: shareOf(verdicts.filter(isRight).length, verdicts.length),
    sure: shareOf(sure.length, verdicts.length),
    accuracyWhereSure: shareOf(sure.filter(isRight).length, sure.length),
    domains: known.map(({ name }, classAt) => {
      const own = verdicts.filter((verdict) => verdict.right === classAt);
      const wrong = own.filter((verdict) => !isRight(verdict));
      const takenFor = known
        .map((other, at) => ({ name: other.name, examples: wrong.filter(({ told }) => told === at).length }))
        .filter(({ examples }) => examples > 0)
        .toSorted((left, right) => right.examples - left.examples)
        .slice(0, 3);
      return {
        name,
        examples: own.length,
        accuracy: shareOf(own.filter(isRight).length, own.length),
        sure: shareOf(own.filter((verdict) => verdict.sure).length, own.length),
        takenFor,
      };
    }),
    misplaced: verdicts
      .filter((verdict) => !isRight(verdict))
      .toSorted((left, right) => right.probability - left.probability || left.example - right.example)
      .slice(0, mostMisplaced)
      .map(({ example, right, told, probability }) => ({
        domain: known[right]?.name ?? "",
        example: example - firstOf(known, right),
        takenFor: known[told]?.name ?? "",
        probability,
      })),
  };
}

/** Examples are numbered through all domains. */
function firstOf(domains: readonly DomainExamples[], place: number): number {
  return domains.slice(0, place).reduce((sum, { examples }) => sum + examples.length, 0);
}
