// Who calls? Finds the consumer behind an API key and asks whether it holds a grant. One answer for every bad credential.
import { hash } from "node:crypto";
import { readDebugProof } from "../core/debug-proof.ts";
import { GatewayError } from "../core/errors.ts";
import type { ApiKeySource } from "../snapshot/snapshot.ts";
import type { Exchange, Matched } from "./exchange.ts";
import type { ClientCall } from "./listener/listener.ts";
import type { KnownCredential, Plan } from "./plan.ts";
import type { RequestHead } from "./request-head.ts";

/** Of requests that the control plane sends to try a Model API out, in records. */
const debugCredential = "debug";

/**
 * @param debugSecret of the proofs that the control plane makes; null: none is believed
 * @throws GatewayError invalid_credentials, consumer_not_allowed
 */
export function authenticate(exchange: Exchange, wallMs: number, debugSecret: string | null = null): void {
  const { matched, head, call, plan } = exchange;
  if (matched === null || head === null) return;
  if (head.debugProof !== "" && debugSecret !== null) {
    const { name: api } = matched.api.config;
    const proven = readDebugProof(debugSecret, head.debugProof, { api, wallMs });
    if (proven !== undefined) return takeAs(exchange, matched, proven.consumer, wallMs);
  }
  const { auth } = matched.api.config;
  if (auth === null) return;
  const key = findKey(auth.apiKeySources, head, call);
  const known = key === "" ? undefined : findCredential(key, plan);
  if (known === undefined || (known.expiresAtMs !== null && known.expiresAtMs <= wallMs)) {
    throw new GatewayError("invalid_credentials");
  }
  exchange.consumer = known.consumer;
  exchange.credential = known.credential;
  requireGrant(matched, known.consumer, wallMs);
}

/** Whoever may change a Model API may try it out: as a consumer under the consumer's grants, or as nobody without one. */
function takeAs(exchange: Exchange, matched: Matched, consumer: string, wallMs: number): void {
  exchange.credential = debugCredential;
  if (consumer === "" || matched.api.grants === null) return;
  exchange.consumer = consumer;
  requireGrant(matched, consumer, wallMs);
}

function requireGrant({ api }: Matched, consumer: string, wallMs: number): void {
  const grantedUntilMs = api.grants?.get(consumer);
  if (grantedUntilMs === undefined || grantedUntilMs <= wallMs)
    throw new GatewayError("consumer_not_allowed");
}

const maxFoundKeys = 10_000;

/** By the whole key: a part of it, or a shorter hash, would let a forged one meet another's entry. */
export function findCredential(key: string, plan: Plan): KnownCredential | undefined {
  const found = plan.foundKeys.get(key);
  if (found !== undefined) return found;
  const known = plan.credentials.get(hash("sha256", key, "hex"));
  if (known !== undefined && plan.foundKeys.size < maxFoundKeys) plan.foundKeys.set(key, known);
  return known;
}

/** The first source that holds anything decides: a bad key there is not made good by another elsewhere. "" = none does. */
export function findKey(sources: readonly ApiKeySource[], head: RequestHead, call: ClientCall): string {
  for (const source of sources) {
    const value = readSource(source, head, call);
    if (value !== "") return value;
  }
  return "";
}

function readSource(source: ApiKeySource, head: RequestHead, call: ClientCall): string {
  switch (source.in) {
    case "bearer":
      return /^bearer +(\S+) *$/i.exec(head.authorization)?.[1] ?? "";
    case "header":
      return source.name.toLowerCase() === "x-api-key"
        ? head.apiKeyHeader
        : headerValue(call.rawHeaders, source.name);
    case "query":
      return head.query === "" ? "" : (new URLSearchParams(head.query).get(source.name) ?? "");
  }
}

function headerValue(rawHeaders: readonly string[], name: string): string {
  const lower = name.toLowerCase();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === lower) return rawHeaders[index + 1] ?? "";
  }
  return "";
}
