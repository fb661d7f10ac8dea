// What is learnt of a target's speed and failures, in its row of shared memory. Knows no request
// and no other target. What writes is called with the row's lock held.
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";
import { field } from "./target-fields.ts";
import { TargetLoad } from "./target-load.ts";
import { TargetRate } from "./target-rate.ts";

/** Prompt tokens that double the expected time to first data. */
const tokensThatDouble = 12_000;

const sampleTauMs = 20_000;
const leastWeight = 0.035;
/** Up fast, down slower; one outlier moves it by little. */
const largestFall = -2;
const largestRise = 1.2;
const firstVariance = 0.15;
const largestSquare = 4;
/** What a first-packet timeout adds to the latency, up to the time that was waited. */
const timeoutRise = 0.7;

const fastTauMs = 8_000;
const slowTauMs = 30_000;
/** Of the failures of the last half minute, what counts still when a trial has succeeded. */
const keptOnReturn = 0.1;
/** Without any answer: a target is taken for good until it fails. */
const priorFailures = 0.03;

/** Time of an output token as a share of the time to first data, while it is not known. */
const tokenShare = 0.04;
const tokenWeight = 0.1;

/** By how much a prompt of this length takes longer to first data than an empty one. */
export function sizeFactor(promptTokens: number): number {
  return 1 + promptTokens / tokensThatDouble;
}

export class TargetEstimate {
  readonly #values: Float64Array;
  readonly #start: number;
  readonly load: TargetLoad;
  readonly rate: TargetRate;

  constructor(rows: SharedRows, row: number) {
    this.load = new TargetLoad(rows, row);
    this.rate = new TargetRate(rows, row);
    this.#values = rows.values;
    this.#start = row * rowFields;
  }

  get(index: number): number {
    return this.#values[this.#start + index] ?? 0;
  }

