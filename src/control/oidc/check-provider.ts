// What an OpenID provider says of itself, tried before anybody is sent there. Knows no client, no user and no cookie.
import type { GuardedFetch } from "../../lib/guarded-fetch.ts";
import { isJsonObject } from "../merge-patch.ts";
import { discoverIssuer } from "./oidc-client.ts";

export interface CheckedProvider {
  readonly ok: boolean;
  readonly message: string;
  readonly keys: number;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
}

export type ProviderCheck = (issuer: string) => Promise<CheckedProvider>;

const maxListed = 100;
const maxMessage = 300;

export function createProviderCheck(fetch: GuardedFetch): ProviderCheck {
  return async (issuer) => {
    try {
      const metadata = (
        await discoverIssuer({ issuer, clientId: "none" }, undefined, fetch)
      ).serverMetadata();
      const keys = await countKeys(metadata.jwks_uri ?? "", fetch);
      const found = {
        keys,
        scopes: listed(metadata.scopes_supported),
        claims: listed(metadata.claims_supported),
      };
      const fault = faultOf(metadata, keys);
      return { ...found, ok: fault === undefined, message: fault ?? "The provider answers and has keys." };
    } catch (error) {
      return { ok: false, message: textOf(error), keys: 0, scopes: [], claims: [] };
    }
  };
}

function faultOf(
  {
    response_types_supported: types,
    code_challenge_methods_supported: challenges,
  }: Readonly<Record<string, unknown>>,
  keys: number,
): string | undefined {
  if (keys === 0) return "The provider has no key that proves a signature.";
  if (Array.isArray(types) && !types.includes("code")) return "The provider does not give codes.";
  if (Array.isArray(challenges) && !challenges.includes("S256"))
    return "The provider does not take PKCE with S256.";
  return undefined;
}

/** @throws Error when the answer is no set of keys */
async function countKeys(address: string, fetch: GuardedFetch): Promise<number> {
  const answer = await fetch(address, { method: "GET", headers: { accept: "application/json" } });
  if (answer.status !== 200) throw new Error(`The address of its keys answered ${answer.status}.`);
  const body: unknown = await answer.json();
  const keys = isJsonObject(body) ? body["keys"] : undefined;
  if (!Array.isArray(keys)) throw new Error("The address of its keys gives no set of keys.");
  return keys.filter(
    (key) =>
      isJsonObject(key) && key["use"] !== "enc" && typeof key["kty"] === "string" && key["kty"] !== "oct",
  ).length;
}

function listed(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).filter((text) => typeof text === "string").slice(0, maxListed);
}

/** The library wraps what the network said; what the other side wrote is left out. */
function textOf(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = told instanceof Error && told.message !== "" ? told.message : "it cannot be reached";
  return `No provider was found: ${text}`.slice(0, maxMessage);
}
