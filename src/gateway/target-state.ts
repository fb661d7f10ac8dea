// What the data planes of a node know of one target: whether it is ejected, how fast it answers, how often it fails.
// Lives in shared memory, so that what one request learns holds for the next on any thread. Knows no request.
import type { Trigger } from "../core/exchange-record.ts";
import type { Usage } from "../core/usage.ts";
import type { SharedState } from "./service-runtime.ts";

/** `open`: ejected. `due`: ejected, and one request may find out now whether it answers again. */
export type BreakerState = "closed" | "open" | "due";

/** What a send is measured against. */
export interface SendMeasure {
  /** Estimate from the size of the request. */
  readonly promptTokens: number;
  readonly stream: boolean;
  /** This request has claimed the trial of an ejected target. */
  readonly trial: boolean;
}

export class TargetState {
  readonly shared: SharedState;
  readonly row: number;

  /** @param random uniform in [0, 1) */
  constructor(shared: SharedState, row: number, _random: () => number) {
    this.shared = shared;
    this.row = row;
  }

  breaker(_nowMs: number): BreakerState {
    return "closed";
  }

  /** Takes the one trial of an ejected target. False: another request was faster. */
  claimTrial(_nowMs: number): boolean {
    return true;
  }

  /** Gives a claimed trial back: nothing was sent. */
  releaseTrial(): void {
    return;
  }

  /** How the failure that ejected it is called; "" while it is not ejected. */
  get ejectedFor(): Trigger | "" {
    return "";
  }

  /** Begins to watch one send. */
  observe(nowMs: number, measure: SendMeasure): Observation {
    return new Observation(this, nowMs, measure);
  }
}

/** Watches one send to its end; exactly one of `succeeded`, `failed`, `rateLimited` and `released` is called last. */
export class Observation {
  readonly state: TargetState;
  readonly sentMs: number;
  readonly measure: SendMeasure;

  constructor(state: TargetState, sentMs: number, measure: SendMeasure) {
    this.state = state;
    this.sentMs = sentMs;
    this.measure = measure;
  }

  /** The first semantic data of a stream is there. */
  firstData(_nowMs: number): void {
    return;
  }

  /** The answer was complete. */
  succeeded(_nowMs: number, _usage: Usage | null): void {
    return;
  }

  /** The service failed: error status, broken connection, timeout, unusable answer, broken stream. */
  failed(_nowMs: number, _trigger: Trigger): void {
    return;
  }

  /** 429. @param retryAfterMs what the service asked for */
  rateLimited(_nowMs: number, _retryAfterMs: number | undefined): void {
    return;
  }

  /** Nothing is learnt: the client went away, or the fault is the client's or a key's. */
  released(): void {
    return;
  }
}
