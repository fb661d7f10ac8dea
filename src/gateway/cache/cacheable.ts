// Which requests an answer may be reused for, and what their clients wish. Knows no store.
import { isUtf8 } from "node:buffer";
import { GatewayError } from "../../core/errors.ts";
import { memberOf, readCanonical, type CanonicalValue } from "../../lib/canonical-json.ts";
import type { AnswerKind } from "../../protocols/wire.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { concernsIds } from "../ids/place.ts";
import { headerOf } from "../raw-headers.ts";

/** Of a request, in bytes: what is larger is hardly ever asked twice, and costs too much to compare. */
export const maxRequestBytes = 1024 * 1024;

/** Text, vectors, ranks and pictures. */
const reusedKinds = new Set<AnswerKind>(["generation", "embedding", "rerank", "images"]);

/** The body of a request for which an answer may be reused, or why none may. */
export type Cacheable =
  /** `unstored`: the client says that the service shall not keep the answer. */
  { readonly body: CanonicalValue; readonly unstored: boolean } | { readonly reason: string };

/** Whether an answer may be reused on this route, whatever the request says. */
export function isReusedRoute({ operation }: Matched, method: string): boolean {
  return method === "POST" && reusedKinds.has(operation.answer) && !operation.creates;
}

/** @throws GatewayError as reading ids does */
export function cacheableBody(exchange: Exchange, matched: Matched): Cacheable {
  const { body, call } = exchange;
  if (!isReusedRoute(matched, call.method)) return { reason: "answers of this route are not reused" };
  if (body === null || body.form !== null || body.upload !== null) return { reason: "its body is no JSON" };
  if (body.bytes.length > maxRequestBytes) return { reason: "its body has more than 1 MiB" };
  // What cannot be read would be the same as other such bytes.
  if (!isUtf8(body.bytes)) return { reason: "its body is not in UTF-8" };
  const value = readCanonical(body.bytes.toString());
  if (value === undefined) return { reason: "its body is no JSON object, or names a key twice" };
  const unstored = memberOf(value, "store") === "false";
  const { names, makesObject } = concernsIds(exchange, matched);
  if (names) return { reason: "it names an object that is kept at the service" };
  if (makesObject && !unstored) return { reason: "its answer is kept at the service: send store false" };
  return { body: value, unstored };
}

/** What the client wishes: `null` = not to be asked and not to be kept; else how old an answer may be, ms. */
export function wishOf({ call }: Exchange, ttlSeconds: number): number | null {
  const wish = headerOf(call.rawHeaders, "x-moongate-cache");
  const ttl = headerOf(call.rawHeaders, "x-moongate-cache-ttl");
  if (wish !== undefined && wish.toLowerCase() !== "bypass")
    throw new GatewayError("invalid_request", { message: "The header x-moongate-cache must be bypass." });
  if (ttl !== undefined && !/^[0-9]{1,9}$/.test(ttl)) {
    const message = "The header x-moongate-cache-ttl must be a whole number of seconds.";
    throw new GatewayError("invalid_request", { message });
  }
  const seconds = Math.min(ttlSeconds, ttl === undefined ? ttlSeconds : Number(ttl));
  return wish !== undefined || seconds === 0 ? null : seconds * 1_000;
}
