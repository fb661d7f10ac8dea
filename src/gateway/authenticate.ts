// Who calls? Finds the consumer that a request proves to come from, and asks whether it holds a grant. One answer for
// every bad credential.
import { readDebugProof } from "../core/debug-proof.ts";
import { GatewayError } from "../core/errors.ts";
import type { Exchange, Matched } from "./exchange.ts";
import { findCredential, findKey } from "./identity/api-keys.ts";
import type { KnownCredential } from "./identity/credentials.ts";
import { proveSignature } from "./identity/hmac.ts";
import { bearerOf, looksLikeToken, proveToken } from "./identity/jwt.ts";
import type { TokenKeys } from "./identity/token-keys.ts";

/** Of requests that the control plane sends to try a Model API out, in records. */
const debugCredential = "debug";

export interface AuthenticationTools {
  /** Of the proofs that the control plane makes; null: none is believed. */
  readonly debugSecret: string | null;
  readonly tokenKeys: TokenKeys;
}

export interface AuthenticationTimes {
  readonly wallMs: number;
  /** When the head was signed at the latest, where it came long ago: the handshake of a socket. */
  readonly dateMs?: number;
}

/**
 * A promise only where a token must be verified.
 * @throws GatewayError invalid_credentials, consumer_not_allowed
 */
export function authenticate(
  exchange: Exchange,
  times: AuthenticationTimes,
  tools: AuthenticationTools,
): Promise<void> | undefined {
  const { matched, head } = exchange;
  if (matched === null || head === null) return undefined;
  const { wallMs } = times;
  if (head.debugProof !== "" && tools.debugSecret !== null) {
    const { name: api } = matched.api.config;
    const proven = readDebugProof(tools.debugSecret, head.debugProof, { api, wallMs });
    if (proven !== undefined) {
      takeAs(exchange, matched, proven.consumer, wallMs);
      return undefined;
    }
  }
  const proof = prove(exchange, times, tools);
  if (proof === null) return undefined;
  if (proof instanceof Promise) return proof.then((late) => admit(exchange, matched, late, wallMs));
  admit(exchange, matched, proof, wallMs);
  return undefined;
}

/**
 * The credential that a request proves, whether it has ended or not, or why it proves none: for whoever configures the
 * gateway. Null where anyone may call. The first kind of credential that a request holds decides: a bad one is not made
 * good by another.
 */
export function prove(
  exchange: Exchange,
  { wallMs, dateMs = wallMs }: AuthenticationTimes,
  { tokenKeys }: AuthenticationTools,
): KnownCredential | string | null | Promise<KnownCredential | string> {
  const { matched, head, call, plan } = exchange;
  const auth = matched?.api.config.auth ?? null;
  if (auth === null || head === null) return null;
  if (head.accessKey !== "" && auth.refused?.includes("hmac") !== true) {
    const proven = proveSignature({ call, head }, plan.credentials, { wallMs, dateMs });
    if (typeof proven === "string") return proven;
    exchange.signedBody = proven.body;
    return proven.known;
  }
  const token = auth.refused?.includes("jwt") === true ? "" : bearerOf(head.authorization);
  if (looksLikeToken(token)) {
    const { credentials, verifiedTokens: verified } = plan;
    return proveToken(token, { credentials, verified, keys: tokenKeys, wallMs });
  }
  const key = findKey(auth.apiKeySources, head, call);
  if (key === "") return "no credential was sent";
  return findCredential(key, plan) ?? "the API key is that of no enabled consumer";
}

function admit(exchange: Exchange, matched: Matched, proof: KnownCredential | string, wallMs: number): void {
  if (typeof proof === "string" || hasEnded(proof, wallMs)) throw new GatewayError("invalid_credentials");
  exchange.consumer = proof.consumer;
  exchange.credential = proof.credential;
  requireGrant(exchange, matched, proof.groups, wallMs);
}

export function hasEnded({ expiresAtMs }: KnownCredential, wallMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= wallMs;
}

/** Whoever may change a Model API may try it out: as a consumer under the consumer's grants, or as nobody without one. */
function takeAs(exchange: Exchange, matched: Matched, consumer: string, wallMs: number): void {
  exchange.credential = debugCredential;
  if (consumer === "" || matched.api.grants === null) return;
  exchange.consumer = consumer;
  requireGrant(exchange, matched, exchange.plan.consumers.get(consumer)?.groups ?? [], wallMs);
}

function requireGrant(exchange: Exchange, { api }: Matched, groups: readonly string[], wallMs: number): void {
  const models = api.grants?.find(exchange.consumer, groups, wallMs);
  if (models === undefined) throw new GatewayError("consumer_not_allowed");
  exchange.allowedModels = models;
}
