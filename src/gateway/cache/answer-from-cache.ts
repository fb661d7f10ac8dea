// Answers a request with an answer that was given before, or listens to the one that it gets.
import { noTokens } from "../../core/usage.ts";
import type { SnapshotCache } from "../../snapshot/snapshot.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import type { AttemptTools } from "../attempt-tools.ts";
import { addTap } from "../capture/two-taps.ts";
import type { ContentBudget } from "../capture/content-budget.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { AnswerCopy } from "./answer-copy.ts";
import { cacheKey, epochOf } from "./cache-key.ts";
import type { CacheHit, CacheStore } from "./cache-store.ts";
import { cacheableBody, wishOf } from "./cacheable.ts";

export interface CacheTools {
  readonly store: CacheStore;
  /** Memory for answers that are being listened to. */
  readonly budget: ContentBudget;
}

/**
 * @returns whether the client has its answer
 * @throws GatewayError invalid_request for headers that say nothing
 */
export async function answerFromCache(
  exchange: Exchange,
  matched: Matched,
  rules: SnapshotCache,
  tools: AttemptTools & { readonly cache: CacheTools },
): Promise<boolean> {
  const maxAgeMs = wishOf(exchange, rules.ttlSeconds);
  const asked = maxAgeMs === null ? null : cacheableBody(exchange, matched);
  if (maxAgeMs === null || asked === null || !("body" in asked)) return false;
  const key = cacheKey(exchange, matched, rules, asked.body);
  const { store, budget } = tools.cache;
  const hit = await store.get({ key, maxAgeMs });
  if (exchange.call.gone) return false;
  if (hit !== null) {
    replay(exchange, hit, tools.clock.monotonicMs());
    return true;
  }
  exchange.cache = "miss";
  const copy = new AnswerCopy(rules.maxEntryBytes, budget);
  exchange.cacheTurn = {
    key,
    epoch: epochOf(matched.api, exchange.plan),
    ttlMs: maxAgeMs,
    copy,
    likeness: undefined,
  };
  addTap(exchange.call, copy);
  return false;
}

function replay(exchange: Exchange, hit: CacheHit, nowMs: number): void {
  const { contentType, body, service, model, saved, ageMs } = hit;
  exchange.cache = "hit";
  exchange.saved = saved;
  exchange.usage = noTokens;
  exchange.service = service;
  exchange.model = model;
  exchange.status = 200;
  if (exchange.stream) exchange.ttftMs = nowMs - exchange.startedMs;
  const headers = ["content-type", contentType, "age", String(Math.floor(ageMs / 1_000))];
  pushGatewayHeaders(headers, exchange);
  exchange.call.send(200, headers, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}
