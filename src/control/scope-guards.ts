// What somebody whose roles hold in single resource groups may not do by a change, however it is written: reach what is
// beyond his resource groups, move something in or out, or name what he may not see. Knows no route.
import type { Kind } from "../resources/kinds.ts";
import { pathText } from "../resources/issue.ts";
import { kindTable } from "../resources/kinds.ts";
import { referencesOf } from "../resources/references.ts";
import type { Reference } from "../resources/references.ts";
import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import { ControlError } from "./control-error.ts";
import type { Edit } from "./edit.ts";
import { objectLabel } from "./prepare-edits.ts";
import type { Candidate } from "./prepare-edits.ts";
import type { Scope } from "./spheres.ts";
import { sphereTable } from "./spheres.ts";
import { toResource } from "./working-set.ts";

/**
 * Looks at the object as it is, before anything of the edit is compared with it.
 * @throws ControlError `not_found`, `forbidden`
 */
export function refuseForeignEdit(edit: Edit, resources: ResourceSet, scope: Scope): void {
  const { kind, name } = edit;
  const before: AnyParsedResource | undefined = resources[kind].get(name);
  if (before === undefined || scope.changes(before, resources)) return;
  // That a name is taken cannot be hidden from who creates, as names are unique; the ordinary refusal follows.
  if (edit.action === "write" && edit.condition.object === "absent") return;
  if (!scope.sees(before, resources))
    throw new ControlError("not_found", `There is no ${objectLabel(kind, name)}.`);
  throw notHere(kind, name);
}

/**
 * Looks at the objects as they would be.
 * @throws ControlError `invalid`, `forbidden`
 */
export function refuseBeyondReach(candidate: Candidate, resources: ResourceSet, scope: Scope): void {
  const written = candidate.written.map((write) => toResource({ ...write, revision: 0 }, write.value));
  const own = new Set(written.map(keyOf));
  for (const resource of written) {
    refusePlace(resource, resources, scope);
    const before: AnyParsedResource | undefined = resources[resource.kind].get(resource.name);
    const named = new Set([...(before === undefined ? [] : referencesOf(before))].map(keyOf));
    for (const reference of referencesOf(resource)) {
      if (named.has(keyOf(reference)) || own.has(keyOf(reference))) continue;
      refuseName(resource, reference, resources, scope);
    }
  }
}

function refusePlace(resource: AnyParsedResource, resources: ResourceSet, scope: Scope): void {
  if (scope.changes(resource, resources)) return;
  const { kind, name, value } = resource;
  if (kind === "alerts") {
    const message = "must name a resource group or a Model API of yours, without wildcards";
    throw invalid(kind, name, "filter", message);
  }
  if (
    sphereTable[kind].changed === "own" &&
    "resourceGroup" in value &&
    !scope.seesGroup(value.resourceGroup)
  )
    throw invalid(kind, name, "resourceGroup", `must be one of yours: ${(scope.ownGroups ?? []).join(", ")}`);
  throw notHere(kind, name);
}

/** What cannot be seen cannot be named: a service would lend its keys, a consumer his access. */
function refuseName(
  resource: AnyParsedResource,
  { kind, name, path }: Reference,
  resources: ResourceSet,
  scope: Scope,
): void {
  // Judged by where the object itself belongs.
  if (kind === "resource-groups") return;
  const target: AnyParsedResource | undefined = resources[kind].get(name);
  if (target === undefined || !scope.sees(target, resources)) {
    const label = kindTable.find((row) => row.kind === kind)?.label ?? kind;
    throw invalid(resource.kind, resource.name, pathText(path), `there is no ${label} "${name}"`);
  }
  if (resource.kind === "consumers" && kind === "consumer-groups" && opensForeign(name, resources, scope)) {
    const message = `consumer group "${name}" may call Model APIs that you may not change: ask who may`;
    throw new ControlError("forbidden", message, [{ path: pathText(path), message }]);
  }
}

/** Whoever joins a consumer group gets what is granted to it. */
function opensForeign(group: string, resources: ResourceSet, scope: Scope): boolean {
  return [...resources["model-apis"].values()].some(
    (api) =>
      api.value.auth.grants.some((grant) => "consumerGroup" in grant && grant.consumerGroup === group) &&
      !scope.changes(api, resources),
  );
}

function notHere(kind: Kind, name: string): ControlError {
  return new ControlError("forbidden", `Your roles do not allow changes of ${objectLabel(kind, name)}.`);
}

function invalid(kind: Kind, name: string, path: string, message: string): ControlError {
  return new ControlError("invalid", `${objectLabel(kind, name)}: ${path} ${message}`, [
    { path: `${kind}/${name}: ${path}`, message },
  ]);
}

function keyOf({ kind, name }: { readonly kind: Kind; readonly name: string }): string {
  return `${kind}/${name}`;
}
