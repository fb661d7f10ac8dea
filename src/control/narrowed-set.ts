// A set of resources without what somebody may not see. Remembers what it made for as long as the maps stay the same.
// Knows no role.
import { kinds, toResourceSet } from "../resources/resource-set.ts";
import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import type { StoredResource } from "../store/store.ts";
import type { WorkingSet } from "./working-set.ts";

type Holds = (resource: AnyParsedResource, resources: ResourceSet) => boolean;

/** Of one set, by who asks: more than the few who ask at once are not kept. */
const maxRemembered = 64;
const remembered = new WeakMap<WorkingSet, Map<string, WorkingSet>>();

/** @param key stands for `holds`: the same one decides the same */
export function narrow(working: WorkingSet, holds: Holds, key: string): WorkingSet {
  let byKey = remembered.get(working);
  if (byKey === undefined) remembered.set(working, (byKey = new Map()));
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const resources = narrowResources(working.resources, holds);
  const narrowed = { revision: working.revision, resources, stored: narrowStored(working, resources) };
  if (byKey.size >= maxRemembered) byKey.clear();
  byKey.set(key, narrowed);
  return narrowed;
}

function narrowResources(resources: ResourceSet, holds: Holds): ResourceSet {
  const seen: AnyParsedResource[] = [];
  for (const kind of kinds)
    for (const resource of resources[kind].values()) if (holds(resource, resources)) seen.push(resource);
  return toResourceSet(seen);
}

function narrowStored({ stored }: WorkingSet, resources: ResourceSet): WorkingSet["stored"] {
  const narrowed = new Map<string, ReadonlyMap<string, StoredResource>>();
  for (const [name, rows] of stored) {
    const kind = kinds.find((known) => known === name);
    if (kind !== undefined) narrowed.set(name, rowsIn(rows, resources[kind]));
  }
  return narrowed;
}

function rowsIn(rows: ReadonlyMap<string, StoredResource>, seen: ReadonlyMap<string, unknown>) {
  if (seen.size === 0) return new Map<string, StoredResource>();
  return new Map([...rows].filter(([name]) => seen.has(name)));
}
