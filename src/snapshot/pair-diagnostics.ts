// What only shows when a Model API and its services are seen together: protocols that do not meet, paths that miss.
import type { ApiProtocol, RouteProtocol } from "../core/protocol.ts";
import { taskOfRoute, translatedTo } from "../core/translated-pairs.ts";
import { endpointsOf, type ResolvedEndpoint } from "../providers/endpoint.ts";
import { prepareBaseUrl, upstreamUrl } from "../providers/upstream-url.ts";
import { pathText, type Issue } from "../resources/issue.ts";
import type { ModelApi } from "../resources/model-api.ts";
import { targetsOf, type Target } from "../resources/model-service.ts";
import type { Diagnostic, ResourceSet } from "../resources/resource-set.ts";
import type { Service } from "../resources/service.ts";
import { modelServiceIssues } from "./model-service-diagnostics.ts";
import { routingFaults, unknownAtService } from "./routing-diagnostics.ts";
import type { Snapshot, SnapshotApi } from "./snapshot.ts";

/** A target of a Model API with its service, both known. */
interface Pair {
  /** Of the target below its part, such as targets, 0. */
  readonly path: readonly (string | number)[];
  readonly part: "modelService" | "fallback";
  readonly service: Service;
  readonly endpoints: readonly ResolvedEndpoint[];
  /** Whether requests may be sent there at all. */
  readonly chosen: boolean;
}

/** Errors and warnings about services and about enabled Model APIs with the services that they use. */
export function pairDiagnostics(resources: ResourceSet, snapshot: Snapshot): Diagnostic[] {
  const found: Diagnostic[] = [];
  const endpoints = new Map<string, readonly ResolvedEndpoint[]>();
  for (const { name, value } of resources.services.values()) {
    const result = endpointsOf(value);
    if (result.ok) endpoints.set(name, result.endpoints);
    else
      found.push({ severity: "error", kind: "services", name, path: result.path, message: result.problem });
  }
  for (const { name, value } of resources["model-apis"].values()) {
    const api = snapshot.apis.get(name);
    if (api === undefined) continue;
    const pairs = pairsOf(value, (service) => {
      const resource = resources.services.get(service)?.value;
      const spoken = endpoints.get(service);
      // A service that is missing or at fault itself has a diagnostic of its own.
      return resource === undefined || spoken === undefined ? undefined : [resource, spoken];
    });
    const used = pairs.filter((pair) => pair.chosen);
    const warnings = [
      ...modelServiceIssues(value),
      ...unknownAtService(value.modelService, (service) => resources.services.get(service)?.value),
      ...passedOver(api, used),
      ...unusable(used),
      ...unstrippedPaths(api, pairs),
    ];
    for (const issue of [...routingFaults(value.modelService), ...unspoken(api, used)]) {
      found.push({ severity: "error", kind: "model-apis", name, ...issue });
    }
    for (const issue of warnings) found.push({ severity: "warning", kind: "model-apis", name, ...issue });
  }
  return found;
}

function pairsOf(
  { modelService, fallback }: ModelApi,
  lookUp: (service: string) => readonly [Service, readonly ResolvedEndpoint[]] | undefined,
): Pair[] {
  const weightless = ({ target }: { readonly target: Target }) => "weight" in target && target.weight === 0;
  const ofMode = targetsOf(modelService);
  const idle = ofMode.every(weightless) ? () => false : weightless;
  const rows = [
    ...ofMode.map((row) => ({ ...row, part: "modelService" as const, chosen: !idle(row) })),
    ...(fallback.enabled ? fallback.targets : []).map((target, index) => ({
      target,
      path: ["targets", index],
      part: "fallback" as const,
      chosen: true,
    })),
  ];
  return rows.flatMap(({ target, path, part, chosen }) => {
    const known = lookUp(target.service);
    if (known === undefined) return [];
    const [service, endpoints] = known;
    return { path, part, service, endpoints, chosen };
  });
}

function servicePath({ part, path }: Pair): string {
  return pathText([part, ...path, "service"]);
}

