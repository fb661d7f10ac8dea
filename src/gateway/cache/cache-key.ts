// The digest of all that an answer depends on: two requests have the same exactly when they ask for the same of the same.
// What a header does is not known here, so every one counts but those that are known to be noise.
import { createHash } from "node:crypto";
import { canonicalText, type CanonicalValue } from "../../lib/canonical-json.ts";
import { cacheEpoch } from "../../snapshot/cache-epoch.ts";
import type { SnapshotCache } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { withoutKeyParameters } from "../key-sources.ts";
import type { PlannedApi, Plan } from "../plan.ts";
import type { RequestHead } from "../request-head.ts";

/** What names a client, a connection or a trace, in headers that go on to services. */
const noise = new Set([
  "user-agent",
  "traceparent",
  "tracestate",
  "baggage",
  "sentry-trace",
  "b3",
  "x-request-id",
  "x-client-request-id",
  "x-correlation-id",
  "x-amzn-trace-id",
  "x-cloud-trace-context",
  "x-envoy-attempt-count",
  "x-forwarded-client-cert",
  "idempotency-key",
  "date",
  "referer",
  "priority",
  "dnt",
  "cache-control",
  "pragma",
]);
/** SDKs say in these what they are and how often they have tried. */
const noisePrefixes = ["x-stainless-", "x-b3-", "sec-", "cf-"];

export function epochOf(api: PlannedApi, { services, routers }: Plan): string {
  return cacheEpoch(api.config, (name) => services.get(name)?.config, routers?.get(api.config.name));
}

/** @param body of the request, or what of it must be the same */
export function cacheKey(
  exchange: Exchange,
  matched: Matched,
  { scope }: SnapshotCache,
  body: CanonicalValue,
): string {
  const { head, plan, consumer } = exchange;
  const { api, route, relativePath } = matched;
  if (head === null) throw new Error("a request without a head has come to the cache");
  const { auth } = api.config;
  const parts = [
    api.config.name,
    epochOf(api, plan),
    // Nobody is a consumer of his own: no name is empty.
    scope === "api" ? null : consumer,
    route.row.name,
    route.row.protocol,
    relativePath,
    auth === null ? head.query : withoutKeyParameters(head.query, auth.apiKeySources),
    effectiveHeaders(head, api.keyHeaders),
    canonicalText(body),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/** Sorted by name; of one name in the order in which they came. */
function effectiveHeaders({ forward }: RequestHead, keyHeaders: readonly string[]): string[] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < forward.length; index += 2) {
    const name = (forward[index] ?? "").toLowerCase();
    if (noise.has(name) || noisePrefixes.some((prefix) => name.startsWith(prefix))) continue;
    if (!keyHeaders.includes(name)) pairs.push([name, forward[index + 1] ?? ""]);
  }
  return pairs.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).flat();
}
