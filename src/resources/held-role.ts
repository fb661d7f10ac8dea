// What each role may do, and where: one table, deny by default. Knows no request, no route and no kind of resource.
// The console reads it too, so that it loads nothing large.
import type { Role } from "./user.ts";

/**
 * What a route asks for.
 * - `read`: see resources, secrets excepted
 * - `write`: change resources and consumers
 * - `content`: see recorded request and response content
 * - `audit`: see who did what
 * - `configure`: plan, apply, export and roll back the whole configuration
 * - `manage-access`: see and change users and tokens
 */
export type Permission = "read" | "write" | "content" | "audit" | "configure" | "manage-access";

const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  owner: ["read", "write", "content", "audit", "configure", "manage-access"],
  admin: ["read", "write", "content", "audit", "configure", "manage-access"],
  editor: ["read", "write", "content"],
  viewer: ["read"],
  auditor: ["read", "content", "audit"],
};

/** A role, and where its bearer has it. */
export interface HeldRole {
  readonly role: Role;
  /** Null = everywhere. An empty list = nowhere. */
  readonly resourceGroups: readonly string[] | null;
}

/** Where somebody may do something: everywhere, or in these resource groups. */
export type Reach = "everywhere" | ReadonlySet<string>;

/** From the one that may do most. */
const byStrength: readonly Role[] = ["owner", "admin", "editor", "auditor", "viewer"];

export function roleAllows(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission);
}

/** Of all that somebody holds, where it allows this. */
export function reachOf(held: readonly HeldRole[], permission: Permission): Reach {
  const allowing = held.filter(({ role }) => roleAllows(role, permission));
  if (allowing.some(({ resourceGroups }) => resourceGroups === null)) return "everywhere";
  return new Set(allowing.flatMap(({ resourceGroups }) => resourceGroups ?? []));
}

/** Whether somebody may do this anywhere at all. */
export function allowsAnywhere(held: readonly HeldRole[], permission: Permission): boolean {
  const reach = reachOf(held, permission);
  return reach === "everywhere" || reach.size > 0;
}

/** Whether all that somebody holds is held everywhere. */
export function isUnlimited(held: readonly HeldRole[]): boolean {
  return held.every(({ resourceGroups }) => resourceGroups === null);
}

/** @param resourceGroups of the thing; none = it belongs to the whole gateway */
export function covers(reach: Reach, resourceGroups: readonly string[]): boolean {
  if (reach === "everywhere") return true;
  return resourceGroups.length > 0 && resourceGroups.every((group) => reach.has(group));
}

/** The strongest role that is held anywhere; undefined when there is none. */
export function strongestRole(held: readonly HeldRole[]): Role | undefined {
  const names = new Set(
    held.filter(({ resourceGroups }) => resourceGroups?.length !== 0).map(({ role }) => role),
  );
  return byStrength.find((role) => names.has(role));
}

/**
 * Whether someone who holds `own` may hand out `granted`: nobody gives what he does not have where he does not have it,
 * and only owners make owners.
 */
export function mayGrant(own: readonly HeldRole[], { role, resourceGroups }: HeldRole): boolean {
  const granters = own.filter((held) => mayGrantRole(held.role, role));
  if (granters.some((held) => held.resourceGroups === null)) return true;
  const groups = new Set(granters.flatMap((held) => held.resourceGroups ?? []));
  return (
    resourceGroups !== null && resourceGroups.length > 0 && resourceGroups.every((group) => groups.has(group))
  );
}

function mayGrantRole(own: Role, granted: Role): boolean {
  if (!roleAllows(own, "manage-access")) return false;
  if (granted === "owner") return own === "owner";
  return permissionsOfRole[granted].every((permission) => roleAllows(own, permission));
}

export function isRole(value: unknown): value is Role {
  return typeof value === "string" && Object.hasOwn(permissionsOfRole, value);
}

/** For messages: `role editor in a, b`. */
export function heldText(held: readonly HeldRole[]): string {
  const texts = held.map(({ role, resourceGroups }) =>
    resourceGroups === null ? role : `${role} in ${resourceGroups.join(", ") || "no resource group"}`,
  );
  return texts.length === 1 ? `Role ${texts[0]}` : `Roles ${texts.join("; ") || "(none)"}`;
}
