// All resources of one revision, parsed, and the way to make a set of them. Knows no store and no snapshot.
import { changedMap } from "../lib/layered-map.ts";
import { kindTable, type Kind } from "./kinds.ts";
import type { ResourceValue } from "./registry.ts";

/** A resource after its body was read. Frozen in spirit: a changed resource is a new object, an unchanged one the same. */
export interface ParsedResource<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  /** Store revision of its last change; 0 = not stored yet. */
  readonly revision: number;
  readonly managedBy: "api" | "file";
  /** Defaults filled in; secrets opened (plain) or hashed. */
  readonly value: ResourceValue[K];
}

/** Any parsed resource, told apart by `kind`. */
export type AnyParsedResource = { [K in Kind]: ParsedResource<K> }[Kind];

/** Kind -> name -> resource. Every kind is present, possibly empty. */
export type ResourceSet = { readonly [K in Kind]: ReadonlyMap<string, ParsedResource<K>> };

/** One thing that is wrong, or worth knowing, about a resource among the others. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly kind: Kind;
  readonly name: string;
  /** Field in the resource, such as `modelService.target.service`. */
  readonly path: string;
  readonly message: string;
  /** The object that stands in the way, where one does. */
  readonly other?: { readonly kind: Kind; readonly name: string };
}

export const kinds: readonly Kind[] = kindTable.map((row) => row.kind);

/** Makes a set of resources; of two with the same kind and name the later one stays. */
export function toResourceSet(resources: Iterable<AnyParsedResource>): ResourceSet {
  return changedResourceSet(undefined, resources, []);
}

/**
 * A set with some resources put and some deleted. Maps of kinds without changes are shared with `base`,
 * unchanged resources stay the same objects.
 */
export function changedResourceSet(
  base: ResourceSet | undefined,
  put: Iterable<AnyParsedResource>,
  deleted: Iterable<{ readonly kind: Kind; readonly name: string }>,
): ResourceSet {
  const touched = new Map<
    Kind,
    { readonly put: Map<string, AnyParsedResource>; readonly gone: Set<string> }
  >();
  const changesOf = (kind: Kind) => {
    let changes = touched.get(kind);
    if (changes === undefined) touched.set(kind, (changes = { put: new Map(), gone: new Set() }));
    return changes;
  };
  for (const { kind, name } of deleted) changesOf(kind).gone.add(name);
  for (const resource of put) changesOf(resource.kind).put.set(resource.name, resource);
  // Each map only ever receives resources of its own kind.
  return Object.fromEntries(
    kinds.map((kind) => {
      const before: ReadonlyMap<string, AnyParsedResource> = base?.[kind] ?? new Map();
      const changes = touched.get(kind);
      return [kind, changes === undefined ? before : changedMap(before, changes.put, changes.gone)];
    }),
  ) as unknown as ResourceSet;
}

/** A set of what is left of each kind; `left` gives a part of the map that it is given, or the map itself. */
export function reducedResourceSet(
  set: ResourceSet,
  left: (kind: Kind, all: ReadonlyMap<string, AnyParsedResource>) => ReadonlyMap<string, AnyParsedResource>,
): ResourceSet {
  // Each map only ever holds resources of its own kind.
  return Object.fromEntries(kinds.map((kind) => [kind, left(kind, set[kind])])) as unknown as ResourceSet;
}

/** Every resource of a set, in the order of the kind table. */
export function* resourcesOf(set: ResourceSet): Generator<AnyParsedResource> {
  for (const kind of kinds) yield* set[kind].values();
}
