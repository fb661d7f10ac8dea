// The reuse of answers of one Model API -> what the data plane needs of it. Knows no other resource.
import type { ModelApi } from "../resources/model-api.ts";
import type { SnapshotCache } from "./snapshot.ts";

/** Undefined where answers are not reused. */
export function compileCache({ cache, moderation }: ModelApi): SnapshotCache | undefined {
  if (!cache.enabled) return undefined;
  const { ttlSeconds, maxEntryBytes, semantic } = cache;
  // What one consumer may read need not be what another may.
  const differs = moderation.enabled && moderation.rules.some(({ consumer }) => consumer.type !== "any");
  const scope = differs ? "consumer" : cache.scope;
  const common = { scope, ttlSeconds, maxEntryBytes };
  return cache.mode === "semantic" && semantic !== undefined ? { ...common, semantic } : common;
}
