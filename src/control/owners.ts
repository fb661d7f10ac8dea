// Who is an owner, and what a user who signs in may do. Knows no request and no session.
import type { ResourceValue } from "../resources/registry.ts";
import type { ResourceSet } from "../resources/resource-set.ts";
import type { Role } from "../resources/user.ts";

type User = ResourceValue["users"];

/** From the one that may do most. */
const byStrength: readonly Role[] = ["owner", "admin", "editor", "auditor", "viewer"];

/** The strongest role that holds everywhere; undefined when there is none. */
export function roleOf(user: User): Role | undefined {
  const everywhere = new Set(
    user.roles.filter(({ resourceGroups }) => resourceGroups === undefined).map(({ role }) => role),
  );
  return byStrength.find((role) => everywhere.has(role));
}

/** The slow hash that the user's password is compared with; undefined for one who has none. */
export function passwordHashOf({ password }: User): string | undefined {
  return typeof password === "object" && "hash" in password ? password.hash : undefined;
}

/** Whether a user who can sign in has role owner. */
export function hasOwnerUser(users: ResourceSet["users"]): boolean {
  return [...users.values()].some(
    ({ value }) => value.enabled && passwordHashOf(value) !== undefined && roleOf(value) === "owner",
  );
}

/** Whether an unexpired token, or a user who can sign in, has role owner. */
export function keepsAnOwner({ tokens, users }: ResourceSet, wallMs: number): boolean {
  return hasOwnerUser(users) || [...tokens.values()].some(isOwnerToken);

  function isOwnerToken({ value }: { readonly value: ResourceValue["tokens"] }): boolean {
    return value.role === "owner" && (value.expiresAt === undefined || Date.parse(value.expiresAt) > wallMs);
  }
}
