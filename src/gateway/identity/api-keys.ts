// API keys: where a request holds one, and whose it is. Knows no grant.
import { hash } from "node:crypto";
import { isBrokenKey } from "../../core/key-checksum.ts";
import type { ApiKeySource } from "../../snapshot/snapshot.ts";
import type { ClientCall } from "../listener/listener.ts";
import type { Plan } from "../plan.ts";
import type { RequestHead } from "../request-head.ts";
import type { KnownCredential } from "./credentials.ts";
import { bearerOf } from "./jwt.ts";

const maxFoundKeys = 10_000;
/** The longest key that a consumer may have. */
const maxKeyLength = 256;

/** By the whole key: a part of it, or a shorter hash, would let a forged one meet another's entry. */
export function findCredential(key: string, plan: Plan): KnownCredential | undefined {
  const found = plan.foundKeys.get(key);
  if (found !== undefined) return found;
  if (key.length > maxKeyLength || isBrokenKey("consumer", key)) return undefined;
  const known = plan.credentials.apiKey(hash("sha256", key));
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
      return bearerOf(head.authorization);
    case "header":
      return source.name.toLowerCase() === "x-api-key"
        ? head.apiKeyHeader
        : headerValue(call.rawHeaders, source.name);
    case "query":
      return head.query === "" ? "" : queryValue(head.query, source.name);
  }
}

/** Of two values neither is believed, as another reader could take the other one: the list of both is no key. */
function headerValue(rawHeaders: readonly string[], name: string): string {
  const lower = name.toLowerCase();
  let value = "";
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== lower) continue;
    const next = rawHeaders[index + 1] ?? "";
    value = value === "" ? next : `${value}, ${next}`;
  }
  return value;
}

function queryValue(query: string, name: string): string {
  const values = new URLSearchParams(query).getAll(name).filter((value) => value !== "");
  return values.join(", ");
}
