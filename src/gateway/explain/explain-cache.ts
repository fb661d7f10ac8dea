// Says whether an answer that was given before would be reused for a request. Looks up none.
import { GatewayError } from "../../core/errors.ts";
import type { SnapshotCache } from "../../snapshot/snapshot.ts";
import { cacheableBody, isReusedRoute, wishOf } from "../cache/cacheable.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { PolicyVerdict } from "./explain-authentication.ts";

/** Nothing where answers are not reused. */
export function explainCache(exchange: Exchange, matched: Matched): PolicyVerdict[] {
  const rules = matched.api.config.cache;
  if (rules === undefined) return [];
  try {
    const hindrance = hindranceOf(exchange, matched, rules);
    const reason = hindrance === "" ? wayOf(rules) : `answers are not reused here: ${hindrance}`;
    return [{ name: "cache", verdict: hindrance === "" ? "passed" : "off", reason }];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [{ name: "cache", verdict: "refused", reason: error.message }];
  }
}

function hindranceOf(exchange: Exchange, matched: Matched, { ttlSeconds }: SnapshotCache): string {
  if (wishOf(exchange, ttlSeconds) === null) return "the client does not want it";
  // Without a body there is nothing to look into.
  if ((exchange.body?.bytes.length ?? 0) === 0)
    return isReusedRoute(matched, exchange.call.method) ? "" : "not on this route";
  const asked = cacheableBody(exchange, matched);
  return "reason" in asked ? asked.reason : "";
}

function wayOf({ scope, ttlSeconds, semantic }: SnapshotCache): string {
  const sharers = scope === "consumer" ? "of the same consumer" : "of any consumer";
  const alike =
    semantic === undefined
      ? "the same request"
      : `the same request, or one whose question is like it by ${semantic.threshold}`;
  return `an answer to ${alike} ${sharers} is reused for ${ttlSeconds} s`;
}
