// A set of resources without what somebody may not see. Remembers what it made of each kind for as long as nothing of that
// kind changes, so that a change costs those who see a part of it no look at all the rest. Knows no role.
import type { Kind } from "../resources/kinds.ts";
import { kinds, reducedResourceSet } from "../resources/resource-set.ts";
import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import type { StoredResource } from "../store/store.ts";
import type { WorkingSet } from "./working-set.ts";

type Holds = (resource: AnyParsedResource, resources: ResourceSet) => boolean;
type Resources = ReadonlyMap<string, AnyParsedResource>;
type Rows = ReadonlyMap<string, StoredResource>;

/** Of one map, by who asks: a view of a hundred thousand objects takes some megabytes. */
const maxRemembered = 16;

/** Seen by what other objects say: looked at again with every change. */
const dependent: ReadonlySet<Kind> = new Set(["alerts"]);

const views = new WeakMap<WorkingSet, Map<string, WorkingSet>>();
const parts = new WeakMap<Resources, Map<string, Resources>>();
const rowParts = new WeakMap<Rows, WeakMap<Resources, Rows>>();

/** @param key stands for `holds`: the same one decides the same */
export function narrow(working: WorkingSet, holds: Holds, key: string): WorkingSet {
  return remembered(views, working, key, () => {
    const { revision, resources: all } = working;
    const resources = reducedResourceSet(all, (kind, map) => {
      const make = () => partOf(map, (resource) => holds(resource, all));
      return dependent.has(kind) ? make() : remembered(parts, map, key, make);
    });
    return { revision, resources, stored: narrowStored(working, resources) };
  });
}

function partOf(map: Resources, isSeen: (resource: AnyParsedResource) => boolean): Resources {
  const seen = new Map([...map].filter(([, resource]) => isSeen(resource)));
  return seen.size === map.size ? map : seen;
}

function narrowStored({ stored }: WorkingSet, resources: ResourceSet): WorkingSet["stored"] {
  const narrowed = new Map<string, Rows>();
  for (const [name, rows] of stored) {
    const kind = kinds.find((known) => known === name);
    if (kind !== undefined) narrowed.set(name, rowsIn(rows, resources[kind]));
  }
  return narrowed;
}

function rowsIn(rows: Rows, seen: Resources): Rows {
  let bySeen = rowParts.get(rows);
  if (bySeen === undefined) rowParts.set(rows, (bySeen = new WeakMap()));
  const known = bySeen.get(seen);
  if (known !== undefined) return known;
  // What is built in has no row.
  const part = new Map(
    [...seen.keys()].flatMap((name) => {
      const row = rows.get(name);
      return row === undefined ? [] : [[name, row]];
    }),
  );
  bySeen.set(seen, part);
  return part;
}

/** What is made once for an owner and a key; the key that was new longest ago goes. */
function remembered<Owner extends object, Value>(
  store: WeakMap<Owner, Map<string, Value>>,
  owner: Owner,
  key: string,
  make: () => Value,
): Value {
  let byKey = store.get(owner);
  if (byKey === undefined) store.set(owner, (byKey = new Map()));
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const value = make();
  for (const oldest of byKey.keys()) {
    if (byKey.size < maxRemembered) break;
    byKey.delete(oldest);
  }
  byKey.set(key, value);
  return value;
}
