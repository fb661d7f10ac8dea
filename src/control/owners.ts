// Who is an owner, and what a user who signs in may do. Knows no request and no session.
import type { ResourceValue } from "../resources/registry.ts";
import type { ResourceSet } from "../resources/resource-set.ts";
import type { HeldRole } from "../resources/held-role.ts";

type User = ResourceValue["users"];
type Token = ResourceValue["tokens"];

/** What a user holds. */
export function rolesOfUser({ roles }: Pick<User, "roles">): readonly HeldRole[] {
  return roles.map(({ role, resourceGroups }) => ({ role, resourceGroups: resourceGroups ?? null }));
}

/** What the bearer of a token holds. */
export function rolesOfToken({
  role,
  resourceGroups,
}: Pick<Token, "role" | "resourceGroups">): readonly HeldRole[] {
  return [{ role, resourceGroups: resourceGroups ?? null }];
}

/** Owners are owners everywhere. */
function isOwner(held: readonly HeldRole[]): boolean {
  return held.some(({ role, resourceGroups }) => role === "owner" && resourceGroups === null);
}

/** The slow hash that the user's password is compared with; undefined for one who has none. */
export function passwordHashOf({ password }: User): string | undefined {
  return typeof password === "object" && "hash" in password ? password.hash : undefined;
}

/** Whether a user who can sign in has role owner. */
export function hasOwnerUser(users: ResourceSet["users"]): boolean {
  return [...users.values()].some(
    ({ value }) => value.enabled && passwordHashOf(value) !== undefined && isOwner(rolesOfUser(value)),
  );
}

/** Whether an unexpired token, or a user who can sign in, has role owner. */
export function keepsAnOwner({ tokens, users }: ResourceSet, wallMs: number): boolean {
  return hasOwnerUser(users) || [...tokens.values()].some(isOwnerToken);

  function isOwnerToken({ value }: { readonly value: Token }): boolean {
    return (
      isOwner(rolesOfToken(value)) && (value.expiresAt === undefined || Date.parse(value.expiresAt) > wallMs)
    );
  }
}
