// What receiving one answer needs to know of the request, the target and the attempt.
import type { Clock } from "../../core/clock.ts";
import type { TimerWheel } from "../../lib/timer-wheel.ts";
import type { Exchange, Matched, OpenAttempt } from "../exchange.ts";
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
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}
