// How good an answer of each model is expected to be: what is declared, corrected by labels as far as they tell of prompts
// like this one. Knows no cost and no time.
import type { ModelEvidence } from "../../core/routing-record.ts";
import { fourDecimals } from "./rounding.ts";

/** Labels that what is declared weighs as much as (the mass of a Beta prior). */
const priorMass = 10;
/** Of what labels say of a model: the share that prompts like this one have; the rest is that of all prompts. */
const nearShare = 0.7;

export type QualityEvidence = Pick<ModelEvidence, "model" | "declared" | "general" | "learnt">;

/** 0 to 1, four digits. Without labels both are what is declared. */
export interface ExpectedQuality {
  /** Cautious: what prompts like this one say is drawn to what all prompts say. Models are compared by it. */
  readonly quality: number;
  /** Only what prompts like this one say, as far as there are any: whether a model is good enough here is told by it. */
  readonly here: number;
}

/** By model. @param familiarity how far the labelled prompts are like this one, 0 to 1 */
export function expectedQualities(
  models: readonly QualityEvidence[],
  familiarity: number,
): ReadonlyMap<string, ExpectedQuality> {
  const offset = scaleOffset(models);
  return new Map(models.map((evidence) => [evidence.model, qualityOf(evidence, offset, familiarity)]));
}

function qualityOf(
  { declared, general, learnt }: QualityEvidence,
  offset: number,
  familiarity: number,
): ExpectedQuality {
  if (learnt === undefined || learnt.count <= 0) {
    const quality = fourDecimals(unit(declared + offset));
    return { quality, here: quality };
  }
  const { near, mean, count } = learnt;
  const centre = unit(general + offset);
  const posterior = (priorMass * centre + count * mean) / (priorMass + count);
  // Labels tell how good a model is in general; where it is stronger or weaker than that is still what was declared.
  const prior = unit(posterior + declared - general);
  const learned = nearShare * near + (1 - nearShare) * mean;
  const mixed = (labels: number): number =>
    fourDecimals(unit(familiarity * labels + (1 - familiarity) * prior));
  return { quality: mixed(learned), here: mixed(near) };
}

/**
 * How far scores of labels lie above what is declared: 70 points and nine thumbs up in ten are not the same scale, and a
 * model without labels must not win or lose by that. One labelled model tells nothing of the scale, as it may itself be
 * better or worse than was declared; the more there are, the more they tell.
 */
function scaleOffset(models: readonly QualityEvidence[]): number {
  let count = 0;
  let sum = 0;
  let labelled = 0;
  for (const { general, learnt } of byName(models)) {
    if (learnt === undefined || learnt.count <= 0) continue;
    labelled += 1;
    count += learnt.count;
    sum += learnt.count * (learnt.mean - general);
  }
  return labelled === 0 ? 0 : ((1 - 1 / labelled) * sum) / (priorMass + count);
}

/** Sums of the same numbers in another order are not the same number. */
function byName(models: readonly QualityEvidence[]): readonly QualityEvidence[] {
  return models.toSorted((left, right) => (left.model < right.model ? -1 : 1));
}

function unit(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
