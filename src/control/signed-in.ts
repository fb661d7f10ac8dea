// From a session to its user as he is now: a session is worth what its user may do at this moment. Knows no password in
// clear and no HTTP.
import { createHmac } from "node:crypto";
import type { ResourceValue } from "../resources/registry.ts";
import type { Role } from "../resources/user.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { sha256Hex } from "./generated-key.ts";
import { passwordHashOf, roleOf } from "./owners.ts";
import type { Session, Sessions } from "./sessions.ts";

/** A user behind a session. */
export interface SignedIn {
  readonly name: string;
  readonly role: Role;
  /** Proves that a change comes from a page of ours: made from the session's id, so that it is kept nowhere. */
  readonly csrfToken: string;
}

/** What opened a session, on its way to the browser. */
export interface OpenedSession {
  readonly id: string;
  readonly signedIn: SignedIn;
}

export interface SignedInUsers {
  find(id: string): SignedIn | undefined;
  /**
   * Opens a session for a user who has proved himself.
   * @param again id of a session that begins anew
   * @throws ControlError `forbidden` when he may do nothing
   */
  open(name: string, again?: string): Promise<OpenedSession>;
  close(id: string): Promise<void>;
  closeAllOf(name: string): Promise<void>;
}

type User = ResourceValue["users"];

export function createSignedInUsers(configuration: Configuration, sessions: Sessions): SignedInUsers {
  const userOf = (name: string): User | undefined => configuration.working.resources.users.get(name)?.value;
  const userBehind = (session: Session): User | undefined => {
    const user = userOf(session.user);
    return user?.enabled === true && markOf(user) === session.passwordMark ? user : undefined;
  };

  let users = configuration.working.resources.users;
  configuration.onChange(() => {
    // Sets of resources share the maps of untouched kinds.
    if (users === configuration.working.resources.users) return;
    users = configuration.working.resources.users;
    void sessions.endAll((session) => userBehind(session) === undefined);
  });

  return {
    find: (id) => {
      const session = sessions.find(id);
      const user = session === undefined ? undefined : userBehind(session);
      const role = user === undefined ? undefined : roleOf(user);
      if (user === undefined || role === undefined) return undefined;
      return { name: user.name, role, csrfToken: csrfTokenOf(id) };
    },
    open: async (name, again) => {
      const user = userOf(name);
      const role = user === undefined ? undefined : roleOf(user);
      if (user === undefined || role === undefined) {
        throw new ControlError(
          "forbidden",
          "You have no role that holds everywhere, and roles for single resource groups are not served yet. Ask an owner for a role.",
        );
      }
      const id = await sessions.start({ user: name, passwordMark: markOf(user) }, again);
      return { id, signedIn: { name, role, csrfToken: csrfTokenOf(id) } };
    },
    close: (id) => sessions.end(id),
    closeAllOf: (name) => sessions.endAll((session) => session.user === name),
  };
}

/** Differs with every password that is set: the hash has a salt. */
function markOf(user: User): string {
  return sha256Hex(passwordHashOf(user) ?? "");
}

function csrfTokenOf(id: string): string {
  return createHmac("sha256", id).update("csrf token").digest("base64url");
}
