// Nobody grants more than he has: looked at before users and tokens are written or deleted. Knows no route.
import { isDeepStrictEqual } from "node:util";
import { resourceName } from "../resources/document.ts";
import type { Kind } from "../resources/kinds.ts";
import type { ResourceValue } from "../resources/registry.ts";
import { ControlError } from "./control-error.ts";
import type { Edit } from "./edit.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { Principal } from "./operation.ts";
import type { Candidate } from "./prepare-edits.ts";
import { heldText, isRole, mayGrant } from "../resources/held-role.ts";
import type { HeldRole } from "../resources/held-role.ts";
import { rolesOfToken, rolesOfUser } from "./owners.ts";
import { guardSignIn, mayMap } from "./sign-in-grants.ts";
import { signInSettings } from "./sign-in-settings.ts";
import type { WorkingSet } from "./working-set.ts";

/**
 * A guard that refuses to write or delete what holds, or would hold, a role above the principal's own.
 * Undefined for kinds that hold no role.
 */
export function guardGrants(
  principal: Principal,
  kind: Kind,
  name: string,
  body: JsonObject,
): ((working: WorkingSet) => void) | undefined {
  if (kind !== "tokens" && kind !== "users") return undefined;
  return (working) => {
    const before = working.resources[kind].get(resourceName(kind, name))?.value;
    for (const granted of [...rolesOfBody(body), ...rolesOfValue(before)]) {
      if (mayGrant(principal.roles, granted)) continue;
      const message = `${heldText(principal.roles)} may not give or take ${heldText([granted]).toLowerCase()}${where(granted)}.`;
      throw new ControlError("forbidden", message);
    }
    refuseIdentity(principal, working, body, before);
  };
}

/** Whoever is given an identity gets, at its next sign-in, whatever the provider and the mapping say. */
function refuseIdentity(
  { roles }: Principal,
  working: WorkingSet,
  { oidc }: JsonObject,
  before: ResourceValue["tokens" | "users"] | undefined,
): void {
  const known = before !== undefined && "roles" in before ? before.oidc : undefined;
  if (oidc === undefined || oidc === null || isDeepStrictEqual(oidc, known)) return;
  if (mayMap(roles, signInSettings({ working }))) return;
  const message =
    "oidc is written at the first sign-in; by hand it takes who may manage access everywhere and give every role that providers give.";
  throw new ControlError("forbidden", message, [{ path: "oidc", message }]);
}

/** The same for whole documents, told what they would change: objects that stay as they are need no consent. */
export function guardDocument(principal: Principal): (working: WorkingSet, candidate: Candidate) => void {
  const ofSignIn = guardSignIn(principal);
  return (working, candidate) => {
    const { written, removed } = candidate;
    ofSignIn(working, candidate);
    for (const { kind, name, body } of [...written, ...removed.map((row) => ({ ...row, body: {} }))]) {
      guardGrants(principal, kind, name, body)?.(working);
    }
  };
}

/**
 * A document that holds the password of somebody above is refused, right or wrong: whether it changes anything would tell
 * whether it is the present one, as often as somebody asks.
 */
export function guardPasswords(principal: Principal): (working: WorkingSet, edits: readonly Edit[]) => void {
  return (working, edits) => {
    for (const edit of edits) {
      if (edit.action !== "write" || typeof edit.body["password"] !== "string") continue;
      guardGrants(principal, edit.kind, edit.name, edit.body)?.(working);
    }
  };
}

/** What a body that is not checked yet would give; a list of groups that is none counts as everywhere. */
function rolesOfBody(body: JsonObject): HeldRole[] {
  const list: unknown[] = Array.isArray(body["roles"]) ? body["roles"] : [];
  return [body, ...list.filter(isJsonObject)].flatMap(({ role, resourceGroups }) =>
    isRole(role)
      ? [{ role, resourceGroups: Array.isArray(resourceGroups) ? resourceGroups.map(String) : null }]
      : [],
  );
}

function rolesOfValue(value: ResourceValue["tokens" | "users"] | undefined): readonly HeldRole[] {
  if (value === undefined) return [];
  return "roles" in value ? rolesOfUser(value) : rolesOfToken(value);
}

function where({ resourceGroups }: HeldRole): string {
  return resourceGroups === null ? " everywhere" : "";
}
