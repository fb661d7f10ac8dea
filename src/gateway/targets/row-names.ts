// Names of what the data planes of a node count and learn together; each name gets one row of the shared memory.
import type { Snapshot, SnapshotService } from "../../snapshot/snapshot.ts";
import { snapshotTargets } from "../../snapshot/snapshot-targets.ts";

const targetPrefix = "target ";

/** Requests in flight of a service. */
export function serviceRow(service: string): string {
  return `service ${service}`;
}

/**
 * What is known of a target. Model APIs that send to the same model of the same service share it; a service whose
 * address was mended starts anew.
 */
export function targetRow({ name, endpoints }: SnapshotService, model: string | undefined): string {
  const addresses = endpoints.map((endpoint) => endpoint.baseUrl).join(" ");
  return `${targetPrefix}${name} ${fingerprint(addresses)} ${model ?? ""}`;
}

/** Whether a row's name is a target's. */
export function isTargetRow(name: string): boolean {
  return name.startsWith(targetPrefix);
}

/** State of a service's API key; one that was replaced under its old name starts anew. */
export function keyRow({ name }: SnapshotService, key: SnapshotService["keys"][number]): string {
  return `key ${name} ${key.name} ${fingerprint(key.value)}`;
}

/** Tells texts apart without holding them: FNV-1a, 32 bits (Fowler, Noll, Vo). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** All names of a snapshot; some may come twice. */
export function* rowNames(snapshot: Snapshot): Generator<string> {
  for (const service of snapshot.services.values()) {
    yield serviceRow(service.name);
    for (const key of service.keys) yield keyRow(service, key);
  }
  for (const api of snapshot.apis.values()) {
    for (const { service, model } of snapshotTargets(api)) {
      const config = snapshot.services.get(service);
      if (config !== undefined) yield targetRow(config, model);
    }
  }
}
