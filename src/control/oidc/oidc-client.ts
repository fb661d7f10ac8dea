// Talks to OpenID providers: discovery, the address to send a browser to, and the exchange of a code for proven claims.
// Checks of issuer, audience, times, nonce and signature are the library's. Knows no user and no cookie.
import * as client from "openid-client";
import type { GuardedFetch } from "../../lib/guarded-fetch.ts";
import type { OidcProvider } from "../../resources/sign-in.ts";
import type { JsonObject } from "../merge-patch.ts";

/** What a browser is sent away with, and must come back with. */
export interface OidcRequest {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who came back, as the provider has proved it. */
export interface OidcProof {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: JsonObject;
}

export interface OidcClient {
  /** @throws Error when the provider cannot be reached or is none */
  startUrl(provider: OidcProvider, redirectUri: string, request: OidcRequest): Promise<URL>;
  /** @param cameBackTo the redirect URI with what the provider added. @throws Error when it proves nothing */
  finish(provider: OidcProvider, cameBackTo: URL, request: OidcRequest): Promise<OidcProof>;
}

/** What a provider says of itself and its keys is believed for so long. */
const discoveryLifeMs = 600_000;
/** A provider that failed is not asked again at once. */
const failureLifeMs = 5_000;
const maxKnown = 50;
const timeoutSeconds = 10;
/** By how much clocks may differ. */
const toleranceSeconds = 60;

interface Known {
  readonly configuration: Promise<client.Configuration>;
  endMs: number;
}

export function createOidcClient(fetch: GuardedFetch, nowMs: () => number): OidcClient {
  const known = new Map<string, Known>();

  const configurationOf = (provider: OidcProvider): Promise<client.Configuration> => {
    const secret = typeof provider.clientSecret === "string" ? provider.clientSecret : undefined;
    const key = JSON.stringify([provider.issuer, provider.clientId, secret ?? null]);
    const before = known.get(key);
    if (before !== undefined && before.endMs > nowMs()) return before.configuration;
    const configuration = discoverIssuer(provider, secret, fetch);
    const entry: Known = { configuration, endMs: nowMs() + discoveryLifeMs };
    configuration.catch(() => {
      entry.endMs = nowMs() + failureLifeMs;
    });
    known.delete(key);
    known.set(key, entry);
    for (const oldest of known.keys()) {
      if (known.size <= maxKnown) break;
      known.delete(oldest);
    }
    return configuration;
  };

  return {
    startUrl: async (provider, redirectUri, { state, nonce, verifier }) =>
      client.buildAuthorizationUrl(await configurationOf(provider), {
        redirect_uri: redirectUri,
        scope: [...new Set(["openid", ...provider.scopes])].join(" "),
        response_type: "code",
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
      }),
    finish: async (provider, cameBackTo, { state, nonce, verifier }) => {
      const configuration = await configurationOf(provider);
      const tokens = await client.authorizationCodeGrant(configuration, cameBackTo, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const idClaims = tokens.claims();
      if (idClaims === undefined) throw new Error("The provider sent no ID token.");
      const { iss: issuer, sub: subject } = idClaims;
      const more =
        configuration.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(configuration, tokens.access_token, subject);
      // What is signed goes before what is only told.
      return { issuer, subject, claims: { ...more, ...idClaims } };
    },
  };
}

/** @throws Error when there is no provider, or it lacks what signing in takes */
export async function discoverIssuer(
  provider: Pick<OidcProvider, "issuer" | "clientId">,
  secret: string | undefined,
  fetch: GuardedFetch,
): Promise<client.Configuration> {
  const issuer = new URL(provider.issuer);
  const configuration = await client.discovery(
    issuer,
    provider.clientId,
    { [client.clockTolerance]: toleranceSeconds, ...(secret === undefined ? {} : { client_secret: secret }) },
    secret === undefined ? client.None() : client.ClientSecretPost(secret),
    {
      timeout: timeoutSeconds,
      [client.customFetch]: (url, options) => fetch(url, fetchRequest(options)),
      execute: [
        // The ID token comes over a connection of our own; its signature is looked at all the same.
        client.enableNonRepudiationChecks,
        // The schema lets http through on this machine alone.
        ...(issuer.protocol === "http:" ? [client.allowInsecureRequests] : []),
      ],
    },
  );
  const metadata = configuration.serverMetadata();
  for (const field of ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const) {
    if (metadata[field] === undefined) throw new Error(`The discovery document has no ${field}.`);
  }
  return configuration;
}

function fetchRequest({ method, headers, body }: client.CustomFetchOptions) {
  // The library sends forms, and nothing else.
  const text = body === undefined || body === null ? undefined : String(body as URLSearchParams | string);
  return { method, headers, body: text };
}
