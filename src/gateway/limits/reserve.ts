// The limits and quotas that a request meets once its body is known: by model, tokens and cost. Knows no policy.
import type { Exchange, Matched } from "../exchange.ts";
import { gatherAsks } from "./gather-asks.ts";
import { takeAsks, type LimitTools } from "./take-asks.ts";

/** Null when it need not be waited for. @throws GatewayError rate_limited, quota_exceeded, overloaded */
export function reserve(exchange: Exchange, matched: Matched, tools: LimitTools): Promise<void> | null {
  const asks = gatherAsks(exchange, matched);
  return asks === null ? null : takeAsks(exchange, asks, tools);
}
