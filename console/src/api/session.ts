// Who is signed in: read once at start, changed by signing in and out.
import { queryOptions } from "@tanstack/react-query";
import { reachOf, type HeldRole, type Permission, type Reach } from "../../../src/resources/held-role.ts";
import type { SessionView } from "../../../src/control/routes/session-operations.ts";
import type { SignInWays } from "../../../src/control/routes/oidc-operations.ts";
import { ApiError, call, setCsrfToken } from "./client.ts";

export type Session = SessionView;

export type { SignInWays };

/** The session of this browser; null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  queryFn: async (): Promise<Session | null> => {
    try {
      return keep(await call<Session>("GET", "/session"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** Whether the first owner is still to be made. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => call<{ needed: boolean }>("GET", "/setup"),
});

/** Which ways to sign in there are. */
export const signInWaysQuery = queryOptions({
  queryKey: ["sign-in-ways"],
  queryFn: () => call<SignInWays>("GET", "/session/providers"),
});

export async function signIn(username: string, password: string): Promise<Session> {
  return keep(await call<Session>("POST", "/session", { body: { username, password } }));
}

/** Makes the first owner with the token of the set-up link, and signs him in. */
export async function setUp(token: string, username: string, password: string): Promise<Session> {
  return keep(await call<Session>("POST", "/setup", { body: { token, username, password } }));
}

/** Changes one's own password; one's other sessions end. */
export async function changePassword(current: string, next: string): Promise<void> {
  await call("POST", "/session/password", { body: { current, next } });
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/session");
  setCsrfToken("");
}

function keep(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

/** All that somebody holds. */
export function heldBy(session: Session): readonly HeldRole[] {
  return session.user.roles.map(({ role, resourceGroups }) => ({
    role,
    resourceGroups: resourceGroups ?? null,
  }));
}

/** Where whoever is signed in may do something. */
export function sessionReach(session: Session | null | undefined, permission: Permission): Reach {
  return session === null || session === undefined ? nowhere : reachOf(heldBy(session), permission);
}

const nowhere: Reach = new Set();
