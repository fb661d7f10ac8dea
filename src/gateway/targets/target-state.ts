// What the data planes of a node know of one target: whether it is ejected, how fast it answers, how often it fails.
// Lives in shared memory, so that what one request learns holds for the next on any thread. Knows no request.
import type { Trigger } from "../../core/exchange-record.ts";
import type { Usage } from "../../core/usage.ts";
import { Breaker, type BreakerState } from "./breaker.ts";
import type { SharedState } from "./shared-state.ts";
import { sizeFactor, TargetEstimate } from "./target-estimate.ts";
import { field } from "./target-fields.ts";
import { WaitingSends, type WaitingSend } from "./waiting-sends.ts";

/** What a send is measured against. */
export interface SendMeasure {
  /** Estimate from the size of the request. */
  readonly promptTokens: number;
  readonly stream: boolean;
  /** This request has claimed the trial of an ejected target. */
  readonly trial: boolean;
  /** How long it takes says nothing about the model: a list, a file, a poll. */
  readonly untimed?: boolean;
}

export class TargetState {
  readonly shared: SharedState;
  readonly row: number;
  /** For selectors, to read. */
  readonly estimate: TargetEstimate;
  readonly #breaker: Breaker;
  /** The trial that was claimed last here and has not been handed to an observation; 0 = none. */
  #claim = 0;
  readonly #waits = new WaitingSends<Observation>();

  /** @param random uniform in [0, 1) */
  constructor(shared: SharedState, row: number, random: () => number) {
    this.shared = shared;
    this.row = row;
    this.estimate = new TargetEstimate(shared.rows, row);
    this.#breaker = new Breaker(shared.rows, row, random);
  }

  breaker(nowMs: number): BreakerState {
    return this.#breaker.state(nowMs);
  }

  /** Takes the one trial of an ejected target. False: another request was faster. */
  claimTrial(nowMs: number): boolean {
    this.#lock();
    const claim = this.#breaker.claimTrial(nowMs);
    this.#unlock();
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

  get ejection(): Breaker["ejection"] {
    return this.#breaker.ejection;
  }

  /** Requests that were sent there by any thread and wait for their first data. */
  get waiting(): number {
    return Math.max(0, this.shared.cells.sum(this.row));
  }

  /** Begins to watch one send. */
  observe(nowMs: number, measure: SendMeasure): Observation {
    const { estimate, waiting } = this;
    this.shared.cells.add(this.row, 1);
    this.#lock();
    estimate.rate.takeToken(nowMs);
    this.#unlock();
    const claim = measure.trial ? this.#takeClaim() : 0;
    const observation = new Observation(this, nowMs, { ...measure, claim, waited: waiting });
    this.#waits.append(observation);
    return observation;
  }

  /** Sends that are unusually late count as half a failure before it is known how they end. */
  countLate(nowMs: number): void {
    for (let seen = this.#waits.oldest; seen?.isLate(nowMs) === true; seen = this.#waits.oldest) {
      this.#waits.remove(seen);
      seen.lateMs = nowMs;
      this.#lock();
      this.estimate.count(0.5, 0.5, nowMs);
      this.#unlock();
    }
  }

  /** A request goes there only to measure it. */
  probed(nowMs: number): void {
    this.#lock();
    this.estimate.probed(nowMs);
    this.#unlock();
  }

  /** For observations: the first data of a stream, or the end of a plain answer. */
  gaveData(send: Observation, size: number, nowMs: number): void {
    this.#waitsNoMore(send);
    const { estimate } = this;
    const ms = nowMs - send.sentMs;
    this.#lock();
    estimate.rate.admitted(nowMs);
    if (send.lateMs === 0) estimate.count(1, 0, nowMs);
    else {
      estimate.excuse(send.lateMs, nowMs);
      estimate.count(0.5, 0, nowMs);
    }
    const closed = this.#breaker.gaveData(send.sentMs, nowMs);
    if (send.measure.untimed !== true) {
      estimate.measured(ms, size, send.measure.waited, nowMs);
      if (closed) estimate.returned(ms, size);
    }
    this.#unlock();
  }

  /** For observations: a complete answer. @param generationMs of a stream, from first data to its end */
  completed(send: Observation, outputTokens: number, generationMs: number | undefined): void {
    this.#lock();
    this.#breaker.completed();
    this.#breaker.releaseTrial(send.measure.claim);
    this.estimate.answered(outputTokens, generationMs);
    this.#unlock();
  }

  /** For observations: a failure of the service. */
  failed(trigger: Trigger, send: Observation, nowMs: number): void {
    const { estimate } = this;
    const { sentMs, lateMs, gaveData } = send;
    const { claim, promptTokens, waited } = send.measure;
    if (!gaveData) this.#waitsNoMore(send);
    this.#lock();
    if (!gaveData) estimate.rate.admitted(nowMs);
    // What was sent before it was let back is about the past.
    if (sentMs >= estimate.get(field.closedMs)) {
      const uncounted = lateMs === 0 ? 1 : 0.5;
      estimate.count(gaveData ? 0 : uncounted, uncounted, nowMs);
      if (trigger === "first-packet-timeout") {
        estimate.timedOut(nowMs - sentMs, sizeFactor(promptTokens), waited);
      }
    }
    this.#breaker.failed(trigger, { sentMs, claim, gaveData }, nowMs);
    this.#breaker.releaseTrial(claim);
    this.#unlock();
  }

  /** For observations: 429. */
  limited(send: Observation, nowMs: number): void {
    this.#lock();
    this.estimate.rate.limited(send.sentMs, nowMs);
    this.#unlock();
    this.ended(send);
  }

  /** For observations: an end that tells nothing more. */
  ended(send: Observation): void {
    if (!send.gaveData) this.#waitsNoMore(send);
    if (send.measure.claim !== 0) this.#giveBack(send.measure.claim);
  }

  #waitsNoMore(send: Observation): void {
    this.shared.cells.add(this.row, -1);
    if (send.lateMs === 0) this.#waits.remove(send);
  }

