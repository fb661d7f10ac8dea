// All that is known of a request and of the models -> the evidence that the choice is made by, rounded as it stands in the
// record. Knows no gateway: what changes from request to request is given to it.
import type { ChoiceEvidence, ModelEvidence, Profile, PromptEvidence } from "../../core/routing-record.ts";
import { sureFrom } from "../domains/domain-classifier.ts";
import type { LabelEstimates, QualityEstimate } from "../labels/label-table.ts";
import type { RoutingPolicy } from "../policy.ts";
import type { PromptFeatures } from "../prompt/prompt-features.ts";
import type { RequestFacts } from "../request-facts.ts";
import { defaultModelOf, strengthIn, type RoutingModel, type RoutingRow } from "./characteristics.ts";
import { likelyAnswerTokens, sieve, type ModelState, type Needs } from "./hard-filters.ts";
import { askedProfile, profileWeights } from "./profiles.ts";
import { expectedQualities } from "./quality.ts";
import { fourDecimals, fourDigits } from "./rounding.ts";
import { createRuleReader, type RuleOutcome, type RuleReader } from "./rules.ts";

/** Domains that a record names. */
const mostDomains = 3;
const mostUsd = 1_000_000;
const mostLatencyMs = 600_000;
const mostCount = 1_000_000;

/** A policy, ready for requests. */
export interface CompiledRouting {
  readonly policy: RoutingPolicy;
  readonly models: readonly RoutingModel[];
  readonly defaultModel: string;
  readonly readRules: RuleReader;
}

/** @throws SyntaxError for a regular expression that cannot be used */
export function compileRouting(policy: RoutingPolicy, models: readonly RoutingModel[]): CompiledRouting {
  return {
    policy,
    models,
    defaultModel: defaultModelOf(policy, models),
    readRules: createRuleReader(policy),
  };
}

export interface DomainFinding {
  readonly domains: PromptEvidence["domains"];
  readonly source: "engine" | "classifier";
}

export interface RequestSignals {
  readonly facts: RequestFacts;
  readonly rules: RuleOutcome;
  readonly features: Pick<PromptFeatures, "language" | "complexity">;
  /** In any order; what a rule says goes before it. */
  readonly found: DomainFinding;
  /** Undefined: nothing was learnt. */
  readonly estimates: LabelEstimates | undefined;
  /** In the order of `CompiledRouting.models`. */
  readonly states: readonly ModelState[];
  /** Model that the conversation had. */
  readonly previous: string | undefined;
  /** Drawn for this request; undefined: nothing is explored. */
  readonly draw: { readonly random: number; readonly share: number } | undefined;
}

export interface GatheredEvidence {
  readonly evidence: ChoiceEvidence;
  /** By model: where it may be sent to; empty for one that is excluded. */
  readonly rows: ReadonlyMap<string, readonly RoutingRow[]>;
}

export function gatherEvidence(routing: CompiledRouting, signals: RequestSignals): GatheredEvidence {
  const { policy, models } = routing;
  const prompt = promptEvidence(signals);
  const qualities = models.map((model) => qualityEvidence(model, prompt, signals.estimates));
  const expected = expectedQualities(qualities, prompt.familiarity);
  const domain = policy.domains.find(({ name }) => name === sureDomain(prompt));
  const least = (domain?.minQuality ?? 0) / 100;
  const sieved = sieve(models, signals.states, needsOf(policy, prompt, signals), (model) =>
    isAtLeast(expected.get(model)?.quality, least),
  );
  const rows = models.map(({ model }, index) => [model, sieved[index]?.rows ?? []] as const);
  const evidence = {
    ...weightsOf(policy, signals),
    prompt,
    models: models.map((model, index): ModelEvidence => ({
      model: model.model,
      excluded: sieved[index]?.excluded ?? "",
      ...figuresOf(qualities[index]),
      ...runningFigures(model, sieved[index]?.rows ?? [], signals.states[index], signals.facts),
    })),
    defaultModel: routing.defaultModel,
    preferred: domain?.prefer ?? [],
    ...saidOf(models, signals),
    inToolLoop: signals.facts.inToolLoop,
  };
  return { evidence, rows: new Map(rows) };
}

function isAtLeast(quality: number | undefined, least: number): boolean {
  return quality !== undefined && quality >= fourDecimals(least);
}

function needsOf({ maxPrice }: RoutingPolicy, prompt: PromptEvidence, { facts }: RequestSignals): Needs {
  return { facts, language: prompt.language, maxPrice };
}

