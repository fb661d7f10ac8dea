// Ejects a target that fails and lets it back: counts, back-off and the one trial, in the target's row of shared
// memory. Knows no request. Everything but `state` and `ejectedFor` is called with the row's lock held.
import type { Trigger } from "../../core/exchange-record.ts";
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";
import { field, windowSeconds } from "./target-fields.ts";

/** `open`: ejected. `due`: ejected, and one request may find out now whether it answers again. */
export type BreakerState = "closed" | "open" | "due";

/** So many failures in a row eject. */
const failuresInRow = 5;
/** More than half of at least so many answers within the window eject. */
const leastAnswers = 6;
const firstBackOffMs = 2_000;
const maxBackOffMs = 30_000;
const maxDoublings = 4;
/** A back-off is up to this share longer or shorter, so that gateways do not come back all at once. */
const jitter = 0.2;
/** Ejected again within this time after it was let back, a target rests twice as long as before. */
const flapMemoryMs = 60_000;
/** A trial whose request vanished, as with its thread, is given up after this time. */
const trialLapseMs = 60_000;

/** In the order of their numbers in memory, which start at 1. */
const triggers: readonly Trigger[] = [
  "upstream-5xx",
  "upstream-429",
  "upstream-credentials",
  "upstream-4xx",
  "upstream-any-4xx",
  "network-error",
  "timeout",
  "first-packet-timeout",
  "error-in-200",
  "empty-answer",
];

export class Breaker {
  readonly #values: Float64Array;
  readonly #start: number;
  readonly #random: () => number;

  /** @param random uniform in [0, 1) */
  constructor(rows: SharedRows, row: number, random: () => number) {
    this.#values = rows.values;
    this.#start = row * rowFields;
    this.#random = random;
  }

  #get(index: number): number {
    return this.#values[this.#start + index] ?? 0;
  }

  #set(index: number, value: number): void {
    this.#values[this.#start + index] = value;
  }

  state(nowMs: number): BreakerState {
    const openUntilMs = this.#get(field.openUntilMs);
    if (openUntilMs === 0) return "closed";
    if (nowMs < openUntilMs) return "open";
    const trialMs = this.#get(field.trialMs);
    return trialMs === 0 || nowMs - trialMs >= trialLapseMs ? "due" : "open";
  }

  /** "" while it is not ejected. */
  get ejectedFor(): Trigger | "" {
    if (this.#get(field.openUntilMs) === 0) return "";
    return triggers[this.#get(field.trigger) - 1] ?? "";
  }

  /** Since when it is ejected, and when it is tried again; monotonic ms. Undefined while it is not ejected. */
  get ejection(): { readonly sinceMs: number; readonly untilMs: number } | undefined {
    const untilMs = this.#get(field.openUntilMs);
    return untilMs === 0 ? undefined : { sinceMs: this.#get(field.openedMs), untilMs };
  }

  /** @returns the claim to be given back, 0 when another request was faster */
  claimTrial(nowMs: number): number {
    if (this.state(nowMs) !== "due") return 0;
    this.#set(field.trialMs, nowMs);
    return nowMs;
  }

  /** A claim that lapsed and was taken by another request stays with that one. */
  releaseTrial(claim: number): void {
    if (claim !== 0 && this.#get(field.trialMs) === claim) this.#set(field.trialMs, 0);
  }

  /**
   * Data came. Closes what is open, unless the request was sent before the ejection: that other requests sent before
   * it succeeded was known by then.
   * @returns whether this closed it
   */
  gaveData(sentMs: number, nowMs: number): boolean {
    this.#set(field.failuresInRow, 0);
    if (this.#get(field.openUntilMs) !== 0) {
      if (sentMs < this.#get(field.openedMs)) return false;
      this.#close(nowMs);
      return true;
    }
    this.#turnWindow(nowMs);
    this.#count(field.answers, nowMs);
    return false;
  }

  /** An answer that had given data is complete. */
  completed(): void {
    this.#set(field.breaksInRow, 0);
  }

  /**
   * A failure that is the service's.
   * @param send `claim` of a trial, else 0; `gaveData` when the answer broke after its first data
   * @returns whether this ejected the target
   */
  failed(
    trigger: Trigger,
    send: { sentMs: number; claim: number; gaveData: boolean },
    nowMs: number,
  ): boolean {
    if (this.#get(field.openUntilMs) !== 0) {
      // Only the trial prolongs an ejection: a request that was sent before, or for want of anything better, tells
      // nothing new.
      if (send.claim === 0 || this.#get(field.trialMs) !== send.claim) return false;
      this.#open(trigger, nowMs);
      return true;
    }
    // A slow failure of what was sent before it was let back must not eject it at once.
    if (send.sentMs < this.#get(field.closedMs)) return false;
    this.#turnWindow(nowMs);
    if (!send.gaveData) this.#count(field.answers, nowMs);
    this.#count(field.failures, nowMs);
    const row = send.gaveData ? field.breaksInRow : field.failuresInRow;
    this.#set(row, this.#get(row) + 1);
    if (this.#get(row) < failuresInRow && !this.#mostFail()) return false;
    this.#open(trigger, nowMs);
    return true;
  }

  #mostFail(): boolean {
    let answers = 0;
    let failures = 0;
    for (let second = 0; second < windowSeconds; second += 1) {
      answers += this.#get(field.answers + second);
      failures += this.#get(field.failures + second);
    }
    // The first data of a stream that broke just now may be older than the window.
    const all = Math.max(answers, failures);
    return all >= leastAnswers && failures * 2 > all;
  }

  #open(trigger: Trigger, nowMs: number): void {
    const fresh = this.#get(field.openUntilMs) === 0;
    const remembers = !fresh || nowMs - this.#get(field.closedMs) <= flapMemoryMs;
    const doublings = remembers ? this.#get(field.doublings) : 0;
    this.#set(field.openedMs, nowMs);
    this.#set(field.openUntilMs, nowMs + backOffMs(doublings, this.#random()));
    this.#set(field.doublings, Math.min(maxDoublings, doublings + 1));
    this.#set(field.trialMs, 0);
    this.#set(field.trigger, triggers.indexOf(trigger) + 1);
  }

  #close(nowMs: number): void {
    this.#set(field.openUntilMs, 0);
    this.#set(field.closedMs, nowMs);
    this.#set(field.trialMs, 0);
    this.#set(field.failuresInRow, 0);
    this.#set(field.breaksInRow, 0);
    const first = this.#start + field.answers;
    this.#values.fill(0, first, first + 2 * windowSeconds);
  }

  #count(first: number, nowMs: number): void {
    const index = first + (Math.floor(nowMs / 1000) % windowSeconds);
    this.#set(index, this.#get(index) + 1);
  }

  /** Empties the counts of the seconds that have passed since the last one. */
  #turnWindow(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const last = this.#get(field.windowSecond);
    if (second <= last) return;
    for (let passed = Math.max(last + 1, second - windowSeconds + 1); passed <= second; passed += 1) {
      const index = passed % windowSeconds;
      this.#set(field.answers + index, 0);
      this.#set(field.failures + index, 0);
    }
    this.#set(field.windowSecond, second);
  }
}

/** At most `maxBackOffMs`, jitter included. */
function backOffMs(doublings: number, random: number): number {
  const fullMs = firstBackOffMs * 2 ** doublings;
  return fullMs >= maxBackOffMs
    ? maxBackOffMs * (1 - jitter * random)
    : Math.min(maxBackOffMs, fullMs * (1 + jitter * (2 * random - 1)));
}
