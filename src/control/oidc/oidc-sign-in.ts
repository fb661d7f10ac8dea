// Signing in by a provider: from the button to the provider, and from there to a session. Every ending that is no session
// is a code for the sign-in page. Knows no cookie and no HTTP.
import { AuthorizationResponseError } from "openid-client";
import type { OidcProvider, SignInSettings } from "../../resources/sign-in.ts";
import { tellAudit } from "../audit/audit-scope.ts";
import type { Configuration } from "../configuration.ts";
import { signInSettings } from "../sign-in-settings.ts";
import type { SessionOrigin } from "../sessions.ts";
import type { OpenedSession, SignedInUsers } from "../signed-in.ts";
import type { OidcClient, OidcProof } from "./oidc-client.ts";
import type { OidcRefusal } from "./oidc-users.ts";
import { userOfProof } from "./oidc-users.ts";
import type { RoundTrips } from "./oidc-round-trip.ts";

/** Codes that the sign-in page explains. */
export type OidcFailure =
  | OidcRefusal
  | "oidc_unknown"
  | "oidc_unreachable"
  | "oidc_expired"
  | "oidc_denied"
  | "oidc_failed"
  | "oidc_busy";

export interface OidcStart {
  /** Of the provider. */
  readonly url: URL;
  readonly carried: string;
}

export interface OidcEnd {
  readonly opened: OpenedSession;
  readonly returnTo: string;
}

/** Why nobody came in; the cause is for the operational log. */
export interface OidcFailed {
  readonly failure: OidcFailure;
  readonly cause?: unknown;
}

export interface OidcSignIn {
  settings(): SignInSettings;
  start(provider: string, returnTo: string): Promise<OidcStart | OidcFailed>;
  /** @param query what the provider added to the redirect URI, as it came */
  finish(
    provider: string,
    query: string,
    carried: string | undefined,
    origin: SessionOrigin,
  ): Promise<OidcEnd | OidcFailed>;
}

export interface OidcPorts {
  readonly configuration: Configuration;
  readonly client: OidcClient;
  readonly trips: RoundTrips;
  readonly users: SignedInUsers;
}

/** At once: each may wait for a provider. */
const maxRunning = 16;

export function createOidcSignIn({ configuration, client, trips, users }: OidcPorts): OidcSignIn {
  let running = 0;
  const settings = (): SignInSettings => signInSettings(configuration);
  const find = (name: string): { provider: OidcProvider; redirectUri: string } | undefined => {
    const { oidc, publicUrl } = settings();
    const provider = oidc.find((row) => row.name === name);
    if (provider === undefined || publicUrl === undefined) return undefined;
    return { provider, redirectUri: `${new URL(publicUrl).origin}/api/v1/session/oidc/${name}/callback` };
  };
  const inTurn = async <Result>(run: () => Promise<Result>): Promise<Result | OidcFailed> => {
    if (running >= maxRunning) return { failure: "oidc_busy" };
    running += 1;
    try {
      return await run();
    } finally {
      running -= 1;
    }
  };

  return {
    settings,
    start: (name, returnTo) =>
      inTurn(async (): Promise<OidcStart | OidcFailed> => {
        const found = find(name);
        if (found === undefined) return { failure: "oidc_unknown" };
        const { trip, carried } = trips.begin(name, returnTo);
        try {
          return { url: await client.startUrl(found.provider, found.redirectUri, trip), carried };
        } catch (cause) {
          return { failure: "oidc_unreachable", cause };
        }
      }),
    finish: (name, query, carried, origin) =>
      inTurn(async (): Promise<OidcEnd | OidcFailed> => {
        const found = find(name);
        if (found === undefined) return { failure: "oidc_unknown" };
        const trip = carried === undefined ? undefined : trips.end(carried);
        if (trip === undefined || trip.provider !== name) return { failure: "oidc_expired" };
        const cameBackTo = new URL(found.redirectUri + query);
        let proof: OidcProof;
        try {
          proof = await client.finish(found.provider, cameBackTo, trip);
        } catch (cause) {
          return { failure: failureOf(cause), cause };
        }
        try {
          const user = await userOfProof(configuration, found.provider, proof);
          if ("refusal" in user) return { failure: user.refusal };
          tellAudit({ actor: `user:${user.name}`, method: "oidc" });
          return { opened: await users.openByProvider(user.name, origin), returnTo: trip.returnTo };
        } catch (cause) {
          return { failure: "oidc_failed", cause };
        }
      }),
  };
}

/** The user himself, or his provider, has said no; or what came back proves nothing. */
function failureOf(error: unknown): OidcFailure {
  if (error instanceof AuthorizationResponseError)
    return error.error === "access_denied" ? "oidc_denied" : "oidc_failed";
  const isNetwork =
    error instanceof Error && /^(?:UND_ERR|E[A-Z]+$)/u.test(String(Reflect.get(error, "code")));
  return isNetwork ? "oidc_unreachable" : "oidc_failed";
}