function promptEvidence({ features, rules, found, estimates }: RequestSignals): PromptEvidence {
  const said = rules.domain;
  const domains =
    said === undefined
      ? found.domains
          .filter(({ probability }) => probability > 0)
          .toSorted(
            (left, right) => right.probability - left.probability || (left.name < right.name ? -1 : 1),
          )
          .slice(0, mostDomains)
          .map(({ name, probability }) => ({ name, probability: fourDecimals(probability) }))
      : [{ name: said.name, probability: 1 }];
  return {
    language: features.language,
    complexity: fourDecimals(unit(features.complexity)),
    domains,
    source: said?.source ?? found.source,
    familiarity: fourDecimals(unit(estimates?.familiarity ?? 0)),
  };
}

/** The domain that a prompt is taken to belong to; undefined: `general`. */
export function sureDomain({ domains }: PromptEvidence): string | undefined {
  const [likeliest] = domains;
  return likeliest !== undefined && likeliest.probability >= sureFrom ? likeliest.name : undefined;
}

type Figures = Pick<ModelEvidence, "model" | "declared" | "general" | "learnt">;

/**
 * What a model is worth for a prompt that may be about several domains is the mean over them, by their probability, and
 * what it is worth in general for the rest. With one likely domain that is its strength there; between two there is no
 * edge where a slightly other prompt would be decided otherwise.
 */
export function qualityEvidence(
  { model, characteristics }: RoutingModel,
  { domains }: PromptEvidence,
  estimates: LabelEstimates | undefined,
): Figures {
  let declared = characteristics.quality;
  for (const { name, probability } of domains)
    declared += probability * (strengthIn(characteristics, name) - characteristics.quality);
  const learnt = learntOf(estimates?.models.get(model));
  return {
    model,
    declared: fourDecimals(unit(declared / 100)),
    general: fourDecimals(unit(characteristics.quality / 100)),
    ...(learnt !== undefined && { learnt }),
  };
}

function learntOf(estimate: QualityEstimate | undefined): ModelEvidence["learnt"] {
  if (estimate === undefined || !(estimate.count > 0) || Number.isNaN(estimate.mean)) return undefined;
  const { near, mean, count } = estimate;
  return {
    near: fourDecimals(unit(Number.isNaN(near) ? mean : near)),
    mean: fourDecimals(unit(mean)),
    count: fourDigits(count, mostCount),
  };
}

function figuresOf(figures: Figures | undefined): Omit<Figures, "model"> {
  if (figures === undefined) return { declared: 0, general: 0 };
  const { declared, general, learnt } = figures;
  return { declared, general, ...(learnt !== undefined && { learnt }) };
}

/** What it costs at the dearest of the services that it may be sent to. */
function runningFigures(
  { rows }: RoutingModel,
  open: readonly RoutingRow[],
  state: ModelState | undefined,
  { promptTokens, maxOutputTokens }: RequestFacts,
): Pick<ModelEvidence, "costUsd" | "latencyMs"> {
  const likely = state?.outputTokens ?? likelyAnswerTokens;
  const answer = Math.min(likely, maxOutputTokens ?? likely);
  const costs = (open.length === 0 ? rows : open).map(
    ({ characteristics: { price } }) => (promptTokens * price.input + answer * price.output) / 1_000_000,
  );
  return {
    costUsd: fourDigits(Math.max(0, ...costs), mostUsd),
    latencyMs: fourDigits(state?.latencyMs ?? 0, mostLatencyMs),
  };
}

function weightsOf(
  policy: RoutingPolicy,
  { facts, rules }: RequestSignals,
): Pick<ChoiceEvidence, "profile" | "costWeight" | "latencyWeight" | "maxQualityDrop"> {
  const profile = rules.profile ?? askedOf(facts.requestedModel, policy.profile);
  const weights = profileWeights[profile];
  return {
    profile,
    costWeight: fourDecimals(policy.weights?.cost ?? weights.cost),
    latencyWeight: fourDecimals(policy.weights?.latency ?? weights.latency),
    maxQualityDrop: fourDecimals((policy.maxQualityDrop ?? weights.maxQualityDrop) / 100),
  };
}

function askedOf(model: string | undefined, own: Profile): Profile {
  return (model === undefined ? undefined : askedProfile(model, own)) ?? own;
}

/** Who names a model, of those that there are: of others nothing follows. */
function saidOf(
  models: readonly RoutingModel[],
  { facts, rules, previous, draw }: RequestSignals,
): Pick<ChoiceEvidence, "named" | "rule" | "previous" | "draw"> {
  const isKnown = (name: string | undefined): name is string => models.some(({ model }) => model === name);
  return {
    ...(isKnown(facts.requestedModel) && { named: facts.requestedModel }),
    ...(rules.rule !== undefined && { rule: rules.rule }),
    ...(isKnown(previous) && { previous }),
    ...(draw !== undefined && { draw }),
  };
}

function unit(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}
