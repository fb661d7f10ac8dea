// What may be done to a user, and why not: one's own account, the last owner, roles above one's own. Pure.
import { mayGrant, type HeldRole } from "../../../../src/resources/held-role.ts";
import type { Role } from "../../../../src/resources/user.ts";
import type { Token, User } from "../../api/resources.ts";

export type UserStanding = "active" | "disabled" | "noWayIn" | "noRole";

export function standingOf({ enabled, password, oidc, roles }: User): UserStanding {
  if (!enabled) return "disabled";
  if (password === undefined && oidc === undefined) return "noWayIn";
  return roles.some(({ resourceGroups }) => resourceGroups?.length !== 0) ? "active" : "noRole";
}

export interface Me {
  readonly name: string;
  readonly held: readonly HeldRole[];
}

export function heldOf({ roles }: Pick<User, "roles">): readonly HeldRole[] {
  return roles.map(({ role, resourceGroups }) => ({ role, resourceGroups: resourceGroups ?? null }));
}

const isOwner = ({ enabled, password, roles }: User): boolean =>
  enabled &&
  password !== undefined &&
  roles.some(({ role, resourceGroups }) => role === "owner" && resourceGroups === undefined);

const isOwnerToken = ({ role, resourceGroups, expiresAt }: Token, nowMs: number): boolean =>
  role === "owner" &&
  resourceGroups === undefined &&
  (expiresAt === undefined || Date.parse(expiresAt) > nowMs);

/** Whether nobody is owner any more once this user is not: nobody who can sign in, and no token. */
export function isLastOwner(
  user: User,
  users: readonly User[],
  tokens: readonly Token[],
  nowMs: number,
): boolean {
  return (
    isOwner(user) &&
    !users.some((other) => other.name !== user.name && isOwner(other)) &&
    !tokens.some((token) => isOwnerToken(token, nowMs))
  );
}

export type Obstacle = "fromFile" | "aboveYou" | "fewGroups" | "ownAccount" | "lastOwner";

/** Why somebody may not touch this user at all; undefined when he may. */
export function obstacleTo(user: User, me: Me): Obstacle | undefined {
  if (user.managedBy === "file") return "fromFile";
  const beyond = heldOf(user).find((held) => !mayGrant(me.held, held));
  if (beyond === undefined) return undefined;
  return mayGiveRole(me.held, beyond.role) ? "fewGroups" : "aboveYou";
}

/** Whether somebody may give this role anywhere. */
export function mayGiveRole(own: readonly HeldRole[], role: Role): boolean {
  return own.some(
    ({ resourceGroups }) =>
      resourceGroups?.length !== 0 && mayGrant(own, { role, resourceGroups: resourceGroups ?? null }),
  );
}

/** Of what takes rights away: disabling, deleting, other roles. */
export function obstacleToTaking(user: User, me: Me, isLast: boolean): Obstacle | undefined {
  return obstacleTo(user, me) ?? (user.name === me.name ? "ownAccount" : isLast ? "lastOwner" : undefined);
}

/** Twenty characters that are not taken for each other, from a source of random bytes: 117 bits. */
export function generatedPassword(randomBytes: (length: number) => Uint8Array): string {
  const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  let text = "";
  while (text.length < 20) {
    for (const byte of randomBytes(32)) {
      // Beyond the last whole multiple the first letters would come more often.
      const letter = byte < 256 - (256 % letters.length) ? letters[byte % letters.length] : undefined;
      if (letter !== undefined && text.length < 20) text += letter;
    }
  }
  return text;
}
