// How a target slows under load, learnt from how many requests waited there when each was sent. Knows no request.
// What writes is called with the row's lock held.
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";
import { field } from "./target-fields.ts";

const firstCapacity = 6;
const capacityGain = 2.2;
const capacityLoss = 0.97;
/** Natural logarithms above the floor: a request that took so little, or so much, was sent to a target with room or without. */
const easy = 0.45;
const hard = 0.9;
const floorFall = 0.2;
const floorRise = 0.01;

const sumTauMs = 60_000;
/** The guess from the capacity weighs as much as answers whose numbers of waiting requests vary by so much. */
const guessWeight = 40;
/** A queue explains no more of a time than all but this share. */
const leastOwnShare = 0.2;

export class TargetLoad {
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

  /** How many waiting requests it bears easily. */
  get capacity(): number {
    return this.#get(field.capacity) || firstCapacity;
  }

  /** What the requests that wait add to the next one's time, ms for one without length. */
  queueMs(waited: number): number {
    return this.#get(field.slope) * waited;
  }

  /** A time without what the queue added to it. @param ms for a request without length */
  withoutQueue(ms: number, waited: number): number {
    return Math.max(ms - this.queueMs(waited), leastOwnShare * ms);
  }

  /**
   * Fits a straight line: an elastic service has no slope, one whose requests stand in a queue has that of the queue.
   * Without it the latency would tell of the queue of some seconds ago, and all would run to where it was short then.
   * @param ms for a request without length
   * @param latency as `field.latency`
   */
  learnSlope(ms: number, waited: number, { latency, nowMs }: { latency: number; nowMs: number }): void {
    const fade = Math.exp((this.#get(field.summedMs) - nowMs) / sumTauMs);
    this.#set(field.summedMs, nowMs);
    const answers = this.#sum(field.sumAnswers, fade, 1);
    const meanWaited = this.#sum(field.sumWaited, fade, waited) / answers;
    const meanMs = this.#sum(field.sumTimes, fade, ms) / answers;
    const variance = this.#sum(field.sumWaitedSquares, fade, waited * waited) - answers * meanWaited ** 2;
    const covariance = this.#sum(field.sumWaitedTimes, fade, waited * ms) - answers * meanWaited * meanMs;
    const guess = Math.exp(latency) / this.capacity;
    this.#set(field.slope, Math.max(0, (covariance + guessWeight * guess) / (variance + guessWeight)));
  }

  #sum(index: number, fade: number, value: number): number {
    const sum = this.#get(index) * fade + value;
    this.#set(index, sum);
    return sum;
  }

  begin(latency: number): void {
    this.#set(field.floor, latency);
  }

  /** @param latency of one answer, as `field.latency` */
  learnCapacity(latency: number, waited: number): void {
    const floor = this.#get(field.floor);
    const above = latency - floor;
    const { capacity } = this;
    if (above < easy) this.#set(field.capacity, Math.max(capacity, capacityGain * waited));
    else if (above > hard && waited < capacity)
      this.#set(field.capacity, Math.max(1, capacity * capacityLoss));
    this.#set(field.floor, floor + (above < 0 ? floorFall * above : floorRise * Math.min(1, above)));
  }
}
