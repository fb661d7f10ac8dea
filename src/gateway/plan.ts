// Turns a snapshot into what requests run on: matchers, routes with their wire format, services, consumers. Built once per snapshot.
import type { ServiceProtocol } from "../core/protocol.ts";
import { taskOfRoute } from "../core/translated-pairs.ts";
import { idsOfRoute, type RouteIds } from "../protocols/ids/route-ids.ts";
import type { RouteTraits } from "../protocols/route-operations.ts";
import { traitsOf, vendorPathOf } from "../protocols/route-traits.ts";
import type { Wire } from "../protocols/wire.ts";
import { wires } from "../protocols/wires.ts";
import { catalogueOf, type ModelCatalogue } from "../providers/model-catalogue.ts";
import type { PublishedRouter } from "../routing/policy.ts";
import type {
  Snapshot,
  SnapshotApi,
  SnapshotConsumer,
  SnapshotConsumerGroup,
  SnapshotRoute,
} from "../snapshot/snapshot.ts";
import { snapshotTargets } from "../snapshot/snapshot-targets.ts";
import type { Credentials, KnownCredential } from "./identity/credentials.ts";
import { Grants } from "./identity/grants.ts";
import type { VerifiedTokens } from "./identity/jwt.ts";
import { keyHeaders } from "./key-sources.ts";
import { knowsModels } from "./model-names.ts";
import { planLimits, type PlannedLimits } from "./limits/planned-limits.ts";
import { isForwardedHeader } from "./request-head.ts";
import { HostTable, RouteTable, type MatchableApi, type MatchableRoute } from "./match.ts";
import { createChecks } from "./moderation/checks/create-checks.ts";
import { planModeration } from "./moderation/plan-moderation.ts";
import type { ModerationPolicy } from "./moderation/policy.ts";
import { createSelector, type SelectorPlaces, type SelectorTools } from "./selectors/create-selector.ts";
import type { Selector, Target } from "./selectors/selector.ts";
import { resolveTargets } from "./selectors/resolve-targets.ts";
import type { ServiceRuntime } from "./targets/service-runtime.ts";
import type { Upstream } from "./upstream/upstream.ts";

export interface PlannedRoute extends MatchableRoute {
  readonly row: SnapshotRoute;
  readonly wire: Wire;
  /** What its operations do. */
  readonly traits: RouteTraits;
  /** Path at services, where they have it at another than the route's. */
  readonly vendorPath: string | undefined;
  /** Where ids stand in its requests and answers; undefined for a route that has none. */
  readonly ids: RouteIds | undefined;
  /** What a service must speak to be sent this route's bytes unchanged. */
  readonly serviceProtocol: ServiceProtocol;
  /** What its requests make is kept by no service: those that would read it find nothing. */
  readonly keepsNothing: boolean;
  /** The gateway answers by itself, with the names of the models that the API serves. */
  readonly listsModels: boolean;
  /** The same route for clients that speak Anthropic by their own word; null = this one. */
  readonly forAnthropic: PlannedRoute | null;
}

export interface PlannedApi extends MatchableApi<PlannedRoute> {
  readonly config: SnapshotApi;
  readonly selector: Selector;
  /** Whether the model that a request names matters: to choose a target, or because one has a model of its own. */
  readonly readsModel: boolean;
  /** Tried in order after the selected target failed. */
  readonly fallbacks: readonly Target[];
  /** Lower-case names of headers in which clients send keys, besides those that never go upstream anyway. */
  readonly keyHeaders: readonly string[];
  /** Null: no content is checked. */
  readonly moderation: ModerationPolicy | null;
  /** Who may call it; null when authentication is off. */
  readonly grants: Grants | null;
  /** Null: it has no rate limits. */
  readonly limits: PlannedLimits | null;
}

export interface Plan {
  readonly revision: number;
  readonly instance: string;
  readonly apis: readonly PlannedApi[];
  readonly hosts: HostTable<PlannedApi, PlannedRoute>;
  readonly services: ReadonlyMap<string, ServiceRuntime>;
  readonly consumers: ReadonlyMap<string, SnapshotConsumer>;
  /** What is known of the models of services. */
  readonly models: ModelCatalogue;
  /** What was learnt and is in use, by Model API; undefined: nothing is. */
  readonly routers: ReadonlyMap<string, PublishedRouter> | undefined;
  /** Those with quotas; undefined = none has any. */
  readonly consumerGroups: ReadonlyMap<string, SnapshotConsumerGroup> | undefined;
  readonly credentials: Credentials;
  /** Keys that were found lately, by themselves: hashing one costs more than all the rest of authentication. */
  readonly foundKeys: Map<string, KnownCredential>;
  /** Tokens that were verified lately: verifying one takes a thousand times longer than finding it. */
  readonly verifiedTokens: VerifiedTokens;
}

