// Decides a prompt again of which only the numbers are known: under another policy, by other labels. Knows no record and
// no text.
import type { Choice, ChoiceEvidence, ModelEvidence, PromptEvidence } from "../../core/routing-record.ts";
import type { RoutingModel } from "../decision/characteristics.ts";
import { chooseModel } from "../decision/choose-model.ts";
import { qualityEvidence, sureDomain, type CompiledRouting } from "../decision/gather-evidence.ts";
import { profileWeights } from "../decision/profiles.ts";
import { expectedQualities } from "../decision/quality.ts";
import { fourDecimals, fourDigits } from "../decision/rounding.ts";
import type { LabelEstimates, LabelIndex } from "../labels/label-table.ts";
import { vectorLength, type PromptFeatures } from "../prompt/prompt-features.ts";

/** What was known of a prompt when it was decided. */
export interface KnownPrompt {
  readonly prompt: PromptEvidence;
  readonly models: readonly Omit<ModelEvidence, "learnt">[];
}

export interface ReplayOptions {
  /** What a model costs now, in shares of what it cost when the prompt came; absent: the same. */
  readonly costFactor?: (model: string) => number;
}

/** What spoke against a model at that moment alone, or is judged anew. */
const ofTheMoment: ReadonlySet<string> = new Set(["unreachable", "ejected", "price-ceiling", "min-quality"]);

const mostUsd = 1_000_000;

/** The features that labels are looked up by, out of the bytes that stand for a prompt. */
export function featuresOfSketch(sketch: Int8Array): PromptFeatures {
  const numbers = Float32Array.from(sketch, (byte) => byte / 127);
  return {
    grams: new Uint16Array(),
    gramWeights: new Float32Array(),
    gramCount: 0,
    vector: numbers.subarray(0, vectorLength),
    meaning: new Float32Array(vectorLength),
    structure: numbers.subarray(vectorLength),
    language: undefined,
    complexity: 0,
  };
}

/** @param labels undefined: nothing was learnt */
export function replay(
  routing: CompiledRouting,
  known: KnownPrompt & { readonly sketch: Int8Array },
  labels: LabelIndex | undefined,
): Choice {
  return chooseModel(replayedEvidence(routing, known, labels?.estimate(featuresOfSketch(known.sketch))));
}

/** As a request for `auto` that begins a conversation; no rule is asked, as there is no text. */
export function replayedEvidence(
  routing: CompiledRouting,
  known: KnownPrompt,
  estimates: LabelEstimates | undefined,
  options: ReplayOptions = {},
): ChoiceEvidence {
  const { policy, models, defaultModel } = routing;
  const prompt = { ...known.prompt, familiarity: fourDecimals(estimates?.familiarity ?? 0) };
  const domain = policy.domains.find(({ name }) => name === sureDomain(prompt));
  const figures = models.map((model) => qualityEvidence(model, prompt, estimates));
  const expected = expectedQualities(figures, prompt.familiarity);
  const least = fourDecimals((domain?.minQuality ?? 0) / 100);
  const running = runningFigures(known.models, models, options);
  const weights = profileWeights[policy.profile];
  return {
    profile: policy.profile,
    costWeight: fourDecimals(policy.weights?.cost ?? weights.cost),
    latencyWeight: fourDecimals(policy.weights?.latency ?? weights.latency),
    maxQualityDrop: fourDecimals((policy.maxQualityDrop ?? weights.maxQualityDrop) / 100),
    prompt,
    models: figures.map((figure, index): ModelEvidence => {
      const { excluded = "", costUsd = 0, latencyMs = 0 } = running[index] ?? {};
      const isDear = (models[index]?.characteristics.price.output ?? 0) > (policy.maxPrice ?? Infinity);
      const isWeak = (expected.get(figure.model)?.quality ?? 0) < least;
      const why = excluded || (isDear ? "price-ceiling" : isWeak ? "min-quality" : "");
      return { ...figure, excluded: why, costUsd, latencyMs };
    }),
    defaultModel,
    preferred: domain?.prefer ?? [],
    inToolLoop: false,
  };
}

type Running = Pick<ModelEvidence, "excluded" | "costUsd" | "latencyMs">;

/** Of a model that was no candidate then: what another cost, by their prices, and the mean time of the others. */
function runningFigures(
  known: KnownPrompt["models"],
  models: readonly RoutingModel[],
  { costFactor = () => 1 }: ReplayOptions,
): readonly Running[] {
  const byModel = new Map(known.map((evidence) => [evidence.model, evidence]));
  const reference = models.find(({ model, characteristics }) => {
    return byModel.has(model) && blended(characteristics) > 0;
  });
  const perPrice =
    reference === undefined
      ? 0
      : (byModel.get(reference.model)?.costUsd ?? 0) / blended(reference.characteristics);
  const latencyMs = known.reduce((sum, row) => sum + row.latencyMs, 0) / Math.max(1, known.length);
  return models.map(({ model, characteristics }) => {
    const evidence = byModel.get(model);
    if (evidence === undefined)
      return {
        excluded: "",
        costUsd: fourDigits(perPrice * blended(characteristics), mostUsd),
        latencyMs: fourDigits(latencyMs, mostUsd),
      };
    const excluded = ofTheMoment.has(evidence.excluded) ? "" : evidence.excluded;
    const costUsd = fourDigits(evidence.costUsd * costFactor(model), mostUsd);
    return { excluded, costUsd, latencyMs: evidence.latencyMs };
  });
}

/** Of a request with as many tokens in as out. */
function blended({ price }: RoutingModel["characteristics"]): number {
  return price.input + price.output;
}
