// The limits that a request meets before its body is read: requests and concurrency. Knows no body.
import type { Exchange, Matched } from "../exchange.ts";
import type { PolicyAsk } from "./policy-ask.ts";
import { takeAsks, type LimitTools } from "./take-asks.ts";

/** Null when it need not be waited for. @throws GatewayError rate_limited, overloaded */
export function admit(exchange: Exchange, matched: Matched, tools: LimitTools): Promise<void> | null {
  const { limits } = matched.api;
  if (limits === null || limits.early.length === 0) return null;
  const asks = earlyAsks(exchange, matched);
  return asks.length === 0 ? null : takeAsks(exchange, asks, tools);
}

export function earlyAsks(exchange: Exchange, matched: Matched): readonly PolicyAsk[] {
  const asks: PolicyAsk[] = [];
  for (const limit of matched.api.limits?.early ?? []) {
    const ask = limit.ask(exchange, matched, 1);
    if (ask !== undefined) asks.push(ask);
  }
  return asks;
}
