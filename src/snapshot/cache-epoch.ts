// Tells configurations apart by which a Model API could answer differently. Knows no request.
import { createHash } from "node:crypto";
import type { PublishedRouter } from "../routing/policy.ts";
import { snapshotTargets } from "./snapshot-targets.ts";
import type { Snapshot, SnapshotApi, SnapshotService } from "./snapshot.ts";

/** What answers do not depend on; whatever else there is counts, also what will be added. */
const withoutEffect = new Set([
  "resourceGroup",
  "hosts",
  "auth",
  "corsOrigins",
  "monitoring",
  "retries",
  "firstPacketTimeoutMs",
  "rateLimits",
  "ipAccess",
  "keys",
  "usable",
  "timeouts",
  "maxInFlight",
  "models",
  "prices",
]);

type ServiceByName = (name: string) => SnapshotService | undefined;

/** Most Model APIs and services are the same in the next snapshot. */
const known = new WeakMap<
  SnapshotApi,
  {
    readonly services: readonly (SnapshotService | undefined)[];
    readonly router: PublishedRouter | undefined;
    readonly epoch: string;
  }
>();

/** A digest of what a Model API's answers depend on: itself, its services, and what was learnt for it. Answers of another epoch are never reused. */
export function cacheEpoch(
  api: SnapshotApi,
  serviceOf: ServiceByName,
  router: PublishedRouter | undefined,
): string {
  const targets = snapshotTargets(api).map((target) => target.service);
  const names = [...new Set([...targets, api.cache?.semantic?.service ?? ""])].toSorted();
  const services = names.map(serviceOf);
  const before = known.get(api);
  const isSame =
    before?.router === router && services.every((service, at) => service === before?.services[at]);
  if (before !== undefined && isSame) return before.epoch;
  // Other labels choose other models.
  const learnt = router === undefined ? [] : [router.version];
  const parts = [effectOf(api), ...services.map(effectOf), ...learnt];
  const epoch = createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
  known.set(api, { services, router, epoch });
  return epoch;
}

function effectOf(config: object | undefined): unknown {
  return Object.entries(config ?? {}).filter(([name]) => !withoutEffect.has(name));
}

/** By Model API, of those that reuse answers. */
export function cacheEpochs({ apis, services, routers }: Snapshot): ReadonlyMap<string, string> {
  const epochs = new Map<string, string>();
  for (const [name, api] of apis)
    if (api.cache !== undefined)
      epochs.set(
        name,
        cacheEpoch(api, (service) => services.get(service), routers?.get(name)),
      );
  return epochs;
}
