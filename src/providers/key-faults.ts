// What the keys of a service say of its endpoints, and which of them its provider cannot use. Never names a key's value.
import type { EndpointResult, EndpointSource, ResolvedEndpoint } from "./endpoint.ts";
import { accessKeyIn, isAccessKey } from "./key-text.ts";
import { hasReadableKey, serviceAccountIn } from "./service-account.ts";

/** Of a host such as `bedrock-runtime.eu-west-1.amazonaws.com`. */
const regionInHost = /^https?:\/\/[^/]*?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com|api\.aws)/u;

/** Signatures are for one region: the service's, else that of its address. */
export function withRegion(endpoint: ResolvedEndpoint, region: string | undefined): ResolvedEndpoint {
  if (endpoint.auth.kind !== "aws") return endpoint;
  const known = region ?? regionInHost.exec(endpoint.baseUrl)?.[1];
  return known === undefined ? endpoint : { ...endpoint, auth: { kind: "aws", region: known } };
}

/** A key whose value only the running gateway knows: sealed, or a reference. */
export function hasUnreadableKey({ apiKeys = [] }: EndpointSource): boolean {
  return apiKeys.some(({ value }) => typeof value !== "string" || /^\$\{(?:env|file):/u.test(value));
}

/** The first that a key names. */
export function projectOfKeys({ apiKeys = [] }: EndpointSource): string | undefined {
  for (const { value } of apiKeys) {
    const account = typeof value === "string" ? serviceAccountIn(value) : undefined;
    if (typeof account === "object" && account.projectId !== undefined) return account.projectId;
  }
  return undefined;
}

/** Undefined when the provider can use every key. */
export function keyFault(
  source: EndpointSource,
  endpoints: readonly ResolvedEndpoint[],
): Extract<EndpointResult, { ok: false }> | undefined {
  for (const [index, { value }] of (source.apiKeys ?? []).entries()) {
    const problem = faultOf(value, source, endpoints);
    if (problem !== undefined) return { ok: false, path: `apiKeys[${index}].value`, problem };
  }
  const signs = (source.apiKeys ?? []).some(
    ({ value }) => isAccessKey(value) || (typeof value === "string" && accessKeyIn(value) !== undefined),
  );
  if (signs && endpoints.some(({ auth }) => auth.kind === "aws" && auth.region === undefined))
    return { ok: false, path: "region", problem: "is required to sign with access keys" };
  return undefined;
}

function faultOf(
  value: unknown,
  source: EndpointSource,
  endpoints: readonly ResolvedEndpoint[],
): string | undefined {
  if (isAccessKey(value))
    return endpoints.some(({ auth }) => auth.kind === "aws")
      ? undefined
      : `is an access key of AWS, which provider ${source.provider} does not take`;
  if (typeof value !== "string") return undefined;
  if (
    endpoints.some(({ auth }) => auth.kind === "aws") &&
    value.startsWith("{") &&
    accessKeyIn(value) === undefined
  )
    return "is JSON, but no access key: that has accessKeyId and secretAccessKey";
  if (!endpoints.some(({ auth }) => auth.kind === "google")) return undefined;
  const account = serviceAccountIn(value);
  if (account === undefined) return undefined;
  if (typeof account === "string") return account;
  if (!hasReadableKey(account)) return "holds a private_key that cannot be read";
  const project = projectOfKeys(source);
  return source.project === undefined && account.projectId !== undefined && account.projectId !== project
    ? "is of another project than the key before it: name the project of the service"
    : undefined;
}
