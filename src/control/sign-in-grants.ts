// Who may change how people sign in: a mapping of roles gives roles, so it takes who may give all of them; and how long the
// audit log is kept. Knows no route.
import { isDeepStrictEqual } from "node:util";
import type { SignInSettings } from "../resources/sign-in.ts";
import type { CommitOptions } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { mayGrant, reachOf } from "../resources/held-role.ts";
import type { HeldRole } from "../resources/held-role.ts";
import { signInSettings } from "./sign-in-settings.ts";

/** A guard of commits; what stays as it is needs no consent. */
export function guardSignIn({
  roles,
}: {
  readonly roles: readonly HeldRole[];
}): NonNullable<CommitOptions["guard"]> {
  return (working, { written, removed }) => {
    const writes = written.filter(({ kind }) => kind === "instances");
    const isRemoved = removed.some(({ kind }) => kind === "instances");
    if (writes.length === 0 && !isRemoved) return;
    const before = signInSettings({ working });
    const stored = [...(working.stored.get("instances")?.values() ?? [])].map(({ body }) => body["signIn"]);
    const auditBefore = working.resources.instances.values().next().value?.value.audit;
    for (const { body, value } of writes) {
      if ("audit" in value && !isDeepStrictEqual(value.audit, auditBefore)) refuseShortening(roles);
      if (isDeepStrictEqual(body["signIn"], stored[0])) continue;
      if ("signIn" in value) refuse(roles, before, value.signIn);
    }
    if (isRemoved && writes.length === 0 && stored[0] !== undefined) refuse(roles, before, undefined);
  };
}

/** Whoever may change resources must not be able to make the log forget what he did. */
function refuseShortening(roles: readonly HeldRole[]): void {
  if (reachOf(roles, "manage-access") === "everywhere") return;
  const message =
    "audit says how long it is kept who did what: it is changed by who may manage access everywhere.";
  throw new ControlError("forbidden", message, [{ path: "audit", message }]);
}

/** Whether somebody may manage access everywhere and give every role that these mappings give. */
export function mayMap(roles: readonly HeldRole[], ...mappings: readonly SignInSettings[]): boolean {
  const providers = mappings.flatMap(({ oidc }) => oidc);
  const granted = providers.flatMap((provider) => [
    ...provider.roles.map(({ role, resourceGroups }) => ({ role, resourceGroups: resourceGroups ?? null })),
    ...(provider.defaultRole === undefined ? [] : [{ role: provider.defaultRole, resourceGroups: null }]),
  ]);
  return reachOf(roles, "manage-access") === "everywhere" && granted.every((row) => mayGrant(roles, row));
}

function refuse(roles: readonly HeldRole[], before: SignInSettings, after: SignInSettings | undefined): void {
  if (mayMap(roles, before, ...(after === undefined ? [] : [after]))) return;
  const message =
    "signIn gives roles: it is changed by who may manage access everywhere and give all of them.";
  throw new ControlError("forbidden", message, [{ path: "signIn", message }]);
}
