// Which of many models the product chooses for judged rows, by `chooseModel` as the gateway asks it, and what that is worth
// and costs. Knows no baseline.
import type { ChoiceEvidence } from "../../src/core/routing-record.ts";
import { chooseModel } from "../../src/routing/decision/choose-model.ts";
import type { Split } from "./folds.ts";
import { prices, worthOf, type Row } from "./rows.ts";
import { fit, type ReadSet } from "./trained.ts";

/** Nobody says which model is good: only labels speak. */
const declared = 0.7;

/** A judged row with all that a choice needs. */
export interface Judged {
  readonly place: number;
  readonly row: Row;
  readonly evidence: ChoiceEvidence;
  /** Best of all models over the rows that were learnt from: what somebody would have set as the default. */
  readonly best: string;
}

export interface Outcome {
  readonly place: number;
  readonly model: string;
  readonly worth: number;
  readonly cost: number;
}

/** Every row is judged by what was learnt from the other folds. */
export function judge(set: ReadSet, splits: readonly Split[]): readonly Judged[] {
  return splits.flatMap(({ fit: learnt, judged }) => {
    const index = fit(set, learnt);
    const best = bestOf(set, learnt);
    return judged.flatMap((place): readonly Judged[] => {
      const row = set.rows[place];
      const features = set.features[place];
      if (row === undefined || features === undefined) return [];
      const { familiarity, models } = index.estimate(features);
      const evidence: ChoiceEvidence = {
        profile: "quality",
        costWeight: 0.02,
        latencyWeight: 0,
        maxQualityDrop: 0.02,
        prompt: {
          language: features.language,
          complexity: features.complexity,
          domains: [],
          source: "engine",
          familiarity,
        },
        models: Array.from(models, ([model, { near, mean, count }]) => ({
          model,
          excluded: "",
          declared,
          general: declared,
          learnt: { near, mean, count },
          costUsd: prices[model] ?? 0,
          latencyMs: 0,
        })),
        defaultModel: best,
        preferred: [],
        inToolLoop: false,
      };
      return [{ place, row, evidence, best }];
    });
  });
}

export function bestOf(
  { rows, models }: Pick<ReadSet, "models" | "rows">,
  places: readonly number[],
): string {
  const sums = models.map((model) => ({ model, sum: 0 }));
  for (const place of places) {
    const row = rows[place];
    if (row !== undefined) for (const one of sums) one.sum += worthOf(row, one.model);
  }
  return sums.toSorted((left, right) => right.sum - left.sum)[0]?.model ?? "";
}

/** @param costWeight what the dearest model loses; the quality that may be given away for it is the same */
export function choices(judged: readonly Judged[], costWeight: number): readonly Outcome[] {
  return judged.map(({ place, row, evidence }) => {
    const { model } = chooseModel({ ...evidence, costWeight, maxQualityDrop: Math.max(0.02, costWeight) });
    return outcome(place, row, model);
  });
}

export function outcome(place: number, row: Row, model: string): Outcome {
  return { place, model, worth: worthOf(row, model), cost: prices[model] ?? 0 };
}

export function meanOf(outcomes: readonly Outcome[], what: "cost" | "worth"): number {
  return outcomes.reduce((sum, one) => sum + one[what], 0) / outcomes.length;
}
