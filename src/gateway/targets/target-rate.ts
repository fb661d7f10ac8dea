// How many requests a second a target admits, learnt from its 429s. Knows no request. What writes is called with the
// row's lock held.
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";
import { field } from "./target-fields.ts";

const admittedTauMs = 10_000;
/** Of what was admitted, what is tried after a 429, and the least of the limit before that. */
const limitShare = 0.9;
const limitLoss = 0.7;
const leastRate = 0.01;
const growthPerMs = 0.003 / 1000;
/** So long after the last 429 growth begins to quicken, by as much again in each of the other times. */
const steadyGrowthMs = 60_000;
const quickenMs = 10_000;
/** So long after the last 429 there is no limit any more. */
const limitMemoryMs = 600_000;

/** A token bucket whose rate is learnt. A Retry-After is not its matter: it is a key's, and the key pool keeps it. */
export class TargetRate {
  readonly #values: Float64Array;
  readonly #start: number;

  constructor(rows: SharedRows, row: number) {
    this.#values = rows.values;
    this.#start = row * rowFields;
  }

  #get(index: number): number {
    return this.#values[this.#start + index] ?? 0;
  }

  #set(index: number, value: number): void {
    this.#values[this.#start + index] = value;
  }

  /** Requests a second; 0 = no limit is known. */
  get perSecond(): number {
    return this.#get(field.rate);
  }

  /** Whether a request may be sent now. */
  allows(nowMs: number): boolean {
    const rate = this.perSecond;
    return rate === 0 || this.#get(field.rateTokens) + (rate * (nowMs - this.#get(field.rateMs))) / 1000 >= 1;
  }

  /** A request is sent. */
  takeToken(nowMs: number): void {
    if (this.perSecond === 0) return;
    this.#refill(nowMs);
    this.#set(field.rateTokens, Math.max(0, this.#get(field.rateTokens) - 1));
  }

  /** The service took a request, whatever became of it. */
  admitted(nowMs: number): void {
    this.#set(field.admitted, this.#admittedNow(nowMs) + 1);
    this.#set(field.admittedMs, nowMs);
  }

  #admittedNow(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#get(field.admittedMs));
    return this.#get(field.admitted) * Math.exp(-passedMs / admittedTauMs);
  }

  /** A 429. Those for requests that were sent before the last one was heeded say nothing new. */
  limited(sentMs: number, nowMs: number): void {
    if (sentMs < this.#get(field.limitedMs)) return;
    this.#refill(nowMs);
    const admitted = this.#admittedNow(nowMs) / (admittedTauMs / 1000);
    this.#set(field.rate, Math.max(limitShare * admitted, limitLoss * this.perSecond, leastRate));
    this.#set(field.rateTokens, 0);
    this.#set(field.rateMs, nowMs);
    this.#set(field.limitedMs, nowMs);
  }

  /** The rate grows only while it holds requests back: that few came says nothing about what would be admitted. */
  #refill(nowMs: number): void {
    const rate = this.perSecond;
    const passedMs = nowMs - this.#get(field.rateMs);
    if (rate === 0 || passedMs <= 0) return;
    // Remembered from before a restart.
    if (this.#get(field.limitedMs) === 0) this.#set(field.limitedMs, nowMs);
    const sinceMs = nowMs - this.#get(field.limitedMs);
    if (sinceMs > limitMemoryMs) return this.#set(field.rate, 0);
    const most = Math.max(1, rate);
    const tokens = this.#get(field.rateTokens);
    const heldMs = Math.min(passedMs, (1000 * (most - tokens)) / rate);
    const quicker = 1 + Math.max(0, sinceMs - steadyGrowthMs) / quickenMs;
    this.#set(field.rateTokens, Math.min(most, tokens + (rate * passedMs) / 1000));
    this.#set(field.rate, rate * (1 + growthPerMs * heldMs * quicker));
    this.#set(field.rateMs, nowMs);
  }
}
