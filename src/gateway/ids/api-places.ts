// The places that the ids of a Model API can be at: its services with their keys, and how a request is sent to one of them.
import type { RoutingPolicy } from "../../routing/policy.ts";
import type { SnapshotModelService, SnapshotTarget } from "../../snapshot/snapshot.ts";
import { snapshotTargets } from "../../snapshot/snapshot-targets.ts";
import type { Plan, PlannedApi } from "../plan.ts";
import { createSelector, type SelectorTools } from "../selectors/create-selector.ts";
import type { Selector } from "../selectors/selector.ts";

export interface ApiPlaces {
  readonly services: ReadonlySet<string>;
  /** There is one service with at most one key: nobody else can have made what is unknown. */
  readonly isOnlyPlace: boolean;
  /** By service, made when first asked for: picks one of the API's targets there. */
  readonly selectors: Map<string, Selector>;
}

/** By Model API as planned: a new plan brings new ones, and few APIs are ever asked for ids. */
const known = new WeakMap<PlannedApi, ApiPlaces>();

export function placesOf(api: PlannedApi, { services }: Pick<Plan, "services">): ApiPlaces {
  let places = known.get(api);
  if (places === undefined) {
    const names = new Set(snapshotTargets(api.config).map(({ service }) => service));
    const [first = ""] = names;
    const keys = services.get(first)?.config.keys.length ?? 0;
    places = { services: names, isOnlyPlace: names.size === 1 && keys <= 1, selectors: new Map() };
    known.set(api, places);
  }
  return places;
}

/** Services that Model APIs with authentication use: what is there may be a consumer's. */
const guarded = new WeakMap<Plan, ReadonlySet<string>>();

function guardedServices(plan: Plan): ReadonlySet<string> {
  let names = guarded.get(plan);
  if (names === undefined) {
    const apis = plan.apis.filter(({ config }) => config.auth !== null);
    names = new Set(apis.flatMap(({ config }) => snapshotTargets(config).map(({ service }) => service)));
    guarded.set(plan, names);
  }
  return names;
}

/** Whether the lists of the API's one place hold nobody's objects but nobody's: they pass as they are. */
export function isEverybodys(api: PlannedApi, plan: Plan): boolean {
  if (api.config.auth !== null) return false;
  const { services, isOnlyPlace } = placesOf(api, plan);
  return isOnlyPlace && ![...services].some((service) => guardedServices(plan).has(service));
}

/** What picks a target of the API at one of its services. */
export function selectorAt(api: PlannedApi, plan: Plan, service: string, tools: SelectorTools): Selector {
  const { selectors } = placesOf(api, plan);
  let selector = selectors.get(service);
  if (selector === undefined) {
    const { config } = api;
    selector = createSelector({ ...config, modelService: narrowed(api, service) }, plan, tools);
    selectors.set(service, selector);
  }
  return selector;
}

/** The model service as if it had only this service: its first target there, unless the model's name tells more. */
function narrowed({ config }: PlannedApi, service: string): SnapshotModelService {
  const target = snapshotTargets(config).find((each) => each.service === service) ?? { service };
  const { modelService } = config;
  if (modelService.mode === "intelligent") return narrowedRouting(modelService.policy, service, target);
  if (modelService.mode !== "by-model-name") return { mode: "single", target };
  const rules = modelService.rules.filter((rule) => rule.target.service === service);
  const own = modelService.default?.service === service ? modelService.default : target;
  return { mode: "by-model-name", rules, default: own };
}

/** A choice among the models of that service; of one that is there for a fallback alone, its target. */
function narrowedRouting(
  policy: RoutingPolicy,
  service: string,
  target: SnapshotTarget,
): SnapshotModelService {
  const candidates = policy.candidates.filter((candidate) => candidate.service === service);
  if (candidates.length === 0) return { mode: "single", target };
  const { default: byDefault, ...rest } = policy;
  const own = byDefault?.service === service ? { default: byDefault } : {};
  return { mode: "intelligent", policy: { ...rest, ...own, candidates } };
}
