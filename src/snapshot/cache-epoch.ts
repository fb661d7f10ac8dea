// Tells configurations apart by which a Model API could answer differently. Knows no request.
import { createHash } from "node:crypto";
import { snapshotTargets } from "./snapshot-targets.ts";
import type { SnapshotApi, SnapshotService } from "./snapshot.ts";

/** What answers do not depend on; whatever else there is counts, also what will be added. */
const withoutEffect = new Set([
  "resourceGroup",
  "hosts",
  "auth",
  "corsOrigins",
  "monitoring",
  "retries",
  "firstPacketTimeoutMs",
  "limits",
  "ips",
  "keys",
  "usable",
  "timeouts",
  "maxInFlight",
  "models",
  "prices",
]);

/**
 * A digest of what a Model API's answers depend on: itself and its services. Answers of another epoch are never reused.
 * @param service by name
 */
export function cacheEpoch(api: SnapshotApi, service: (name: string) => SnapshotService | undefined): string {
  const targets = snapshotTargets(api).map((target) => target.service);
  const names = [...new Set([...targets, api.cache?.semantic?.service ?? ""])].toSorted();
  const parts = [effectOf(api), ...names.map((name) => effectOf(service(name)))];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

function effectOf(config: object | undefined): unknown {
  return Object.entries(config ?? {}).filter(([name]) => !withoutEffect.has(name));
}