  #set(index: number, value: number): void {
    this.#values[this.#start + index] = value;
  }

  /** Probability that an answer fails: the worse of the last seconds and the last half minute. */
  failure(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.get(field.countedMs));
    const fast = Math.exp(-passedMs / fastTauMs);
    const slow = Math.exp(-passedMs / slowTauMs);
    return Math.max(
      (this.get(field.failuresFast) * fast + priorFailures) / (this.get(field.answersFast) * fast + 1),
      (this.get(field.failuresSlow) * slow + priorFailures) / (this.get(field.answersSlow) * slow + 1),
    );
  }

  /**
   * Ms to first data beyond which a request of this size is unusually late; Infinity while nothing is known.
   * @param waiting requests that wait before it
   */
  lateMs(size: number, waiting: number): number {
    if (this.get(field.sampledMs) === 0) return Infinity;
    const ownMs = Math.exp(this.get(field.latency) + 3 * Math.sqrt(this.get(field.variance)));
    return (ownMs + this.load.queueMs(waiting)) * size;
  }

  /** Of an output token. @param latency as `field.latency` */
  tokenMs(latency: number): number {
    return this.get(field.tokenMs) || tokenShare * Math.exp(latency);
  }

  /**
   * How much longer a plain answer takes than first data of an empty prompt. Its time is that to first data and that
   * of its tokens together; both are taken to change in proportion, so that one number follows from the other.
   */
  plainSize(size: number, outputTokens: number): number {
    const latency = this.get(field.latency);
    return size + (outputTokens * this.tokenMs(latency)) / Math.exp(latency);
  }

  /** @param waited how many others waited there when it was sent */
  measured(ms: number, size: number, waited: number, nowMs: number): void {
    const latency = this.get(field.latency);
    const baseMs = Math.max(1, ms) / size;
    this.load.learnSlope(baseMs, waited, { latency, nowMs });
    const y = Math.log(this.load.withoutQueue(baseMs, waited));
    const lastMs = this.get(field.sampledMs);
    this.#set(field.sampledMs, nowMs);
    if (lastMs === 0) {
      this.#set(field.latency, y);
      this.#set(field.variance, firstVariance);
      this.load.begin(y);
      return;
    }
    const weight = Math.max(leastWeight, 1 - Math.exp((lastMs - nowMs) / sampleTauMs));
    const error = Math.min(largestRise, Math.max(largestFall, y - latency));
    this.#set(field.latency, latency + (error > 0 ? Math.min(0.5, 3 * weight) : weight) * error);
    const square = Math.min(largestSquare, (y - latency) ** 2);
    // The variance about the new mean: else one answer after a change would make the target seem unsteady for long.
    this.#set(field.variance, (1 - weight) * (this.get(field.variance) + weight * square));
    this.load.learnCapacity(y, waited);
  }

  /** A plain answer's or a stream's length and, of a stream, the time from first data to the end. */
  answered(outputTokens: number, generationMs: number | undefined): void {
    if (outputTokens <= 1) return;
    this.#follow(field.outputTokens, outputTokens);
    if (generationMs !== undefined) this.#follow(field.tokenMs, generationMs / (outputTokens - 1));
  }

  #follow(index: number, value: number): void {
    const known = this.get(index);
    this.#set(index, known === 0 ? value : known + tokenWeight * (value - known));
  }

  /** No first data came for so long. */
  timedOut(ms: number, size: number, waited: number): void {
    const latency = this.get(field.latency);
    const proven = Math.log(this.load.withoutQueue(Math.max(1, ms) / size, waited));
    if (this.get(field.sampledMs) !== 0 && proven > latency)
      this.#set(field.latency, Math.min(proven, latency + timeoutRise));
  }

  /** Adds to the counts. An answer that is late counts half a failure before it is known how it ends. */
  count(answers: number, failures: number, nowMs: number): void {
    this.#fade(nowMs);
    this.#add(field.answersFast, answers);
    this.#add(field.answersSlow, answers);
    this.#add(field.failuresFast, failures);
    this.#add(field.failuresSlow, failures);
  }

  /** Takes back half a failure that was counted too early. */
  excuse(countedMs: number, nowMs: number): void {
    this.#fade(nowMs);
    const passedMs = nowMs - countedMs;
    this.#add(field.failuresFast, -0.5 * Math.exp(-passedMs / fastTauMs));
    this.#add(field.failuresSlow, -0.5 * Math.exp(-passedMs / slowTauMs));
  }

  #add(index: number, amount: number): void {
    this.#set(index, Math.max(0, this.get(index) + amount));
  }

  #fade(nowMs: number): void {
    const passedMs = nowMs - this.get(field.countedMs);
    if (passedMs <= 0) return;
    const fast = Math.exp(-passedMs / fastTauMs);
    const slow = Math.exp(-passedMs / slowTauMs);
    this.#set(field.answersFast, this.get(field.answersFast) * fast);
    this.#set(field.failuresFast, this.get(field.failuresFast) * fast);
    this.#set(field.answersSlow, this.get(field.answersSlow) * slow);
    this.#set(field.failuresSlow, this.get(field.failuresSlow) * slow);
    this.#set(field.countedMs, nowMs);
  }

  /** The target is let back after an ejection: what it was before counts for little, its speed is that of the trial. */
  returned(ms: number, size: number): void {
    this.#set(field.answersFast, 0);
    this.#set(field.failuresFast, 0);
    this.#set(field.failuresSlow, this.get(field.failuresSlow) * keptOnReturn);
    const latency = Math.log(Math.max(1, ms) / size);
    if (this.get(field.sampledMs) === 0) return;
    this.#set(field.latency, Math.min(latency, this.get(field.latency)));
    // It was the outage that was unsteady.
    this.#set(field.variance, Math.min(firstVariance, this.get(field.variance)));
  }

  probed(nowMs: number): void {
    this.#set(field.probedMs, nowMs);
  }
}
