// Two models: every way to score prompts on one data set, by honest cross-validation. Knows no page.
import { complexityScore, regexScore } from "./baselines.ts";
import { foldsOf, nearDuplicates, splitsOf, type Split } from "./folds.ts";
import { curveOf, measurePairs, middle, pairIntervals } from "./measures.ts";
import type { CurvePoint, Interval, Pair, PairIntervals, PairMeasures } from "./measures.ts";
import { draw } from "../lab/random.ts";
import { strong, weak, worthOf, type Row } from "./rows.ts";
import { fit, type ReadSet } from "./trained.ts";

export interface Scored {
  readonly name: string;
  readonly measures: PairIntervals;
  readonly curve: readonly CurvePoint[];
}

export interface FewLabels {
  readonly labels: number;
  readonly draws: number;
  /** Mean over the draws, and where the middle 95 % of them lie. */
  readonly measures: PairIntervals;
}

/** Score of each judged row, in their order; what is higher goes to the strong model first. */
type Scorer = (split: Split) => readonly number[];

export const ours = "Moongate, labels of the same set";

export interface Draws {
  readonly bootstrap: number;
  readonly few: number;
}

/** 5 folds; near-duplicates in one. */
export function scoreAll(set: ReadSet, draws: Draws): readonly Scored[] {
  const groups = nearDuplicates(set.rows);
  const splits = splitsOf(foldsOf(groups, 5, 7), 5);
  const scorers: readonly (readonly [string, Scorer])[] = [
    ["random", byRow(set, (_, place) => draw(place))],
    ["prompt length", byRow(set, ({ prompt }) => prompt.length)],
    ["complexity score (LiteLLM)", byRow(set, ({ prompt }) => complexityScore(prompt))],
    ["regular expressions (Higress)", byRow(set, ({ prompt }) => regexScore(prompt))],
    ["table by true subject", topicTable(set)],
    [ours, trained(set)],
    ["oracle", byRow(set, gain)],
  ];
  return scorers.map(([name, scorer]) => {
    const pairs = pairsOf(set, splits, scorer);
    return { name, measures: pairIntervals(pairs, draws.bootstrap), curve: curveOf(pairs) };
  });
}

/** Judged on topics of which no row was learnt from. */
export function newTopics(
  set: ReadSet,
  draws: Draws,
): { readonly ours: PairIntervals; readonly length: PairIntervals } {
  const splits = splitsOf(
    foldsOf(
      set.rows.map(({ topic }) => topic),
      5,
      7,
    ),
    5,
  );
  const interval = (scorer: Scorer) => pairIntervals(pairsOf(set, splits, scorer), draws.bootstrap);
  return { ours: interval(trained(set)), length: interval(byRow(set, ({ prompt }) => prompt.length)) };
}

/** Learnt from so few rows, judged on all others, again and again with other rows. */
export function fewLabels(set: ReadSet, labels: number, draws: number): FewLabels {
  const parts = Math.floor(set.rows.length / labels);
  const groups = nearDuplicates(set.rows);
  const measured: PairMeasures[] = [];
  for (let seed = 7; measured.length < draws; seed += 1)
    for (const { fit: others, judged } of splitsOf(foldsOf(groups, parts, seed), parts)) {
      if (measured.length >= draws) break;
      measured.push(measurePairs(pairsOf(set, [{ fit: judged, judged: others }], trained(set))));
    }
  const interval = (name: keyof PairMeasures): Interval => {
    const values = measured.map((one) => one[name]);
    return { value: values.reduce((sum, value) => sum + value, 0) / values.length, ...middle(values) };
  };
  return {
    labels,
    draws,
    measures: { apgr: interval("apgr"), cpt50: interval("cpt50"), cpt80: interval("cpt80") },
  };
}

function gain(row: Row): number {
  return worthOf(row, strong) - worthOf(row, weak);
}

function byRow(set: ReadSet, score: (row: Row, place: number) => number): Scorer {
  return ({ judged }) =>
    judged.map((place) => {
      const row = set.rows[place];
      return row === undefined ? 0 : score(row, place);
    });
}

function trained(set: ReadSet): Scorer {
  return ({ fit: learnt, judged }) => {
    const index = fit(set, learnt);
    return judged.map((place) => {
      const features = set.features[place];
      if (features === undefined) return 0;
      const { models } = index.estimate(features);
      return (models.get(strong)?.near ?? 0) - (models.get(weak)?.near ?? 0);
    });
  };
}

/** Mean gain of each topic, held at the mean of all by 20 rows. */
function topicTable(set: ReadSet): Scorer {
  return ({ fit: learnt, judged }) => {
    const sums = new Map<string, { sum: number; count: number }>();
    let all = 0;
    for (const place of learnt) {
      const row = set.rows[place];
      if (row === undefined) continue;
      const one = sums.get(row.topic) ?? { sum: 0, count: 0 };
      sums.set(row.topic, { sum: one.sum + gain(row), count: one.count + 1 });
      all += gain(row);
    }
    const mean = all / learnt.length;
    return judged.map((place) => {
      const { sum, count } = sums.get(set.rows[place]?.topic ?? "") ?? { sum: 0, count: 0 };
      return (sum + 20 * mean) / (count + 20);
    });
  };
}

/**
 * Scores become ranks within each fold, as every fold has a router of its own: with scores as they are, the fold that
 * happens to be easier than the rest would be told apart by the mean of the others, the wrong way round. Equal scores
 * keep one rank.
 */
function pairsOf(set: ReadSet, splits: readonly Split[], scorer: Scorer): readonly Pair[] {
  return splits.flatMap((split) => {
    const scores = scorer(split);
    const sorted = scores.toSorted((left, right) => left - right);
    const ranks = new Map(sorted.map((score, place) => [score, place / sorted.length]));
    return split.judged.flatMap((place, at): readonly Pair[] => {
      const row = set.rows[place];
      if (row === undefined) return [];
      return [
        { score: ranks.get(scores[at] ?? 0) ?? 0, weak: worthOf(row, weak), strong: worthOf(row, strong) },
      ];
    });
  });
}