  #takeClaim(): number {
    const claim = this.#claim;
    this.#claim = 0;
    return claim;
  }

  #giveBack(claim: number): void {
    this.#lock();
    this.#breaker.releaseTrial(claim);
    this.#unlock();
  }

  #lock(): void {
    this.shared.rows.lock(this.row);
  }

  #unlock(): void {
    this.shared.rows.unlock(this.row);
  }
}

/** A measure with what the state adds to it. */
interface Sent extends SendMeasure {
  /** Of the trial; 0 = none. */
  readonly claim: number;
  /** Others that waited there when this was sent. */
  readonly waited: number;
}

/** Watches one send to its end; exactly one of `succeeded`, `failed`, `rateLimited` and `released` is called last. */
export class Observation implements WaitingSend<Observation> {
  readonly state: TargetState;
  readonly sentMs: number;
  readonly measure: Sent;
  older: Observation | null = null;
  newer: Observation | null = null;
  /** When it was counted as late; 0 = it was not. The state's matter. */
  lateMs = 0;
  gaveData = false;
  readonly #lateAfterMs: number;
  #dataMs = 0;
  #over = false;

  constructor(state: TargetState, sentMs: number, measure: Sent) {
    this.state = state;
    this.sentMs = sentMs;
    this.measure = measure;
    this.#lateAfterMs = state.estimate.lateMs(this.#expectedSize(), measure.waited);
  }

  /** Whether its first data is unusually late. */
  isLate(nowMs: number): boolean {
    return nowMs - this.sentMs > this.#lateAfterMs;
  }

  /** The first semantic data of a stream is there. */
  firstData(nowMs: number): void {
    if (this.gaveData || this.#over) return;
    this.#dataMs = nowMs;
    this.state.gaveData(this, sizeFactor(this.measure.promptTokens), nowMs);
    this.gaveData = true;
  }

  /** The answer was complete. */
  succeeded(nowMs: number, usage: Usage | null): void {
    if (this.#over) return;
    this.#over = true;
    const outputTokens = usage?.outputTokens ?? 0;
    const streamed = this.gaveData;
    if (!streamed) {
      const { estimate } = this.state;
      const size = estimate.plainSize(sizeFactor(this.measure.promptTokens), outputTokens);
      this.state.gaveData(this, size, nowMs);
      this.gaveData = true;
    }
    this.state.completed(this, outputTokens, streamed ? nowMs - this.#dataMs : undefined);
  }

  /** The service failed: error status, broken connection, timeout, unusable answer, broken stream. */
  failed(nowMs: number, trigger: Trigger): void {
    if (this.#over) return;
    this.#over = true;
    this.state.failed(trigger, this, nowMs);
  }

  /** 429. @param _retryAfterMs what the service asked for: the key's rest, which the key pool keeps */
  rateLimited(nowMs: number, _retryAfterMs: number | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.state.limited(this, nowMs);
  }

  /** Nothing is learnt: the client went away, or the fault is the client's or a key's. */
  released(): void {
    if (this.#over) return;
    this.#over = true;
    this.state.ended(this);
  }

  /** A plain answer is late only when it is so for a long one. */
  #expectedSize(): number {
    const size = sizeFactor(this.measure.promptTokens);
    if (this.measure.stream) return size;
    const { estimate } = this.state;
    return estimate.plainSize(size, 4 * estimate.get(field.outputTokens));
  }
}