export interface PlanTools extends SelectorTools {
  /** Whom checks of content ask; without one, as where nothing is sent, none is made. */
  readonly upstream?: Upstream;
}

/** The list of models, in both protocols that have it. */
export const modelsRoute = "models";

/**
 * @param services runtimes by name; kept by the caller, so that their state outlives a snapshot
 * @param credentials of all consumers; kept by the caller, so that one changed consumer costs one entry
 */
export function createPlan(
  snapshot: Snapshot,
  services: ReadonlyMap<string, ServiceRuntime>,
  credentials: Credentials,
  tools: PlanTools,
): Plan {
  const models = catalogueOf(snapshot.modelData);
  const places = { services, models, routers: snapshot.routers };
  const apis = [...snapshot.apis.values()].map((api) => planApi(api, places, tools));
  return {
    revision: snapshot.revision,
    instance: snapshot.instance,
    apis,
    hosts: new HostTable(apis),
    services,
    consumers: snapshot.consumers,
    models,
    routers: snapshot.routers,
    consumerGroups: snapshot.consumerGroups,
    credentials,
    // Both end with the plan, so that a revoked credential is not found a moment longer here than there.
    foundKeys: new Map(),
    verifiedTokens: new Map(),
  };
}

function planApi(config: SnapshotApi, places: SelectorPlaces, tools: PlanTools): PlannedApi {
  const { services } = places;
  return {
    config,
    basePath: config.basePath,
    hosts: config.hosts,
    protocols: config.protocols,
    routes: new RouteTable(config.routes.map((row) => planRoute(row, config, services))),
    keyHeaders: keyHeaders(config.auth?.apiKeySources ?? []).filter(isForwardedHeader),
    selector: createSelector(config, places, tools),
    moderation: moderationOf(config, services, tools),
    readsModel:
      config.modelService.mode === "by-model-name" ||
      snapshotTargets(config).some(({ model }) => model !== undefined),
    fallbacks: resolveTargets(config.fallback.targets, services),
    grants: config.auth === null ? null : new Grants(config.auth),
    limits: planLimits(config.name, config.rateLimits),
  };
}

function moderationOf(
  { moderation }: SnapshotApi,
  services: ReadonlyMap<string, ServiceRuntime>,
  { upstream }: PlanTools,
): ModerationPolicy | null {
  if (moderation === undefined || upstream === undefined) return null;
  return planModeration(moderation, (config) => createChecks(config, { services, upstream }));
}

function planRoute(
  row: SnapshotRoute,
  config: SnapshotApi,
  services: ReadonlyMap<string, ServiceRuntime>,
): PlannedRoute {
  const facts = knownOf(row);
  const keepsNothing = isTranslatedOnly(row, config, services);
  const listsModels = isOwnList(row, config);
  const twin = row.name === modelsRoute && row.protocol !== "anthropic" ? anthropicRow(config) : undefined;
  return {
    row: servedRow(row, config),
    wire: wires[row.protocol],
    ...facts,
    keepsNothing,
    serviceProtocol: row.protocol,
    listsModels,
    forAnthropic: twin === undefined ? null : planRoute(twin, config, services),
  };
}

/** Whether responses can only be translated here: then they are kept by nobody. */
function isTranslatedOnly(
  row: SnapshotRoute,
  config: SnapshotApi,
  services: ReadonlyMap<string, ServiceRuntime>,
): boolean {
  if (row.protocol !== "openai-responses" || taskOfRoute[`${row.protocol} ${row.name}`] === undefined)
    return false;
  return !snapshotTargets(config).some(({ service }) => services.get(service)?.endpointFor(row));
}

/** What the tables say of a route. */
type Known = Pick<PlannedRoute, "traits" | "vendorPath" | "ids">;

/** By route of a snapshot: most of them are in the next snapshot too. */
const known = new WeakMap<SnapshotRoute, Known>();

function knownOf(row: SnapshotRoute): Known {
  let facts = known.get(row);
  if (facts === undefined) {
    facts = { traits: traitsOf(row), vendorPath: vendorPathOf(row), ids: idsOfRoute(row) };
    known.set(row, facts);
  }
  return facts;
}

/** The route as it is served: only a service could do more with the list of models than show it. */
export function servedRow(row: SnapshotRoute, config: SnapshotApi): SnapshotRoute {
  return isOwnList(row, config) ? { ...row, methods: ["GET"] } : row;
}

function isOwnList(row: SnapshotRoute, { modelService }: SnapshotApi): boolean {
  return row.name === modelsRoute && knowsModels(modelService);
}

/** Both protocols have the list of models at one path. */
function anthropicRow({ routes }: SnapshotApi): SnapshotRoute | undefined {
  return routes.find((row) => row.name === modelsRoute && row.protocol === "anthropic");
}
