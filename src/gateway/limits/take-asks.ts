// Takes what a request asks of limits and quotas, or refuses it. Knows no policy.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Exchange } from "../exchange.ts";
import { LimitsFull, type LimitHold, type LimitStore, type LimitVerdict } from "./limit-store.ts";
import type { PolicyAsk } from "./policy-ask.ts";

export interface LimitTools {
  readonly limits: LimitStore;
  readonly clock: Clock;
}

/** A promise only of a store that gives one. @throws GatewayError rate_limited, quota_exceeded, overloaded */
export function takeAsks(
  exchange: Exchange,
  asks: readonly PolicyAsk[],
  { limits, clock }: LimitTools,
): Promise<void> | null {
  const wallMs = clock.wallMs();
  let verdict: LimitVerdict<PolicyAsk> | Promise<LimitVerdict<PolicyAsk>>;
  try {
    verdict = limits.take(asks, wallMs);
  } catch (error) {
    giveBack(exchange);
    throw error instanceof LimitsFull ? overloaded(error) : error;
  }
  if (verdict instanceof Promise) return verdict.then((answer) => obey(exchange, answer, wallMs));
  obey(exchange, verdict, wallMs);
  return null;
}

function obey(exchange: Exchange, verdict: LimitVerdict<PolicyAsk>, wallMs: number): void {
  if (verdict.passed) {
    const over = verdict.over.find(({ ask }) => ask.amount > 0);
    if (over !== undefined && exchange.rateLimit === "") exchange.rateLimit = over.ask.policy.name;
    (exchange.limitHolds ??= []).push(verdict.hold);
    return;
  }
  giveBack(exchange);
  const { refusedBy, states } = verdict;
  const { policy } = refusedBy.ask;
  exchange.rateLimit = policy.name;
  throw policy.refusal(refusedBy, states, wallMs);
}

/** A refused request consumes nothing, also not of what it has taken before. */
function giveBack(exchange: Exchange): void {
  for (const hold of exchange.limitHolds ?? []) hold.settle(() => 0);
  exchange.limitHolds = null;
}

function overloaded(cause: LimitsFull): GatewayError {
  return new GatewayError("overloaded", { retryAfterSeconds: 1, cause });
}

export type PolicyHold = LimitHold<PolicyAsk>;
