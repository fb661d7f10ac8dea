// What mode intelligent gets to see of an exchange, besides what every selector sees. Knows no model.
import type { Clock } from "../../core/clock.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import type { RoutingPolicy } from "../../routing/policy.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Selectable } from "../selectors/selector.ts";
import { readFacts } from "./read-facts.ts";

export function routable(
  exchange: Exchange,
  matched: Matched,
  { stickiness }: RoutingPolicy,
): Required<Pick<Selectable, "facts" | "waitFor">> {
  let facts: RequestFacts | undefined;
  return {
    facts: () => (facts ??= readFacts(exchange, matched, stickiness?.header)),
    waitFor: (ask, clock) => waitFor(exchange, ask, clock),
  };
}

/** The time of a classifier is not the gateway's own. A client that leaves ends only its own wait. */
async function waitFor<Answer>(
  exchange: Exchange,
  ask: (gone: AbortSignal) => Promise<Answer>,
  clock: Pick<Clock, "monotonicMs">,
): Promise<Answer> {
  const { call } = exchange;
  const startedMs = clock.monotonicMs();
  const left = new AbortController();
  call.onGone = () => left.abort();
  try {
    return await ask(left.signal);
  } finally {
    call.onGone = null;
    exchange.upstreamMs += clock.monotonicMs() - startedMs;
  }
}
