// The endpoints that a service ends up with: the catalogue's, moved by its base URL or replaced by its protocol list.
import type { ServiceProtocol } from "../core/protocol.ts";
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
    | readonly { readonly protocol: ServiceProtocol; readonly baseUrl: string }[]
    | undefined;
}

export interface ResolvedEndpoint {
  readonly protocol: ServiceProtocol;
  readonly baseUrl: string;
  readonly replaces?: string;
  /** Version of the API, where the model stands in the path as a deployment. */
  readonly deployments?: string;
  readonly auth: ProviderAuth;
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
  if (source.protocols !== undefined) {
    return { ok: true, endpoints: source.protocols.map((row) => ownEndpoint(provider, row)) };
  }
  const { baseUrl } = source;
  if (baseUrl === undefined) return fromCatalogue(provider, source);
  const path = pathOf(baseUrl);
  const keepsPaths = path === "" || provider.endpoints.some((row) => pathOf(row.baseUrl) === path);
  const origin = baseUrl.slice(0, baseUrl.length - path.length);
  return {
    ok: true,
    endpoints: provider.endpoints.map((row) =>
      row.deployments?.path === path
        ? {
            protocol: row.protocol,
            baseUrl,
            auth: authOf(provider, row),
            deployments: row.deployments.apiVersion,
          }
        : keepsPaths
          ? resolved(provider, row, origin + pathOf(row.baseUrl))
          : { protocol: row.protocol, baseUrl, auth: authOf(provider, row) },
    ),
  };
}

function fromCatalogue(provider: Provider, source: EndpointSource): EndpointResult {
  const endpoints: ResolvedEndpoint[] = [];
  for (const row of provider.endpoints) {
    const baseUrl = filledIn(row.baseUrl, source);
    if (baseUrl === "" || baseUrl.includes("{resource}")) {
      return { ok: false, path: "baseUrl", problem: `is required for provider ${provider.id}` };
    }
    if (baseUrl.includes("{region}")) {
      return { ok: false, path: "region", problem: `is required for provider ${provider.id}` };
    }
    if (baseUrl.includes("{project}") && !hasUnreadableKey(source)) {
      const problem = `is required for provider ${provider.id} unless a key is that of a service account`;
      return { ok: false, path: "project", problem };
    }
    endpoints.push(resolved(provider, row, baseUrl));
  }
  return { ok: true, endpoints };
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
  const { protocol, replaces } = row;
  const auth = authOf(provider, row);
  return replaces === undefined ? { protocol, baseUrl, auth } : { protocol, baseUrl, auth, replaces };
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
