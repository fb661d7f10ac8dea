// One send to one target with one key, as whatever carries it sees it. Knows no transport.
import type { Clock } from "../core/clock.ts";
import type { TimerWheel } from "../lib/timer-wheel.ts";
import type { Exchange, Matched, OpenAttempt } from "./exchange.ts";
import type { Failure } from "./failure.ts";
import type { PooledKey } from "./targets/key-pool.ts";
import type { RequestHead } from "./request-head.ts";
import type { Target } from "./selectors/selector.ts";
import type { Endpoint } from "./targets/service-runtime.ts";
import type { Observation } from "./targets/target-state.ts";

export interface SendContext {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly head: RequestHead;
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly key: PooledKey;
  readonly attempt: OpenAttempt;
  /** Told of the first data of a stream; how it ends is told by whoever sends. */
  readonly observation: Observation;
  /** Never use a connection that has carried a request before. */
  readonly freshConnection: boolean;
  /** First-packet timeout of this target, ms; 0 = off. */
  readonly firstPacketMs: number;
  /** What earlier sends to this target have used of its total time, ms. */
  readonly spentMs: number;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/** Resolves with null when the client has its answer, else with why it has none yet. */
export type Send = (context: SendContext) => Promise<Failure | null>;
