// What a policy asks of the store for a request, and what the policy says when it is refused. Knows no policy.
import type { GatewayError } from "../../core/errors.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { LimitAsk, LimitState } from "./limit-store.ts";

export type LimitMetric = "requests" | "tokens" | "concurrency" | "cost";

/** A limit or quota, as it is told to who is refused. */
export interface AskPolicy {
  /** Goes into the record as `rateLimit`. */
  readonly name: string;
  /** @param states of all that was asked together */
  refusal(
    refusedBy: LimitState<PolicyAsk>,
    states: readonly LimitState<PolicyAsk>[],
    wallMs: number,
  ): GatewayError;
}

export interface PolicyAsk extends LimitAsk {
  readonly metric: LimitMetric;
  readonly policy: AskPolicy;
}

/** What a request may consume. */
export interface Reservation {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A kind of policy that asks when the body of a request is known. */
export interface AskSource {
  /** Whether it may ask anything of such a request: costs next to nothing. */
  applies(exchange: Exchange, matched: Matched): boolean;
  asks(exchange: Exchange, matched: Matched, reservation: Reservation): readonly PolicyAsk[];
}
