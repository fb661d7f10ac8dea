// The reuse of answers of one Model API -> what the data plane needs of it. Knows no other resource.
import type { ModelApi } from "../resources/model-api.ts";
import type { SnapshotCache } from "./snapshot.ts";

/** Undefined where answers are not reused. */
export function compileCache(api: ModelApi): SnapshotCache | undefined {
  const { cache } = api;
  if (!cache.enabled) return undefined;
  const { ttlSeconds, maxEntryBytes, semantic } = cache;
  const scope = differsByConsumer(api) ? "consumer" : cache.scope;
  const common = { scope, ttlSeconds, maxEntryBytes };
  return cache.mode === "semantic" && semantic !== undefined ? { ...common, semantic } : common;
}

/** What one consumer may read, or which models answer him, need not be what another gets. */
function differsByConsumer({ moderation, modelService, auth }: ModelApi): boolean {
  if (moderation.enabled && moderation.rules.some(({ consumer }) => consumer.type !== "any")) return true;
  if (modelService.mode !== "intelligent") return false;
  const isLimited = auth.enabled && auth.grants.some(({ models }) => models !== undefined);
  return isLimited || modelService.rules.some(({ consumer }) => consumer !== undefined);
}
