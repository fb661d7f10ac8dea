// What the data planes of a node know of one target: whether it is ejected, how fast it answers, how often it fails.
// Lives in shared memory, so that what one request learns holds for the next on any thread. Knows no request.
import type { Trigger } from "../core/exchange-record.ts";
import type { Usage } from "../core/usage.ts";
import { Breaker, type BreakerState } from "./breaker.ts";
import type { SharedState } from "./service-runtime.ts";

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
  readonly #breaker: Breaker;
  /** The trial that was claimed last here and has not been handed to an observation; 0 = none. */
  #claim = 0;

  /** @param random uniform in [0, 1) */
  constructor(shared: SharedState, row: number, random: () => number) {
    this.shared = shared;
    this.row = row;
    this.#breaker = new Breaker(shared.rows, row, random);
  }

  breaker(nowMs: number): BreakerState {
    return this.#breaker.state(nowMs);
  }

  /** Takes the one trial of an ejected target. False: another request was faster. */
  claimTrial(nowMs: number): boolean {
    const { rows } = this.shared;
    rows.lock(this.row);
    const claim = this.#breaker.claimTrial(nowMs);
    rows.unlock(this.row);
    if (claim === 0) return false;
    this.#claim = claim;
    return true;
  }

  /** Gives a claimed trial back: nothing was sent. */
  releaseTrial(): void {
    this.#giveBack(this.#takeClaim());
  }

  /** How the failure that ejected it is called; "" while it is not ejected. */
  get ejectedFor(): Trigger | "" {
    return this.#breaker.ejectedFor;
  }

  /** Requests that were sent there by any thread and wait for their first data. */
  get waiting(): number {
    return Math.max(0, this.shared.cells.sum(this.row));
  }

  /** Begins to watch one send. */
  observe(nowMs: number, measure: SendMeasure): Observation {
    this.shared.cells.add(this.row, 1);
    return new Observation(this, nowMs, { ...measure, claim: measure.trial ? this.#takeClaim() : 0 });
  }

  #takeClaim(): number {
    const claim = this.#claim;
    this.#claim = 0;
    return claim;
  }

  #giveBack(claim: number): void {
    const { rows } = this.shared;
    rows.lock(this.row);
    this.#breaker.releaseTrial(claim);
    rows.unlock(this.row);
  }

  /** For observations: the first data of a stream, or the end of a plain answer. */
  gaveData(sentMs: number, nowMs: number): void {
    const { rows } = this.shared;
    rows.lock(this.row);
    this.#breaker.gaveData(sentMs, nowMs);
    rows.unlock(this.row);
  }

  /** For observations: a complete answer. */
  completed(): void {
    this.#breaker.completed();
  }

  /** For observations: a failure of the service. */
  failed(trigger: Trigger, send: { sentMs: number; claim: number; gaveData: boolean }, nowMs: number): void {
    const { rows } = this.shared;
    rows.lock(this.row);
    this.#breaker.failed(trigger, send, nowMs);
    this.#breaker.releaseTrial(send.claim);
    rows.unlock(this.row);
  }

  /** For observations: an end that tells nothing. */
  ended(claim: number): void {
    if (claim !== 0) this.#giveBack(claim);
  }
}

/** Watches one send to its end; exactly one of `succeeded`, `failed`, `rateLimited` and `released` is called last. */
export class Observation {
  readonly state: TargetState;
  readonly sentMs: number;
  readonly measure: SendMeasure;
  readonly #claim: number;
  #gaveData = false;
  #over = false;

  /** @param measure with the claim of the trial, 0 without one */
  constructor(state: TargetState, sentMs: number, measure: SendMeasure & { readonly claim: number }) {
    this.state = state;
    this.sentMs = sentMs;
    this.measure = measure;
    this.#claim = measure.claim;
  }

  /** The first semantic data of a stream is there. */
  firstData(nowMs: number): void {
    if (this.#gaveData || this.#over) return;
    this.#gaveData = true;
    this.#waitsNoMore();
    this.state.gaveData(this.sentMs, nowMs);
  }

  /** The answer was complete. */
  succeeded(nowMs: number, _usage: Usage | null): void {
    if (this.#over) return;
    this.firstData(nowMs);
    this.#over = true;
    this.state.completed();
    this.state.ended(this.#claim);
  }

  /** The service failed: error status, broken connection, timeout, unusable answer, broken stream. */
  failed(nowMs: number, trigger: Trigger): void {
    if (!this.#end()) return;
    this.state.failed(trigger, { sentMs: this.sentMs, claim: this.#claim, gaveData: this.#gaveData }, nowMs);
  }

  /** 429. @param retryAfterMs what the service asked for */
  rateLimited(_nowMs: number, _retryAfterMs: number | undefined): void {
    if (this.#end()) this.state.ended(this.#claim);
  }

  /** Nothing is learnt: the client went away, or the fault is the client's or a key's. */
  released(): void {
    if (this.#end()) this.state.ended(this.#claim);
  }

  /** False: it has ended before. */
  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    if (!this.#gaveData) this.#waitsNoMore();
    return true;
  }

  #waitsNoMore(): void {
    this.state.shared.cells.add(this.state.row, -1);
  }
}
