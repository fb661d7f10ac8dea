// Evidence, facts and models for tests: everything has a value that speaks for nothing.
import type { ChoiceEvidence, ModelEvidence, PromptEvidence } from "../../core/routing-record.ts";
import type { DeclaredCharacteristics, RoutingCandidate, RoutingPolicy } from "../policy.ts";
import type { RequestFacts } from "../request-facts.ts";
import { modelsOf, type KnownOfCandidate } from "./characteristics.ts";
import {
  compileRouting,
  gatherEvidence,
  type CompiledRouting,
  type GatheredEvidence,
  type RequestSignals,
} from "./gather-evidence.ts";
import type { ModelState } from "./hard-filters.ts";
import { profileWeights } from "./profiles.ts";

export function testModel(model: string, fields: Partial<ModelEvidence> = {}): ModelEvidence {
  const { declared = 0.7 } = fields;
  return { model, excluded: "", declared, general: declared, costUsd: 0.001, latencyMs: 500, ...fields };
}

const testPrompt: PromptEvidence = {
  language: "en",
  complexity: 0.05,
  domains: [],
  source: "engine",
  familiarity: 0,
};

/** By the weights of profile balanced. */
export function testEvidence(
  models: readonly ModelEvidence[],
  { prompt, ...fields }: Partial<Omit<ChoiceEvidence, "prompt">> & { prompt?: Partial<PromptEvidence> } = {},
): ChoiceEvidence {
  const { cost, latency, maxQualityDrop } = profileWeights[fields.profile ?? "balanced"];
  return {
    profile: "balanced",
    costWeight: cost,
    latencyWeight: latency,
    maxQualityDrop: maxQualityDrop / 100,
    models,
    defaultModel: models[0]?.model ?? "",
    preferred: [],
    inToolLoop: false,
    ...fields,
    prompt: { ...testPrompt, ...prompt },
  };
}

export function testFacts(fields: Partial<RequestFacts> = {}): RequestFacts {
  return {
    requestedModel: "auto",
    question: "What is the capital of France?",
    inToolLoop: false,
    turns: 1,
    continues: false,
    conversation: undefined,
    input: ["text"],
    output: ["text"],
    promptTokens: 100,
    maxOutputTokens: undefined,
    needsTools: false,
    needsJsonSchema: false,
    consumer: "",
    header: () => undefined,
    metadata: () => undefined,
    mayUse: () => true,
    ...fields,
  };
}

/** At service `s` unless the name has one in front: `a/small`. */
export function testCandidate(
  name: string,
  declared: Partial<DeclaredCharacteristics> = {},
): RoutingCandidate {
  const [service = "", model] = name.split("/");
  return {
    service: model === undefined ? "s" : service,
    model: model ?? service,
    declared: { strengths: {}, ...declared },
  };
}

export function testPolicy(
  candidates: readonly RoutingCandidate[],
  fields: Partial<RoutingPolicy> = {},
): RoutingPolicy {
  return {
    profile: "balanced",
    candidates,
    rules: [],
    domains: [],
    otherNames: "route",
    exploration: 0,
    learns: false,
    domainTable: "",
    ...fields,
  };
}

const nothingKnown: KnownOfCandidate = { known: undefined, price: undefined };

export function testRouting(policy: RoutingPolicy): CompiledRouting {
  return compileRouting(
    policy,
    modelsOf(policy, () => nothingKnown),
  );
}

export const testState = (fields: Partial<ModelState> = {}): ModelState => ({
  health: [],
  outputTokens: 200,
  latencyMs: 500,
  ...fields,
});

/** Signals of a request of which only the facts are told. */
export function gatherFrom(
  routing: CompiledRouting,
  facts: Partial<RequestFacts>,
  signals: Partial<RequestSignals> = {},
): GatheredEvidence {
  const all = testFacts(facts);
  return gatherEvidence(routing, {
    facts: all,
    rules: routing.readRules(all),
    features: { language: "en", complexity: 0.05 },
    found: { domains: [], source: "engine" },
    estimates: undefined,
    states: routing.models.map(() => testState()),
    previous: undefined,
    draw: undefined,
    ...signals,
  });
}
