// All that a request asks of limits and quotas once its body is known. Knows no store.
import type { Exchange, Matched } from "../exchange.ts";
import type { AskSource, PolicyAsk, Reservation } from "./policy-ask.ts";
import { looksOnly, quotas } from "./quota-asks.ts";
import { reservationOf } from "./reservation.ts";

const rateLimits: AskSource = {
  applies: (_, { api }) => api.limits !== null && api.limits.late.length > 0,
  asks: (exchange, matched, reservation) => {
    const asks: PolicyAsk[] = [];
    for (const limit of matched.api.limits?.late ?? []) {
      const amount = limit.config.metric === "tokens" ? tokensOf(reservation) : 1;
      const ask = limit.ask(exchange, matched, amount);
      if (ask === undefined) continue;
      // To look at a result is never refused; what the result says was consumed is counted.
      asks.push(amount === 0 && looksOnly(exchange) ? { ...ask, dryRun: true } : ask);
    }
    return asks;
  },
};

/** In this order they refuse. */
const sources: readonly AskSource[] = [rateLimits, quotas];

/** Null for a request that nothing counts. */
export function gatherAsks(exchange: Exchange, matched: Matched): readonly PolicyAsk[] | null {
  let reservation: Reservation | undefined;
  let asks: readonly PolicyAsk[] | null = null;
  for (const source of sources) {
    if (!source.applies(exchange, matched)) continue;
    reservation ??= reservationOf(exchange, matched);
    const more = source.asks(exchange, matched, reservation);
    if (more.length > 0) asks = asks === null ? more : [...asks, ...more];
  }
  return asks;
}

function tokensOf({ inputTokens, outputTokens }: Reservation): number {
  return inputTokens + outputTokens;
}
