// Answers a request with an answer that was given before, or listens to the one that it gets.
import { noTokens } from "../../core/usage.ts";
import type { SnapshotCache } from "../../snapshot/snapshot.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import type { AttemptTools } from "../attempt-tools.ts";
import { addTap } from "../capture/two-taps.ts";
import type { ContentBudget } from "../capture/content-budget.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { markClientGone } from "../refuse.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { AnswerCopy } from "./answer-copy.ts";
import { cacheKey, epochOf } from "./cache-key.ts";
import type { CacheHit, CacheStore, Likeness } from "./cache-store.ts";
import { cacheableBody, wishOf } from "./cacheable.ts";
import { likenessOf, type CacheQuestion } from "./likeness.ts";

export interface CacheTools {
  readonly store: CacheStore;
  /** Memory for answers that are being listened to. */
  readonly budget: ContentBudget;
  /** By which embeddings are asked for. */
  readonly upstream: Upstream;
}

type Tools = AttemptTools & { readonly cache: CacheTools };

/**
 * @returns whether the client has its answer, or has gone
 * @throws GatewayError invalid_request for headers that say nothing
 */
export async function answerFromCache(
  exchange: Exchange,
  matched: Matched,
  rules: SnapshotCache,
  tools: Tools,
): Promise<boolean> {
  const maxAgeMs = wishOf(exchange, rules.ttlSeconds);
  const asked = maxAgeMs === null ? null : cacheableBody(exchange, matched);
  if (maxAgeMs === null || asked === null || !("body" in asked)) return false;
  const key = cacheKey(exchange, matched, rules, asked.body);
  const { store } = tools.cache;
  const same = await store.get({ key, maxAgeMs });
  if (same !== null) return replay(exchange, same, tools);
  const likeness = await likenessIn({ exchange, matched, rules, body: asked.body }, tools);
  const threshold = rules.semantic?.threshold ?? 1;
  const like = likeness && (await store.getLike({ ...likeness, threshold, maxAgeMs }));
  if (like !== undefined && like !== null) return replay(exchange, like, tools);
  if (exchange.call.gone) return leave(exchange);
  exchange.cache = "miss";
  const copy = new AnswerCopy(rules.maxEntryBytes, tools.cache.budget);
  const epoch = epochOf(matched.api, exchange.plan);
  const { unstored } = asked;
  exchange.cacheTurn = { key, epoch, ttlMs: maxAgeMs, copy, likeness, unstored };
  addTap(exchange.call, copy);
  return false;
}

/** The time of an embedding is the service's. */
async function likenessIn(question: CacheQuestion, { clock, cache }: Tools): Promise<Likeness | undefined> {
  const { exchange, rules } = question;
  if (rules.semantic === undefined || exchange.call.gone) return undefined;
  const startedMs = clock.monotonicMs();
  const likeness = await likenessOf(question, cache.upstream);
  exchange.upstreamMs += clock.monotonicMs() - startedMs;
  return likeness;
}

function leave(exchange: Exchange): true {
  markClientGone(exchange);
  return true;
}

function replay(exchange: Exchange, hit: CacheHit, { clock }: Tools): true {
  if (exchange.call.gone) return leave(exchange);
  const { contentType, body, service, model, saved, ageMs } = hit;
  exchange.cache = "hit";
  exchange.saved = saved;
  exchange.usage = noTokens;
  exchange.service = service;
  exchange.model = model;
  exchange.status = 200;
  if (exchange.stream) exchange.ttftMs = clock.monotonicMs() - exchange.startedMs;
  const headers = ["content-type", contentType, "age", String(Math.floor(ageMs / 1_000))];
  pushGatewayHeaders(headers, exchange);
  // It was checked when it was given, by the same rules.
  exchange.guard?.bypass();
  exchange.call.send(200, headers, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return true;
}
