// Which resource groups an object belongs to, and who may see and change it: one row per kind. Knows no request.
import type { Kind } from "../resources/kinds.ts";
import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import type { HeldRole, Permission } from "../resources/held-role.ts";
import { allowsAnywhere, covers, reachOf } from "../resources/held-role.ts";

/** How roles for single resource groups stand to the objects of a kind. */
export interface SphereRow {
  /** `all`: whoever may read anything; `own`: only objects of one's resource groups. */
  readonly seen: "all" | "own";
  /** `everywhere`: only with a role that holds everywhere; `own`: in one's resource groups. */
  readonly changed: "everywhere" | "own";
  /** To which resource groups an object belongs, for the documentation. */
  readonly belongs: string;
}

export const sphereTable: Readonly<Record<Kind, SphereRow>> = {
  instances: { seen: "all", changed: "everywhere", belongs: "to the whole gateway" },
  "resource-groups": { seen: "own", changed: "everywhere", belongs: "to itself" },
  domains: { seen: "all", changed: "everywhere", belongs: "to the whole gateway" },
  services: { seen: "own", changed: "own", belongs: "to its `resourceGroup`" },
  "model-apis": { seen: "own", changed: "own", belongs: "to its `resourceGroup`" },
  "consumer-groups": { seen: "all", changed: "everywhere", belongs: "to the whole gateway" },
  consumers: { seen: "own", changed: "own", belongs: "to its `resourceGroup`" },
  users: { seen: "own", changed: "own", belongs: "to all resource groups of its roles" },
  tokens: { seen: "own", changed: "own", belongs: "to its `resourceGroups`" },
  sinks: { seen: "own", changed: "everywhere", belongs: "to the whole gateway" },
  alerts: {
    seen: "own",
    changed: "own",
    belongs: "to the resource group, or else that of the Model API, that its filter names",
  },
};

/** Kinds whose objects are about who may do what. */
export const accessKinds: ReadonlySet<Kind> = new Set(["users", "tokens"]);

export function permissionToSee(kind: Kind): Permission {
  return accessKinds.has(kind) ? "manage-access" : "read";
}

export function permissionToChange(kind: Kind): Permission {
  return accessKinds.has(kind) ? "manage-access" : "write";
}

/** What somebody may see, and what he may change. */
export interface Scope {
  sees(resource: AnyParsedResource, resources: ResourceSet): boolean;
  changes(resource: AnyParsedResource, resources: ResourceSet): boolean;
  /** Whether objects of this resource group are seen. */
  seesGroup(name: string): boolean;
  /** Where objects may be changed, for messages; undefined = everywhere. */
  readonly ownGroups: readonly string[] | undefined;
}

export function scopeOf(held: readonly HeldRole[]): Scope {
  const readsAnything = allowsAnywhere(held, "read");
  const reaches = {
    read: reachOf(held, "read"),
    write: reachOf(held, "write"),
    "manage-access": reachOf(held, "manage-access"),
  };
  return {
    seesGroup: (name) => covers(reaches.read, [name]),
    ownGroups: reaches.write === "everywhere" ? undefined : [...reaches.write],
    sees: (resource, resources) => {
      if (sphereTable[resource.kind].seen === "all") return readsAnything;
      const reach = accessKinds.has(resource.kind) ? reaches["manage-access"] : reaches.read;
      return covers(reach, groupsOf(resource, resources));
    },
    changes: (resource, resources) => {
      const reach = accessKinds.has(resource.kind) ? reaches["manage-access"] : reaches.write;
      if (sphereTable[resource.kind].changed === "everywhere") return reach === "everywhere";
      return covers(reach, groupsOf(resource, resources));
    },
  };
}

/** The resource groups that somebody must reach, all of them; none = it belongs to the whole gateway. */
function groupsOf(resource: AnyParsedResource, resources: ResourceSet): readonly string[] {
  switch (resource.kind) {
    case "resource-groups":
      return [resource.name];
    case "services":
    case "model-apis":
    case "consumers":
      return [resource.value.resourceGroup];
    case "users":
      return groupsOfRoles(resource.value.roles);
    case "tokens":
      return groupsOfRoles([resource.value]);
    case "alerts":
      return groupOfAlert(resource.value.filter, resources);
    default:
      return [];
  }
}

function groupsOfRoles(
  roles: readonly { readonly resourceGroups?: readonly string[] | undefined }[],
): string[] {
  const lists = roles.map(({ resourceGroups }) => resourceGroups ?? []);
  return lists.some((groups) => groups.length === 0) ? [] : [...new Set(lists.flat())];
}

/** A pattern may meet what belongs to others. */
function groupOfAlert(
  { resourceGroup, api }: { readonly resourceGroup?: string | undefined; readonly api?: string | undefined },
  resources: ResourceSet,
): string[] {
  if (resourceGroup !== undefined) return /[*?]/u.test(resourceGroup) ? [] : [resourceGroup];
  const named = api === undefined ? undefined : resources["model-apis"].get(api);
  return named === undefined ? [] : [named.value.resourceGroup];
}