/** Whether a service takes requests of a protocol: as they are, or translated, at least those of one route. */
function takes({ endpoints }: Pair, api: SnapshotApi, protocol: ApiProtocol): boolean {
  const routes = api.routes.filter((route) => apiProtocolOf(route.protocol) === protocol);
  const reached = new Set<string>(
    routes.flatMap((route) => translatedTo(route.protocol, taskOfRoute[`${route.protocol} ${route.name}`])),
  );
  return endpoints.some((endpoint) => endpoint.protocol === protocol || reached.has(endpoint.protocol));
}

/** Responses are a route of APIs that speak OpenAI. */
function apiProtocolOf(protocol: RouteProtocol): ApiProtocol {
  return protocol === "openai-responses" ? "openai" : protocol;
}

/** Protocols of the Model API that none of its services takes: no request of such a one could be answered. */
function unspoken(api: SnapshotApi, pairs: readonly Pair[]): Issue[] {
  const missing = api.protocols.filter((protocol) => !pairs.some((pair) => takes(pair, api, protocol)));
  if (missing.length === 0) return [];
  return pairs
    .filter(({ part }) => part === "modelService")
    .map((pair) => ({
      path: servicePath(pair),
      message: `service "${pair.service.name}" does not speak ${missing.join(" and ")}, and no translation leads there: ${protocolRemedy}`,
    }));
}

/** Services that cannot take what another can. */
function passedOver(api: SnapshotApi, pairs: readonly Pair[]): Issue[] {
  const byName = api.modelService.mode === "by-model-name";
  return api.protocols.flatMap((protocol) => {
    const able = pairs.filter((pair) => takes(pair, api, protocol));
    if (able.length === 0) return [];
    const fallsBack = able.some(({ part }) => part === "fallback");
    return pairs
      .filter((pair) => !takes(pair, api, protocol))
      .map((pair) => {
        const lost = byName && pair.part === "modelService" && !fallsBack;
        const effect = lost
          ? "get 503 no_healthy_service where this target is the one that fits"
          : "pass over it";
        return {
          path: servicePath(pair),
          message: `service "${pair.service.name}" does not speak ${protocol}, and no translation leads there: requests of that protocol ${effect}; ${protocolRemedy}`,
        };
      });
  });
}

const protocolRemedy = "choose a service that does, or leave the protocol out";

function unusable(pairs: readonly Pair[]): Issue[] {
  return pairs.flatMap((pair) => {
    const { name, enabled, apiKeys } = pair.service;
    const keyless = apiKeys.length > 0 && apiKeys.every((key) => !key.enabled);
    if (enabled && !keyless) return [];
    const why = enabled ? "has no enabled API key" : "is disabled";
    const remedy = enabled ? "enable one of its keys" : "enable it";
    const message = `service "${name}" ${why}, so that nothing is sent to it: ${remedy}, or choose another service`;
    return { path: servicePath(pair), message };
  });
}

/** Once for each service, however many targets name it. */
function unstrippedPaths(api: SnapshotApi, pairs: readonly Pair[]): Issue[] {
  const services = new Map(pairs.map(({ service, endpoints }) => [service, endpoints]));
  return [...services].flatMap(([service, endpoints]) => unstrippedPath(api, endpoints, service));
}

/** A vendor knows nothing of an API's base path; a server of one's own may. */
function unstrippedPath(api: SnapshotApi, endpoints: readonly ResolvedEndpoint[], service: Service): Issue[] {
  const ownServer = service.protocols !== undefined || service.provider.endsWith("-compatible");
  if (api.basePath === "/" || api.stripBasePath || ownServer || service.provider === "simulator") return [];
  const route = api.routes.find((row) => endpoints.some((endpoint) => endpoint.protocol === row.protocol));
  const endpoint = endpoints.find((candidate) => candidate.protocol === route?.protocol);
  if (route === undefined || endpoint === undefined || endpoint.replaces !== undefined) return [];
  const url = upstreamUrl(prepareBaseUrl(endpoint.baseUrl), api.basePath + route.path);
  return [
    {
      path: "stripBasePath",
      message: `the base path is forwarded, so that service "${service.name}" will be called at ${url}; set stripBasePath: true unless that is meant`,
    },
  ];
}
