// Keeps the answer of an exchange that has ended, if it was whole and good. Knows no wire format.
import { costAt } from "../cost.ts";
import type { Exchange } from "../exchange.ts";
import { usageOf } from "../finish.ts";
import type { CacheStore } from "./cache-store.ts";

/** @param nowMs monotonic ms */
export function keepAnswer(exchange: Exchange, store: CacheStore, nowMs: number): void {
  const { cacheTurn, matched, outcome, status, service, model, startedMs, unfinished } = exchange;
  if (cacheTurn === null || matched === null) return;
  exchange.cacheTurn = null;
  const { copy, unstored, ...turn } = cacheTurn;
  // What a check could not judge is let through once, if the Model API wants that, and not for ever.
  const unjudged = exchange.moderation.some(({ action }) => action === "error");
  const isShared = unstored || exchange.ids?.gave !== true;
  const isGood = isShared && outcome === "ok" && status === 200 && !unfinished && !unjudged;
  const body = isGood ? copy.body : undefined;
  copy.release();
  if (body === undefined) return;
  // A stream that was asked for and did not come is not what the next client shall get.
  if (exchange.stream && !/^\s*(?:text\/event-stream|application\/json)\b/i.test(copy.contentType)) return;
  const usage = usageOf(exchange);
  const costUsd = usage === null ? null : costAt(exchange, exchange, usage);
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  store.put({
    ...turn,
    api: matched.api.config.name,
    contentType: copy.contentType,
    body,
    service,
    model,
    saved: { inputTokens, outputTokens, costUsd },
    askedMsAgo: nowMs - startedMs,
  });
}
