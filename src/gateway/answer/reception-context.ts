// What receiving one answer needs to know of the request, the target and the attempt, and how far it can be.
import type { Clock } from "../../core/clock.ts";
import type { TimerWheel } from "../../lib/timer-wheel.ts";
import type { ErrorView } from "../../protocols/wire.ts";
import type { Exchange, Matched, OpenAttempt } from "../exchange.ts";
import type { ExchangeIds } from "../ids/exchange-ids.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import type { Observation } from "../targets/target-state.ts";

export interface ReceptionContext {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly service: ServiceRuntime;
  readonly attempt: OpenAttempt;
  /** Told of the first data of a stream. */
  readonly observation: Observation;
  /** First-packet timeout of this target, ms; 0 = off. */
  readonly firstPacketMs: number;
  /** What earlier sends to this target have used of its total time, ms. */
  readonly spentMs: number;
  readonly askedUsage: boolean;
  /** What its ids are; null: it has none, or what it names exists nowhere, as it was translated. */
  readonly ids: ExchangeIds | null;
  /** Ends a broken stream of a translated answer; absent: the answer is the service's own, byte for byte. */
  readonly endBroken?: (error: ErrorView) => string;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/**
 * `whole`: a JSON answer, held until judged. `encoded`: a compressed stream, held until it is known to hold data.
 * `refusal`: the body of an error status. `flow`: bytes pass.
 */
export type ReceptionState = "head" | "whole" | "stream" | "encoded" | "refusal" | "flow" | "over";
