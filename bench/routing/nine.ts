// Nine models: what the product's choices are worth and cost beside the best single model, by cross-validation, for task
// families that it has never seen, and under noise. Knows no page.
import { randomStream } from "../lab/random.ts";
import { choices, judge, meanOf, outcome, type Judged, type Outcome } from "./choices.ts";
import { foldsOf, nearDuplicates, splitsOf } from "./folds.ts";
import { middle, resample, type Interval } from "./measures.ts";
import { prices, worthOf } from "./rows.ts";
import type { ReadSet } from "./trained.ts";

/** Weights of cost that make the curve; 0.02, 0.15 and 0.5 are those of the profiles. */
const costWeights = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5];
export const qualityFirst = 0.02;

export interface CostPoint {
  readonly costWeight: number;
  readonly quality: number;
  /** USD per million tokens. */
  readonly cost: number;
}

export interface NineResult {
  readonly rows: number;
  readonly best: CostPoint;
  readonly oracle: CostPoint;
  readonly table: readonly CostPoint[];
  readonly ours: readonly CostPoint[];
  readonly single: readonly { readonly model: string; readonly quality: number; readonly cost: number }[];
  /** Of quality first over the best single model, as a share of its quality. */
  readonly gain: Interval;
  /** Share of its cost saved where the curve has its quality. */
  readonly saved: Interval;
  readonly tableSaved: number;
}

export function runNine(set: ReadSet, draws: number): NineResult {
  const splits = splitsOf(foldsOf(nearDuplicates(set.rows), 5, 7), 5);
  const judged = judge(set, splits);
  const base = judged.map(({ place, row, best }) => outcome(place, row, best));
  const curves = costWeights.map((costWeight) => ({ costWeight, outcomes: choices(judged, costWeight) }));
  const tables = costWeights.map((costWeight) => ({
    costWeight,
    outcomes: splits.flatMap((split) => tableChoices(set, split.fit, split.judged, costWeight)),
  }));
  const first = curves.find(({ costWeight }) => costWeight === qualityFirst)?.outcomes ?? [];
  const oracle = judged.map(({ place, row }) => outcome(place, row, cheapestBest(set, place)));
  const pointOf = (outcomes: readonly Outcome[], costWeight: number): CostPoint => ({
    costWeight,
    quality: meanOf(outcomes, "worth"),
    cost: meanOf(outcomes, "cost"),
  });
  const points = curves.map(({ costWeight, outcomes }) => pointOf(outcomes, costWeight));
  const tablePoints = tables.map(({ costWeight, outcomes }) => pointOf(outcomes, costWeight));
  const best = pointOf(base, 0);
  const random = randomStream(1);
  const drawn = Array.from({ length: draws }, () => {
    const counts = resample(base.length, random);
    const weighted = (outcomes: readonly Outcome[], what: "cost" | "worth") =>
      outcomes.reduce((sum, one, at) => sum + (counts[at] ?? 0) * one[what], 0) / base.length;
    const quality = weighted(base, "worth");
    const again = curves.map(({ costWeight, outcomes }) => ({
      costWeight,
      quality: weighted(outcomes, "worth"),
      cost: weighted(outcomes, "cost"),
    }));
    return {
      gain: weighted(first, "worth") / quality - 1,
      saved: savedAt(again, quality, weighted(base, "cost")),
    };
  });
  return {
    rows: base.length,
    best,
    oracle: pointOf(oracle, 0),
    table: tablePoints,
    ours: points,
    single: set.models.map((model) => ({
      model,
      quality: set.rows.reduce((sum, row) => sum + worthOf(row, model), 0) / set.rows.length,
      cost: prices[model] ?? 0,
    })),
    gain: { value: meanOf(first, "worth") / best.quality - 1, ...middle(drawn.map(({ gain }) => gain)) },
    saved: {
      value: savedAt(points, best.quality, best.cost),
      ...middle(drawn.map(({ saved }) => saved)),
    },
    tableSaved: savedAt(tablePoints, best.quality, best.cost),
  };
}

/** Along the curve, straight between its points: the least cost at which the quality is as asked. */
export function savedAt(curve: readonly CostPoint[], quality: number, cost: number): number {
  let least = cost;
  for (const [at, point] of curve.entries()) {
    if (point.quality >= quality) least = Math.min(least, point.cost);
    const next = curve[at + 1];
    if (next === undefined || point.quality < quality === next.quality < quality) continue;
    const along = (quality - point.quality) / (next.quality - point.quality);
    least = Math.min(least, point.cost + along * (next.cost - point.cost));
  }
  return 1 - least / cost;
}

function cheapestBest({ rows, models }: ReadSet, place: number): string {
  const row = rows[place];
  if (row === undefined) return "";
  const order = models.toSorted(
    (left, right) => worthOf(row, right) - worthOf(row, left) || (prices[left] ?? 0) - (prices[right] ?? 0),
  );
  return order[0] ?? "";
}

/** Knows the true task of every prompt, which nobody tells a gateway. */
function tableChoices(
  { rows, models }: ReadSet,
  learnt: readonly number[],
  judged: readonly number[],
  costWeight: number,
): readonly Outcome[] {
  const dearest = Math.max(...models.map((model) => prices[model] ?? 0));
  const byTask = Map.groupBy(learnt, (place) => rows[place]?.topic ?? "");
  const chosen = new Map(
    Array.from(byTask, ([task, places]) => {
      const utility = (model: string) =>
        places.reduce((sum, place) => sum + (rows[place]?.worth[model] ?? 0), 0) / places.length -
        (costWeight * (prices[model] ?? 0)) / dearest;
      return [task, models.toSorted((left, right) => utility(right) - utility(left))[0] ?? ""];
    }),
  );
  return judged.flatMap((place): readonly Outcome[] => {
    const row = rows[place];
    return row === undefined ? [] : [outcome(place, row, chosen.get(row.topic) ?? "")];
  });
}

const families: Readonly<Record<string, readonly string[]>> = {
  "science questions": ["arc_challenge", "gpqa", "mmlu", "openbook_qa"],
  "common sense": ["commongen", "commonsense_qa"],
  code: ["human_eval", "mbpp"],
  "mathematics and logic": ["agentverse-logicgrid", "agentverse-mgsm", "gsm8k", "math"],
  "open questions": ["natural_qa", "trivia_qa"],
};

export interface FamilyResult {
  readonly family: string;
  readonly rows: number;
  readonly standard: string;
  readonly standardQuality: number;
  /** Over the default, as a share of its quality. */
  readonly change: number;
  readonly unfamiliar: number;
}

/** Learnt from all other families; the default is the best model there. */
export function unseenFamilies(set: ReadSet): readonly FamilyResult[] {
  const places = [...set.rows.keys()];
  return Object.entries(families).map(([family, tasks]) => {
    const isIn = (place: number) => tasks.includes(set.rows[place]?.topic ?? "");
    const judged = judge(set, [{ fit: places.filter((place) => !isIn(place)), judged: places.filter(isIn) }]);
    const standard = judged[0]?.best ?? "";
    const base = meanOf(
      judged.map(({ place, row }) => outcome(place, row, standard)),
      "worth",
    );
    return {
      family,
      rows: judged.length,
      standard,
      standardQuality: base,
      change: meanOf(choices(judged, qualityFirst), "worth") / base - 1,
      unfamiliar: share(judged, ({ evidence }) => evidence.prompt.familiarity === 0),
    };
  });
}

function share(judged: readonly Judged[], holds: (one: Judged) => boolean): number {
  return judged.filter(holds).length / judged.length;
}
