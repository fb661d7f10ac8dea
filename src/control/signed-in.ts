// From a session to its user as he is now: a session is worth what its user may do at this moment. Knows no password in
// clear and no HTTP.
import { createHmac } from "node:crypto";
import type { ResourceValue } from "../resources/registry.ts";
import type { SignInSettings } from "../resources/sign-in.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { sha256Hex } from "./generated-key.ts";
import { passwordHashOf, rolesOfUser } from "./owners.ts";
import { strongestRole } from "../resources/held-role.ts";
import type { HeldRole } from "../resources/held-role.ts";
import type { LastUses } from "./last-uses.ts";
import { sessionLimits, signInSettings } from "./sign-in-settings.ts";
import type { RunningSession, Session, SessionOrigin, Sessions } from "./sessions.ts";

/** A user behind a session. */
export interface SignedIn {
  readonly name: string;
  /** What he may do, and where; at least one role. */
  readonly roles: readonly HeldRole[];
  /** Proves that a change comes from a page of ours: made from the session's id, so that it is kept nowhere. */
  readonly csrfToken: string;
}

/** What opened a session, on its way to the browser. */
export interface OpenedSession {
  readonly id: string;
  readonly signedIn: SignedIn;
  /** How long the browser shall keep it at most. */
  readonly maxAgeMs: number;
}

export interface SignedInUsers {
  find(id: string): SignedIn | undefined;
  /**
   * Opens a session for a user who has proved himself.
   * @param again id of a session that begins anew
   * @throws ControlError `forbidden` when he may do nothing
   */
  open(name: string, origin: SessionOrigin, again?: string): Promise<OpenedSession>;
  /**
   * The same for one whom a provider has proved; his session ends when the provider is configured no longer.
   * @throws ControlError `forbidden`
   */
  openByProvider(name: string, origin: SessionOrigin): Promise<OpenedSession>;
  close(id: string): Promise<void>;
  /** @param closes which of the user's sessions; absent = all */
  closeAllOf(name: string, closes?: (session: RunningSession) => boolean): Promise<void>;
  /** Sessions of a user that have not ended. */
  sessionsOf(name: string): readonly RunningSession[];
}

type User = ResourceValue["users"];

/** @param signIns told of everybody who came in */
export function createSignedInUsers(
  configuration: Configuration,
  sessions: Sessions,
  signIns: Pick<LastUses, "note">,
): SignedInUsers {
  const userOf = (name: string): User | undefined => configuration.working.resources.users.get(name)?.value;
  const userBehind = (session: Session): User | undefined => {
    const user = userOf(session.user);
    if (user?.enabled !== true) return undefined;
    const marks = [markOf(user), identityMarkOf(user, signInSettings(configuration))];
    return marks.includes(session.passwordMark) ? user : undefined;
  };
  const openWith = async (
    name: string,
    markFor: (user: User) => string | undefined,
    origin: SessionOrigin,
    again?: string,
  ): Promise<OpenedSession> => {
    const user = userOf(name);
    const roles = user === undefined ? undefined : heldBy(user);
    const passwordMark = user === undefined ? undefined : markFor(user);
    if (roles === undefined || passwordMark === undefined)
      throw new ControlError("forbidden", "You have no role yet. Ask an owner for one.");
    const id = await sessions.start({ user: name, passwordMark }, origin, again);
    if (again === undefined) signIns.note(name);
    const maxAgeMs = sessionLimits(configuration).absoluteMs;
    return { id, signedIn: { name, roles, csrfToken: csrfTokenOf(id) }, maxAgeMs };
  };

  let { users, instances } = configuration.working.resources;
  configuration.onChange(() => {
    const { resources } = configuration.working;
    // Sets of resources share the maps of untouched kinds.
    if (users === resources.users && instances === resources.instances) return;
    ({ users, instances } = resources);
    void sessions.endAll((session) => userBehind(session) === undefined);
  });

  return {
    find: (id) => {
      const session = sessions.find(id);
      const user = session === undefined ? undefined : userBehind(session);
      const roles = user === undefined ? undefined : heldBy(user);
      if (user === undefined || roles === undefined) return undefined;
      return { name: user.name, roles, csrfToken: csrfTokenOf(id) };
    },
    open: (name, origin, again) => openWith(name, markOf, origin, again),
    openByProvider: (name, origin) =>
      openWith(name, (user) => identityMarkOf(user, signInSettings(configuration)), origin),
    close: (id) => sessions.end(id),
    closeAllOf: (name, closes = () => true) =>
      sessions.endAll((session) => session.user === name && closes(session)),
    sessionsOf: (name) => sessions.of(name),
  };
}

/** Undefined for who may do nothing. */
function heldBy(user: User): readonly HeldRole[] | undefined {
  const roles = rolesOfUser(user);
  return strongestRole(roles) === undefined ? undefined : roles;
}

/** Differs with every password that is set: the hash has a salt. */
function markOf(user: User): string {
  return sha256Hex(passwordHashOf(user) ?? "");
}

/** Undefined for who has no identity at a provider that is configured. */
function identityMarkOf({ oidc: identity }: User, { oidc }: SignInSettings): string | undefined {
  if (identity === undefined) return undefined;
  const { provider, issuer, subject } = identity;
  const isConfigured = oidc.some((row) => row.name === provider && sameIssuer(row.issuer, issuer));
  return isConfigured ? sha256Hex(JSON.stringify(["oidc", provider, issuer, subject])) : undefined;
}

/** A slash at the end makes no other provider. */
function sameIssuer(configured: string, proved: string): boolean {
  return configured.replace(/\/$/u, "") === proved.replace(/\/$/u, "");
}

function csrfTokenOf(id: string): string {
  return createHmac("sha256", id).update("csrf token").digest("base64url");
}
