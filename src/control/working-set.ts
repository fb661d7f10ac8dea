// The whole configuration in memory at one revision: stored bodies and parsed values side by side. Never changed in
// place, so that readers keep a consistent view; a change copies only the maps of the kinds it touches.
import { changedMap } from "../lib/layered-map.ts";
import type { Kind } from "../resources/kinds.ts";
import { parseResource } from "../resources/registry.ts";
import type { ResourceValue } from "../resources/registry.ts";
import { changedResourceSet, kinds, toResourceSet } from "../resources/resource-set.ts";
import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import type { StoredResource } from "../store/store.ts";
import { ControlError } from "./control-error.ts";
import { withoutReferences } from "./reference-texts.ts";

export interface WorkingSet {
  readonly revision: number;
  readonly stored: ReadonlyMap<string, ReadonlyMap<string, StoredResource>>;
  /** With the built-in objects, which exist without being stored. */
  readonly resources: ResourceSet;
}

/** Objects that always exist. An instance has only its own name, so that one is built in just while none is stored. */
export const builtIns: readonly { readonly kind: Kind; readonly name: string }[] = [
  { kind: "instances", name: "default" },
  { kind: "resource-groups", name: "default" },
  { kind: "domains", name: "*" },
];

export function isBuiltIn(kind: Kind, name: string): boolean {
  return builtIns.some((row) => row.kind === kind && row.name === name);
}

/** Puts the parts of a resource together. */
export function toResource(
  head: {
    readonly kind: Kind;
    readonly name: string;
    readonly revision: number;
    readonly managedBy: "api" | "file";
  },
  value: ResourceValue[Kind],
): AnyParsedResource {
  const { kind, name, revision, managedBy } = head;
  // The value came from the schema of this kind; TypeScript cannot tie the two members of the pair together.
  return { kind, name, revision, managedBy, value } as AnyParsedResource;
}

/**
 * Reads everything stored.
 * @param open opens the secrets of a body
 * @throws ControlError `invalid` when this build cannot read what is stored
 */
export function loadWorkingSet(
  rows: readonly StoredResource[],
  revision: number,
  open: (kind: Kind, name: string, body: StoredResource["body"]) => unknown,
): WorkingSet {
  const faults: { path: string; message: string }[] = [];
  const resources: AnyParsedResource[] = [];
  const stored = new Map<string, Map<string, StoredResource>>();
  for (const row of rows) {
    const kind = kinds.find((known) => known === row.kind);
    if (kind === undefined) {
      faults.push({ path: `${row.kind}/${row.name}`, message: "is of a kind that this build does not know" });
      continue;
    }
    const parsed = parseResource(kind, open(kind, row.name, withoutReferences(row.body)));
    if (parsed.ok) resources.push(toResource({ ...row, kind }, parsed.value));
    else
      faults.push(
        ...parsed.issues.map(({ path, message }) => ({ path: `${kind}/${row.name}: ${path}`, message })),
      );
    const ofKind = stored.get(kind);
    if (ofKind === undefined) stored.set(kind, new Map([[row.name, row]]));
    else ofKind.set(row.name, row);
  }
  if (faults.length > 0) {
    throw new ControlError("invalid", "The stored configuration cannot be read by this build.", faults);
  }
  return { revision, stored, resources: withBuiltIns(toResourceSet(resources)) };
}

/** A resource as it will be after a write. */
export interface WrittenResource {
  readonly resource: AnyParsedResource;
  readonly stored: StoredResource;
}

/** The set after a write that got `revision`. */
export function changeWorkingSet(
  before: WorkingSet,
  revision: number,
  written: readonly WrittenResource[],
  removed: readonly { readonly kind: Kind; readonly name: string }[],
): WorkingSet {
  const stored = new Map<string, ReadonlyMap<string, StoredResource>>(before.stored);
  for (const kind of new Set(
    [...removed, ...written.map(({ resource }) => resource)].map((row) => row.kind),
  )) {
    const put = written
      .filter(({ resource }) => resource.kind === kind)
      .map((row) => [row.resource.name, row.stored] as const);
    const gone = removed.filter((row) => row.kind === kind).map(({ name }) => name);
    stored.set(kind, changedMap(before.stored.get(kind) ?? new Map<string, StoredResource>(), put, gone));
  }
  const resources = changedResourceSet(
    before.resources,
    written.map((row) => row.resource),
    removed,
  );
  return { revision, stored, resources: withBuiltIns(withoutUnstoredInstance(resources, stored)) };
}

/** Adds the built-in objects that nothing stored stands for. */
function withBuiltIns(set: ResourceSet): ResourceSet {
  const missing = builtIns.filter(({ kind, name }) =>
    kind === "instances" ? set.instances.size === 0 : !set[kind].has(name),
  );
  if (missing.length === 0) return set;
  const resources = missing.map(({ kind, name }) => {
    const parsed = parseResource(kind, { name });
    if (!parsed.ok) throw new Error(`The built-in ${kind}/${name} is not valid.`);
    return toResource({ kind, name, revision: 0, managedBy: "api" }, parsed.value);
  });
  return changedResourceSet(set, resources, []);
}

/** The built-in instance gives way to the one that is stored. */
function withoutUnstoredInstance(set: ResourceSet, stored: WorkingSet["stored"]): ResourceSet {
  if (set.instances.size < 2) return set;
  const unstored = [...set.instances.values()].filter(
    ({ name }) => stored.get("instances")?.has(name) !== true,
  );
  return changedResourceSet(set, [], unstored);
}
