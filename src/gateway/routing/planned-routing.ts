// A policy of mode intelligent as a plan has it: models, rules, tables, and who else is asked. Made when the first request
// comes; what is costly is kept for as long as what it was made of. Knows no request.
import type { ModelCatalogue } from "../../providers/model-catalogue.ts";
import { defaultModelOf, modelsOf, type KnownOfCandidate } from "../../routing/decision/characteristics.ts";
import type { CompiledRouting } from "../../routing/decision/gather-evidence.ts";
import { createRuleReader, type RuleReader } from "../../routing/decision/rules.ts";
import type { PublishedRouter, RoutingCandidate, RoutingPolicy } from "../../routing/policy.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";

/** What of a plan, or of a snapshot, models are known by. */
export interface RoutingPlaces {
  readonly services: ReadonlyMap<string, Pick<ServiceRuntime, "config" | "prices">>;
  readonly models: ModelCatalogue;
  /** What was learnt, by Model API. */
  readonly routers?: ReadonlyMap<string, PublishedRouter> | undefined;
}

/** A policy is the same object in the next snapshot, unless it was changed. */
const readers = new WeakMap<RoutingPolicy, RuleReader>();

export function planRouting(policy: RoutingPolicy, places: RoutingPlaces): CompiledRouting {
  let readRules = readers.get(policy);
  if (readRules === undefined) {
    readRules = createRuleReader(policy);
    readers.set(policy, readRules);
  }
  const models = modelsOf(policy, (candidate) => knownOf(candidate, places));
  return { policy, models, defaultModel: defaultModelOf(policy, models), readRules };
}

/** What the service and the model data say of a candidate, where its author does not. */
export function knownOf(
  { service, model }: Pick<RoutingCandidate, "service" | "model">,
  { services, models }: RoutingPlaces,
): KnownOfCandidate {
  const runtime = services.get(service);
  if (runtime === undefined) return { known: undefined, price: undefined };
  const { provider } = runtime.config;
  return { known: models.known(provider, model), price: runtime.prices.get(model) };
}
