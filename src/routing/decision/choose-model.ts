// Evidence -> choice. The same evidence gives the same choice, in whatever order its models stand, also after a way through
// JSON: nothing else goes into it.
import type {
  Choice,
  ChoiceEvidence,
  ChoiceReason,
  ModelEvidence,
  ModelScore,
} from "../../core/routing-record.ts";
import { sureFrom } from "../domains/domain-classifier.ts";
import { expectedQualities, type ExpectedQuality } from "./quality.ts";
import { fourDecimals } from "./rounding.ts";

/** How much better another model must be before a conversation leaves its own: its prompt cache and its tone go with it. */
const conversationMargin = 0.05;
/** Longest time to first data that is told apart. */
const longestMs = 10_000;
/** How much less the most demanding prompt, and how much more the least demanding one, lets cost weigh. */
const complexityReach = 0.5;
/** Of a prompt that is neither demanding nor easy: half of what people write looks less demanding. */
const middlingComplexity = 0.05;
/** Labels that the sign of complexity weighs as much as. */
const complexityMass = 10;

/** What stands in `ModelScore.excluded` of a model that could answer, but is not compared with the others. */
export const comparisonReasons = {
  "quality-drop": "is expected to be too much worse than the default",
  "not-preferred": "is not among the models that the domain prefers",
} as const;

interface Rated {
  readonly evidence: ModelEvidence;
  readonly quality: number;
  readonly here: number;
  readonly utility: number;
}

const noQuality: ExpectedQuality = { quality: 0, here: 0 };

interface Pick {
  readonly of: Rated;
  readonly reason: ChoiceReason;
  readonly propensity: number;
}

export function chooseModel(evidence: ChoiceEvidence): Choice {
  const rated = rate(evidence);
  const open = rated.filter((one) => one.evidence.excluded === "");
  const floored = aboveFloor(open, rated, evidence);
  const preferred = preferredOf(open, evidence);
  const pool = preferred.length === 0 ? floored : within(preferred, floored);
  const picked = pick(evidence, { rated, open, floored, pool });
  const scores = rated.map((one) => scoreOf(one, { open, floored, pool }));
  if (picked === undefined) return { model: "", reason: "none-fits", margin: 0, scores, propensity: 1 };
  const { of, reason, propensity } = picked;
  return { model: of.evidence.model, reason, margin: marginOf(of, pool), scores, propensity };
}

interface Pools {
  readonly rated: readonly Rated[];
  /** What nothing speaks against. */
  readonly open: readonly Rated[];
  /** Of those, what is good enough beside the default. */
  readonly floored: readonly Rated[];
  /** Of those, what the domain prefers: they are compared, the best first. */
  readonly pool: readonly Rated[];
}

function pick(evidence: ChoiceEvidence, pools: Pools): Pick | undefined {
  const { open, pool, floored } = pools;
  const sure = (of: Rated | undefined, reason: ChoiceReason): Pick | undefined =>
    of && { of, reason, propensity: 1 };
  const [best, second] = pool;
  if (best === undefined) return sure(lastResort(evidence, pools.rated), "none-fits");
  const said =
    sure(byModel(open, evidence.named), "named") ??
    (evidence.inToolLoop ? sure(byModel(open, evidence.previous), "tool-loop") : undefined) ??
    sure(byModel(open, evidence.rule?.model), "rule");
  if (said !== undefined) return said;
  if (open.length === 1) return sure(best, "only");
  const kept = byModel(floored, evidence.previous);
  if (kept !== undefined && fourDecimals(best.utility - kept.utility) <= conversationMargin)
    return sure(kept, "conversation");
  const known = isUnfamiliar(evidence) ? byModel(open, evidence.defaultModel) : undefined;
  if (known !== undefined) return sure(known, "unfamiliar");
  const reason = floored[0] === best ? "best" : "preferred";
  return explore(evidence, best, second) ?? { of: best, reason, propensity: stayShare(evidence, second) };
}

/** Best first. */
function rate(evidence: ChoiceEvidence): readonly Rated[] {
  const { models, prompt, latencyWeight } = evidence;
  const qualities = expectedQualities(models, prompt.familiarity);
  const dearest = dearestOf(models);
  const costWeight = evidence.costWeight * complexityFactor(evidence);
  const rated = models.map((model): Rated => {
    const { quality, here } = qualities.get(model.model) ?? noQuality;
    const cost = dearest > 0 ? Math.min(model.costUsd / dearest, 1) : 0;
    const time = Math.min(model.latencyMs, longestMs) / longestMs;
    return { evidence: model, quality, here, utility: quality - costWeight * cost - latencyWeight * time };
  });
  return rated.toSorted(compare);
}

