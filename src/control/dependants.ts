// Who names an object, and so keeps it from being deleted. Pure; knows no HTTP.
import { pathText } from "../resources/issue.ts";
import type { Kind } from "../resources/kinds.ts";
import { referencesOf } from "../resources/references.ts";
import { resourcesOf, type ResourceSet } from "../resources/resource-set.ts";
import type { HeldRole } from "../resources/held-role.ts";
import { allowsAnywhere } from "../resources/held-role.ts";
import { permissionToSee } from "./spheres.ts";

const maxListed = 1_000;

/** A resource that names another. */
export interface DependantRow {
  readonly kind: Kind;
  readonly name: string;
  /** Where it does. */
  readonly paths: readonly string[];
}

/** Kinds that others can name. */
export const namedKinds = [
  "services",
  "domains",
  "resource-groups",
  "consumers",
  "consumer-groups",
  "model-apis",
] as const satisfies readonly Kind[];

/**
 * What someone may see of the users of an object: all are counted, only those that he may see are named.
 * @param seen the set as he sees it
 */
export function shownDependants(
  all: readonly DependantRow[],
  held: readonly HeldRole[],
  seen: ResourceSet,
): { readonly items: readonly DependantRow[]; readonly total: number } {
  const shown = all.filter(
    ({ kind, name }) => allowsAnywhere(held, permissionToSee(kind)) && seen[kind].has(name),
  );
  return { items: shown.slice(0, maxListed), total: all.length };
}

/** In the order of the kind table, by name. One walk over the whole set. */
export function dependantsOf(resources: ResourceSet, kind: Kind, name: string): DependantRow[] {
  const found: DependantRow[] = [];
  for (const resource of resourcesOf(resources)) {
    const paths = [...referencesOf(resource)]
      .filter((reference) => reference.kind === kind && reference.name === name)
      .map(({ path }) => pathText(path));
    if (paths.length > 0) found.push({ kind: resource.kind, name: resource.name, paths });
  }
  return found;
}
