// The endpoints that a service ends up with: the catalogue's, moved by its base URL or replaced by its protocol list.
import type { ServiceDialect, ServiceProtocol } from "../core/protocol.ts";
import type { Task } from "../core/translated-pairs.ts";
import type { ProviderId } from "../resources/provider-id.ts";
import { providerOf } from "./catalog.ts";
import { hasUnreadableKey, keyFault, projectOfKeys, withRegion } from "./key-faults.ts";
import type { Provider, ProviderAuth, ProviderEndpoint } from "./provider.ts";

/** The fields of a service that decide. */
export interface EndpointSource {
  readonly provider: ProviderId;
  readonly baseUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly project?: string | undefined;
  readonly apiKeys?: readonly { readonly value: unknown }[] | undefined;
  readonly protocols?:
    | readonly { readonly protocol: ServiceProtocol; readonly baseUrl?: string | undefined }[]
    | undefined;
}

export interface ResolvedEndpoint {
  readonly protocol: ServiceProtocol;
  readonly baseUrl: string;
  readonly replaces?: string;
  /** Version of the API, where the model stands in the path as a deployment. */
  readonly deployments?: string;
  readonly auth: ProviderAuth;
  readonly dialect?: ServiceDialect;
  readonly lacks?: readonly Task[];
}

/** What is missing, or every endpoint of the service. */
export type EndpointResult =
  | { readonly ok: true; readonly endpoints: readonly ResolvedEndpoint[] }
  | { readonly ok: false; readonly path: string; readonly problem: string };

const xApiKey: ProviderAuth = { kind: "header", name: "x-api-key" };

/**
 * A base URL without a path, or with the path of one of the catalogue's endpoints, moves every endpoint to its origin
 * and keeps their paths; with any other path it stands for all of them as it is.
 */
export function endpointsOf(source: EndpointSource): EndpointResult {
  const provider = providerOf(source.provider);
  const result = addressesOf(source, provider);
  if (!result.ok) return result;
  const endpoints = result.endpoints.map((endpoint) => withRegion(endpoint, source.region));
  return keyFault(source, endpoints) ?? { ok: true, endpoints };
}

function addressesOf(source: EndpointSource, provider: Provider): EndpointResult {
  const { protocols } = source;
  if (protocols === undefined) return usualAddresses(source, provider, provider.endpoints);
  const endpoints: ResolvedEndpoint[] = [];
  for (const [index, { protocol, baseUrl }] of protocols.entries()) {
    if (baseUrl !== undefined) {
      endpoints.push(ownEndpoint(provider, { protocol, baseUrl }));
      continue;
    }
    const rows = provider.endpoints.filter((row) => row.protocol === protocol);
    const usual = usualAddresses(source, provider, rows);
    if (!usual.ok) return usual;
    if (usual.endpoints.length === 0) {
      const problem = `is required: the catalogue knows no address at which ${provider.id} speaks ${protocol}`;
      return { ok: false, path: `protocols[${index}].baseUrl`, problem };
    }
    endpoints.push(...usual.endpoints);
  }
  return { ok: true, endpoints };
}

/** The catalogue's addresses, moved by the service's base URL. */
function usualAddresses(
  source: EndpointSource,
  provider: Provider,
  rows: readonly ProviderEndpoint[],
): EndpointResult {
  const { baseUrl } = source;
  const path = baseUrl === undefined ? undefined : pathOf(baseUrl);
  const keepsPaths = path === "" || provider.endpoints.some((row) => pathOf(row.baseUrl) === path);
  const endpoints: ResolvedEndpoint[] = [];
  for (const row of rows) {
    if (baseUrl !== undefined && !keepsPaths) {
      endpoints.push(asItIs(provider, row, baseUrl));
      continue;
    }
    const origin = baseUrl?.slice(0, baseUrl.length - (path ?? "").length);
    const address = filledIn(origin === undefined ? row.baseUrl : origin + pathOf(row.baseUrl), source);
    const missing = missingIn(address, source);
    if (missing !== undefined) return { ok: false, ...missing };
    endpoints.push(resolved(provider, row, address));
  }
  return { ok: true, endpoints };
}

function asItIs(provider: Provider, row: ProviderEndpoint, baseUrl: string): ResolvedEndpoint {
  const { dialect, lacks } = row;
  const endpoint = {
    protocol: row.protocol,
    baseUrl,
    auth: authOf(provider, row),
    ...(dialect === undefined ? {} : { dialect }),
    ...(lacks === undefined ? {} : { lacks }),
  };
  const { deployments } = row;
  return deployments?.path === pathOf(baseUrl)
    ? { ...endpoint, deployments: deployments.apiVersion }
    : endpoint;
}

/** The field that an address of the catalogue still needs. */
function missingIn(
  address: string,
  source: EndpointSource,
): { readonly path: string; readonly problem: string } | undefined {
  const problem = `is required for provider ${source.provider}`;
  if (address === "" || address.includes("{resource}")) return { path: "baseUrl", problem };
  if (address.includes("{region}")) return { path: "region", problem };
  if (!address.includes("{project}") || hasUnreadableKey(source)) return undefined;
  return { path: "project", problem: `${problem} unless a key is that of a service account` };
}

/** @param baseUrl of the catalogue; what is not known stays in its braces */
function filledIn(baseUrl: string, source: EndpointSource): string {
  const { region } = source;
  const project = source.project ?? projectOfKeys(source);
  const here = region === "global" ? baseUrl.replace("//{region}-", "//") : baseUrl;
  const placed = region === undefined ? here : here.replaceAll("{region}", region);
  return project === undefined ? placed : placed.replaceAll("{project}", project);
}

/** A row of the service's own list keeps what the catalogue knows about the same protocol at the same path. */
function ownEndpoint(
  provider: Provider,
  own: { readonly protocol: ServiceProtocol; readonly baseUrl: string },
): ResolvedEndpoint {
  const row = provider.endpoints.find((candidate) => candidate.protocol === own.protocol);
  const same = row !== undefined && pathOf(row.baseUrl) === pathOf(own.baseUrl);
  return same ? resolved(provider, row, own.baseUrl) : { ...own, auth: authOf(provider, row ?? { ...own }) };
}

function resolved(provider: Provider, row: ProviderEndpoint, baseUrl: string): ResolvedEndpoint {
  const { protocol, replaces, dialect, lacks } = row;
  return {
    protocol,
    baseUrl,
    auth: authOf(provider, row),
    ...(replaces === undefined ? {} : { replaces }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(lacks === undefined ? {} : { lacks }),
  };
}

/** The Anthropic protocol carries keys in x-api-key also where the vendor's other protocols use Bearer. */
function authOf(provider: Provider, row: ProviderEndpoint): ProviderAuth {
  if (row.auth !== undefined) return row.auth;
  return provider.auth.kind === "bearer" && row.protocol === "anthropic" ? xApiKey : provider.auth;
}

/** Path of a URL that may hold `{…}` in its host: everything from the first slash after the authority. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return !url.includes("://") || start === -1 ? "" : url.slice(start).replace(/\/+$/u, "");
}