/** Utility, then what is declared, then the name: never the place in a list. */
function compare(left: Rated, right: Rated): number {
  return (
    right.utility - left.utility ||
    right.evidence.declared - left.evidence.declared ||
    (left.evidence.model < right.evidence.model ? -1 : 1)
  );
}

/** What is too dear to be ever chosen is no measure for the others. */
function dearestOf(models: readonly ModelEvidence[]): number {
  return models.reduce(
    (most, { costUsd, excluded }) => (excluded === "price-ceiling" ? most : Math.max(most, costUsd)),
    0,
  );
}

/** 1 for a prompt of middling demand. The sign is a weak one, so labels push it aside. */
function complexityFactor({ prompt, models }: ChoiceEvidence): number {
  const labels =
    models.reduce((sum, { learnt }) => sum + Math.round((learnt?.count ?? 0) * 1_000), 0) / 1_000;
  const trust = complexityMass / (complexityMass + labels);
  const demand = prompt.complexity / (prompt.complexity + middlingComplexity);
  return 1 + complexityReach * trust * (1 - 2 * demand);
}

function aboveFloor(
  open: readonly Rated[],
  rated: readonly Rated[],
  { defaultModel, maxQualityDrop }: ChoiceEvidence,
): readonly Rated[] {
  const standard = byModel(rated, defaultModel);
  if (standard === undefined) return open;
  const floor = fourDecimals(standard.here - maxQualityDrop);
  const good = open.filter(({ here }) => here >= floor);
  return good.length === 0 ? open : good;
}

function preferredOf(open: readonly Rated[], { preferred }: ChoiceEvidence): readonly Rated[] {
  return open.filter(({ evidence }) => preferred.includes(evidence.model));
}

/** A preference is the author's word: where none of its models is above the floor, it goes before the floor. */
function within(preferred: readonly Rated[], floored: readonly Rated[]): readonly Rated[] {
  const both = preferred.filter((one) => floored.includes(one));
  return both.length === 0 ? preferred : both;
}

/** There are labels, but none of a prompt like this one, and nobody can say what it is about. */
function isUnfamiliar({ prompt, models }: ChoiceEvidence): boolean {
  const hasLabels = models.some(({ learnt }) => (learnt?.count ?? 0) > 0);
  const isSure = (prompt.domains[0]?.probability ?? 0) >= sureFrom;
  return hasLabels && !isSure && prompt.familiarity === 0;
}

function explore({ draw }: ChoiceEvidence, best: Rated, second: Rated | undefined): Pick | undefined {
  if (draw === undefined || second === undefined || second === best || draw.random >= draw.share)
    return undefined;
  return { of: second, reason: "exploration", propensity: draw.share };
}

function stayShare({ draw }: ChoiceEvidence, second: Rated | undefined): number {
  return draw === undefined || second === undefined ? 1 : fourDecimals(1 - draw.share);
}

/** Nothing fits: the default, whatever speaks against it but permission; then the best that may be used. */
function lastResort({ defaultModel }: ChoiceEvidence, rated: readonly Rated[]): Rated | undefined {
  const permitted = rated.filter(({ evidence }) => evidence.excluded !== "not-permitted");
  return byModel(permitted, defaultModel) ?? permitted[0];
}

function byModel(rated: readonly Rated[], model: string | undefined): Rated | undefined {
  return model === undefined ? undefined : rated.find(({ evidence }) => evidence.model === model);
}

function marginOf(chosen: Rated, pool: readonly Rated[]): number {
  const other = pool.find((one) => one !== chosen);
  return other === undefined ? 0 : fourDecimals(chosen.utility - other.utility);
}

function scoreOf(one: Rated, { open, floored, pool }: Omit<Pools, "rated">): ModelScore {
  const { model, excluded } = one.evidence;
  const quality = one.quality;
  const utility = fourDecimals(one.utility);
  if (excluded !== "" || pool.includes(one) || !open.includes(one))
    return { model, excluded, quality, utility };
  return { model, excluded: floored.includes(one) ? "not-preferred" : "quality-drop", quality, utility };
}
