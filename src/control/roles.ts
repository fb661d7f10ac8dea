// What each role may do: one table, deny by default. Knows no request and no route.
import { roles } from "../resources/user.ts";
import type { Role } from "../resources/user.ts";

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

export function roleAllows(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission);
}

/** Whether someone with `own` may hand out `granted`: nobody gives what he does not have, and only owners make owners. */
export function mayGrant(own: Role, granted: Role): boolean {
  if (!roleAllows(own, "manage-access")) return false;
  if (granted === "owner") return own === "owner";
  return permissionsOfRole[granted].every((permission) => roleAllows(own, permission));
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
