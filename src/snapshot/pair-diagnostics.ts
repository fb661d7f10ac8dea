// What only shows when a Model API and its services are seen together: protocols that do not meet, paths that miss.
import { endpointsOf, type ResolvedEndpoint } from "../providers/endpoint.ts";
import { prepareBaseUrl, upstreamUrl } from "../providers/upstream-url.ts";
import { targetsOf } from "../resources/model-service.ts";
import { pathText } from "../resources/issue.ts";
import type { Diagnostic, ResourceSet } from "../resources/resource-set.ts";
import type { Service } from "../resources/service.ts";
import type { Snapshot, SnapshotApi } from "./snapshot.ts";

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
    for (const { target, path } of targetsOf(value.modelService)) {
      const service = resources.services.get(target.service)?.value;
      const spoken = endpoints.get(target.service);
      // A service that is missing or at fault itself has a diagnostic of its own.
      if (service === undefined || spoken === undefined) continue;
      found.push(
        ...missingProtocols(api, spoken, target.service, pathText(["modelService", ...path, "service"])),
      );
      found.push(...unstrippedPath(api, spoken, service));
    }
  }
  return found;
}

function missingProtocols(
  api: SnapshotApi,
  endpoints: readonly ResolvedEndpoint[],
  service: string,
  path: string,
): Diagnostic[] {
  const spoken = new Set<string>(endpoints.map((endpoint) => endpoint.protocol));
  const missing = api.protocols.filter((protocol) => !spoken.has(protocol));
  if (missing.length === 0) return [];
  const message = `service "${service}" does not speak ${missing.join(" and ")}, and this build does not translate yet: choose a service that does, or leave the protocol out`;
  return [{ severity: "error", kind: "model-apis", name: api.name, path, message }];
}

/** A vendor knows nothing of an API's base path; a server of one's own may. */
function unstrippedPath(
  api: SnapshotApi,
  endpoints: readonly ResolvedEndpoint[],
  service: Service,
): Diagnostic[] {
  const ownServer = service.protocols !== undefined || service.provider.endsWith("-compatible");
  if (api.basePath === "/" || api.stripBasePath || ownServer || service.provider === "simulator") return [];
  const route = api.routes.find((row) => endpoints.some((endpoint) => endpoint.protocol === row.protocol));
  const endpoint = endpoints.find((candidate) => candidate.protocol === route?.protocol);
  if (route === undefined || endpoint === undefined || endpoint.replaces !== undefined) return [];
  const url = upstreamUrl(prepareBaseUrl(endpoint.baseUrl), api.basePath + route.path);
  return [
    {
      severity: "warning",
      kind: "model-apis",
      name: api.name,
      path: "stripBasePath",
      message: `the base path is forwarded, so that service "${service.name}" will be called at ${url}; set stripBasePath: true unless that is meant`,
    },
  ];
}
