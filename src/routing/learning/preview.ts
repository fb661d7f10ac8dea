// What another policy would have done with requests that were decided before: who would have answered, for how much, and how
// good that is expected to be. Knows no record store and no text.
import type { ChoiceEvidence } from "../../core/routing-record.ts";
import type { RoutingModel } from "../decision/characteristics.ts";
import { chooseModel } from "../decision/choose-model.ts";
import type { CompiledRouting } from "../decision/gather-evidence.ts";
import type { LabelEstimates } from "../labels/label-table.ts";
import { bootstrapMean, type Bounded } from "./bootstrap.ts";
import { replayedEvidence } from "./replay.ts";

/** A request as it was decided and answered. */
export interface DecidedRequest {
  readonly evidence: ChoiceEvidence;
  /** Model that answered. */
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null: nobody knows. */
  readonly costUsd: number | null;
}

export interface PreviewShare {
  readonly model: string;
  /** Of the requests, 0 to 1. */
  readonly now: number;
  readonly next: number;
}

export interface Preview {
  readonly requests: number;
  /** That another model would have answered. */
  readonly changed: number;
  readonly models: readonly PreviewShare[];
  /** USD of all of them. */
  readonly costUsd: { readonly now: number; readonly next: number };
  /** Next less now, mean of a request, from -1 to 1. */
  readonly quality: Bounded;
  /** Whether labels say how good the models are, or what is declared alone. */
  readonly basis: "labels" | "declared";
}

export interface Policies {
  readonly saved: CompiledRouting;
  readonly draft: CompiledRouting;
}

interface Row {
  readonly now: string;
  readonly next: string;
  readonly costNow: number;
  readonly costNext: number;
  readonly quality: number;
}

/** Mass of the prior that what is declared of a model stands for. */
const priorMass = 10;

export function preview(requests: readonly DecidedRequest[], policies: Policies): Preview {
  const rows = requests.map((request) => rowOf(request, policies));
  const share = (pick: (row: Row) => string, model: string): number =>
    rows.length === 0 ? 0 : rows.filter((row) => pick(row) === model).length / rows.length;
  const names = new Set([...policies.draft.models.map(({ model }) => model), ...rows.map(({ now }) => now)]);
  const models = [...names]
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((model) => ({ model, now: share((row) => row.now, model), next: share((row) => row.next, model) }));
  return {
    requests: rows.length,
    changed: rows.filter(({ now, next }) => now !== next).length,
    models,
    costUsd: { now: sumOf(rows, "costNow"), next: sumOf(rows, "costNext") },
    quality: qualityOf(rows, models, requests),
    basis: requests.some(({ evidence }) => evidence.models.some(({ learnt }) => learnt !== undefined))
      ? "labels"
      : "declared",
  };
}

function rowOf(request: DecidedRequest, { saved, draft }: Policies): Row {
  const { evidence: recorded, model: now } = request;
  // Who asked for a profile by name, or a rule that did, would have done so again.
  const asked = recorded.profile === saved.policy.profile ? draft.policy.profile : recorded.profile;
  const routing = { ...draft, policy: { ...draft.policy, profile: asked } };
  const prices = { before: pricesOf(saved.models), after: pricesOf(draft.models) };
  const evidence = {
    ...replayedEvidence(routing, recorded, estimatesOf(recorded), {
      costFactor: (name) => blendedRatio(prices.before.get(name), prices.after.get(name)),
    }),
    ...saidNext(recorded),
  };
  const choice = chooseModel(evidence);
  const quality = (name: string): number => choice.scores.find((row) => row.model === name)?.quality ?? 0;
  const next = choice.model === "" ? now : choice.model;
  const isKnown = choice.scores.some((row) => row.model === now);
  return {
    now,
    next,
    ...costsOf(request, evidence, { now, next }, prices),
    quality: isKnown ? quality(next) - quality(now) : 0,
  };
}

/** What the client or a rule had said would be said again; what a conversation had goes with its first choice. */
function saidNext({ named, rule }: ChoiceEvidence): Pick<ChoiceEvidence, "named" | "rule"> {
  return { ...(named !== undefined && { named }), ...(rule !== undefined && { rule }) };
}

/** What labels said of this prompt stands in its evidence. */
function estimatesOf({ prompt, models }: ChoiceEvidence): LabelEstimates | undefined {
  const known = models.flatMap(({ model, learnt }) =>
    learnt === undefined ? [] : [[model, learnt] as const],
  );
  return known.length === 0 ? undefined : { familiarity: prompt.familiarity, models: new Map(known) };
}

type Prices = ReadonlyMap<string, RoutingModel["characteristics"]["price"]>;

function pricesOf(models: readonly RoutingModel[]): Prices {
  return new Map(models.map(({ model, characteristics }) => [model, characteristics.price]));
}

type Price = RoutingModel["characteristics"]["price"];

function blendedRatio(before: Price | undefined, after: Price | undefined): number {
  if (before === undefined || after === undefined) return 1;
  const base = before.input + before.output;
  return base === 0 ? 1 : (after.input + after.output) / base;
}

/** By the tokens that were used, as if the other model had needed as many. */
function costsOf(
  { inputTokens, outputTokens, costUsd }: DecidedRequest,
  evidence: ChoiceEvidence,
  { now, next }: Pick<Row, "now" | "next">,
  { before, after }: { readonly before: Prices; readonly after: Prices },
): Pick<Row, "costNow" | "costNext"> {
  const estimated = (model: string): number =>
    evidence.models.find((row) => row.model === model)?.costUsd ?? 0;
  const ofTokens = (price: Price | undefined): number | undefined =>
    price === undefined || inputTokens + outputTokens === 0
      ? undefined
      : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
  const costNow = costUsd ?? ofTokens(before.get(now)) ?? estimated(now);
  if (next === now) return { costNow, costNext: costNow * blendedRatio(before.get(now), after.get(now)) };
  return { costNow, costNext: ofTokens(after.get(next)) ?? estimated(next) };
}

/**
 * How far it may be off has two parts: which requests came, and how well each model is known. The second is that of a share
 * of good answers among as many labels as there are, with what is declared as ten more.
 */
function qualityOf(
  rows: readonly Row[],
  models: readonly PreviewShare[],
  requests: readonly DecidedRequest[],
): Bounded {
  const drawn = bootstrapMean(rows.map(({ quality }) => quality));
  const known = new Map(
    requests.flatMap(({ evidence }) => evidence.models.map((row) => [row.model, row] as const)),
  );
  const ofModels = models.reduce((sum, { model, now, next }) => {
    const { learnt, general = 0.5 } = known.get(model) ?? {};
    const worth = learnt?.mean ?? general;
    return sum + (next - now) ** 2 * ((worth * (1 - worth)) / (priorMass + 1 + (learnt?.count ?? 0)));
  }, 0);
  const reach = 1.96 * Math.sqrt(ofModels);
  const below = Math.hypot(drawn.value - drawn.low, reach);
  const above = Math.hypot(drawn.high - drawn.value, reach);
  return { value: drawn.value, low: drawn.value - below, high: drawn.value + above };
}

function sumOf(rows: readonly Row[], field: "costNow" | "costNext"): number {
  return rows.reduce((sum, row) => sum + row[field], 0);
}
