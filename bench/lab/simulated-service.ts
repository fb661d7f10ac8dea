// One simulated service: how long it takes, what fails, who waits for a slot. Knows no policy.
import { at } from "./at.ts";
import { curveOf, type Curve } from "./curve.ts";
import type { EventQueue } from "./event-queue.ts";
import { draw, normalDraw } from "./random.ts";
import type { ServiceConfig } from "./scenario.ts";
import type { LabRequest } from "./traces.ts";

const sigma = 0.35;
const prefillSPerToken = 0.04 / 1000;
const defaultErr = 0.002;
/** Every request beside another makes it so much slower, in shares of the slots. */
const slowdownByLoad = 0.5;

/** What becomes of a send, told at its time. */
export type SendEvent = "first" | "end" | "failed" | "limited" | "given-up";

/** One send as the service sees it. */
export interface Send {
  readonly request: LabRequest;
  readonly sentMs: number;
  /** When the gateway stops waiting for the first data. */
  readonly giveUpMs: number;
  /** `gone`: ended in whatever way. */
  place: "nowhere" | "queue" | "slot" | "gone";
  /** When its slot is free again, once it has begun. */
  endMs: number;
}

/** What each draw of luck is for. */
const luck = { failure: 1, time: 2, isTail: 3, tail: 4 };

export class SimulatedService<S extends Send> {
  readonly config: ServiceConfig;
  readonly #events: EventQueue<{ readonly kind: SendEvent; readonly send: S }>;
  readonly #seed: number;
  readonly #index: number;
  readonly #slow: Curve;
  readonly #err: Curve;
  readonly #hang: Curve;
  readonly #slots: Curve;
  readonly #limit: Curve;
  readonly #running = new Set<S>();
  readonly #queue: S[] = [];
  #tokens: number;
  #filledMs = 0;

  constructor(
    config: ServiceConfig,
    events: EventQueue<{ readonly kind: SendEvent; readonly send: S }>,
    luckKeys: { readonly seed: number; readonly index: number },
  ) {
    this.config = config;
    this.#events = events;
    this.#seed = luckKeys.seed;
    this.#index = luckKeys.index;
    this.#slow = curveOf(config.slow, 1);
    this.#err = curveOf(config.err, defaultErr);
    this.#hang = curveOf(config.hang, 0);
    this.#slots = curveOf(config.slots, 1);
    this.#limit = curveOf(config.limit, 1);
    this.#tokens = config.rl?.burst ?? Infinity;
  }

  arrive(send: S): void {
    const { request, sentMs, giveUpMs } = send;
    const nowS = sentMs / 1000;
    const errorMs = sentMs + this.config.errLat * 1000;
    if (!this.#takeToken(sentMs)) return this.#events.push(errorMs, { kind: "limited", send });
    if (this.#hang(nowS) > 0) return this.#events.push(giveUpMs, { kind: "given-up", send });
    if (this.#luck(request, luck.failure) < this.#err(nowS))
      return this.#events.push(Math.min(errorMs, giveUpMs), {
        kind: errorMs <= giveUpMs ? "failed" : "given-up",
        send,
      });
    if (this.config.cap === undefined) return this.#begin(send, sentMs);
    send.place = "queue";
    this.#queue.push(send);
    this.#advance(sentMs);
    if (this.#isQueued(send)) this.#events.push(giveUpMs, { kind: "given-up", send });
  }

  /** The send is over, or the gateway has given it up: its place is free. */
  leave(send: S, nowMs: number): void {
    send.place = "gone";
    if (this.#running.delete(send)) this.#advance(nowMs);
  }

  /** Seconds that a request would cost if it were sent now, as far as the state of the service tells. */
  expectedCostS(
    { nowMs, promptTokens }: { nowMs: number; promptTokens: number },
    limits: CostLimits,
  ): number {
    const { timeoutS, failureS } = limits;
    const nowS = nowMs / 1000;
    this.#fill(nowMs);
    if (this.#tokens < 1 || this.#hang(nowS) > 0) return failureS;
    const err = this.#err(nowS);
    const waitS = this.#waitMs(nowMs) / 1000;
    const meanS = this.#meanTtftS(promptTokens, nowS) * this.#loadFactor(nowS, 1);
    const good = expectedWithTail(meanS, { ...limits, timeoutS: timeoutS - waitS, waitS }, this.config.tail);
    return waitS > timeoutS ? failureS : (1 - err) * good + err * failureS;
  }

  #takeToken(nowMs: number): boolean {
    this.#fill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(nowMs: number): void {
    const { rl } = this.config;
    if (rl === undefined) return;
    const rate = rl.rate * this.#limit(nowMs / 1000);
    this.#tokens = Math.min(rl.burst, this.#tokens + ((nowMs - this.#filledMs) / 1000) * rate);
    this.#filledMs = nowMs;
  }

  /** Lets waiting requests into free slots. */
  #advance(nowMs: number): void {
    const slots = this.#slotsAt(nowMs / 1000);
    while (this.#running.size < slots) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next.place === "queue") this.#begin(next, nowMs);
    }
  }

  #isQueued(send: S): boolean {
    return send.place === "queue";
  }

  #begin(send: S, nowMs: number): void {
    const { request, giveUpMs } = send;
    const { med, tpot, cap, tail } = this.config;
    const nowS = nowMs / 1000;
    if (cap !== undefined) this.#running.add(send);
    const factor = this.#loadFactor(nowS, 0);
    const isTail = tail !== undefined && this.#luck(request, luck.isTail) < tail.p;
    const tailFactor = isTail ? tail.lo * this.#luck(request, luck.tail) ** (-1 / tail.alpha) : 1;
    const z = normalDraw(this.#seed, request.index, this.#index, luck.time);
    const ttftS =
      (med * Math.exp(sigma * z) + prefillSPerToken * request.promptTokens) *
      this.#slow(nowS) *
      tailFactor *
      factor;
    const firstMs = nowMs + ttftS * 1000;
    send.place = "slot";
    send.endMs = Math.min(firstMs + request.outputTokens * tpot * factor * 1000, Number.MAX_VALUE);
    if (firstMs <= giveUpMs) {
      this.#events.push(firstMs, { kind: "first", send });
      this.#events.push(send.endMs, { kind: "end", send });
    } else {
      send.endMs = giveUpMs;
      this.#events.push(giveUpMs, { kind: "given-up", send });
    }
  }

  /** How much slower it is for those that are in it. @param more requests that are about to come */
  #loadFactor(nowS: number, more: number): number {
    if (this.config.cap === undefined) return 1;
    const slots = this.#slotsAt(nowS);
    const busy = Math.min(this.#running.size + more, slots);
    return 1 + (slowdownByLoad * (busy - 1)) / slots;
  }

  #slotsAt(nowS: number): number {
    const { cap } = this.config;
    return cap === undefined ? Infinity : Math.max(1, Math.floor(cap * this.#slots(nowS)));
  }

  #meanTtftS(promptTokens: number, nowS: number): number {
    return (this.config.med * Math.exp(sigma ** 2 / 2) + prefillSPerToken * promptTokens) * this.#slow(nowS);
  }

  /** Until a request that comes now finds a slot: those before it take the slots in the order they fall free. */
  #waitMs(nowMs: number): number {
    const nowS = nowMs / 1000;
    const slots = this.#slotsAt(nowS);
    const waiting = this.#queue.filter((send) => this.#isQueued(send));
    if (this.#running.size + waiting.length < slots) return 0;
    const ends = [...this.#running].map(({ endMs }) => endMs).toSorted((a, b) => a - b);
    // While there are more requests than slots, the first that end free none.
    ends.splice(0, Math.max(0, ends.length - slots));
    const factor = this.#loadFactor(nowS, 0);
    for (const { request } of waiting) {
      const beginMs = Math.max(nowMs, ends.length < slots ? nowMs : at(ends, 0));
      const seconds = this.#meanTtftS(request.promptTokens, nowS) + request.outputTokens * this.config.tpot;
      if (ends.length >= slots) ends.shift();
      insertSorted(ends, beginMs + seconds * factor * 1000);
    }
    return Math.max(0, at(ends, 0) - nowMs);
  }

  #luck(request: LabRequest, what: number): number {
    return draw(this.#seed, request.index, this.#index, what);
  }
}

export interface CostLimits {
  /** First-packet timeout. */
  readonly timeoutS: number;
  /** What a failed request costs. */
  readonly failureS: number;
}

/** The mean over the tail's factor; what passes the timeout costs a failure. */
function expectedWithTail(
  meanS: number,
  { timeoutS, failureS, waitS }: CostLimits & { readonly waitS: number },
  tail: ServiceConfig["tail"],
): number {
  const plain = meanS <= timeoutS ? waitS + meanS : failureS;
  if (tail === undefined) return plain;
  const { p, lo, alpha } = tail;
  const most = timeoutS / meanS;
  if (most <= lo) return (1 - p) * plain + p * failureS;
  const late = (lo / most) ** alpha;
  const inTime = (meanS * alpha * lo ** alpha * (lo ** (1 - alpha) - most ** (1 - alpha))) / (alpha - 1);
  return (1 - p) * plain + p * (inTime + waitS * (1 - late) + late * failureS);
}

function insertSorted(sorted: number[], value: number): void {
  let index = sorted.length;
  while (index > 0 && (sorted[index - 1] ?? -Infinity) > value) index -= 1;
  sorted.splice(index, 0, value);
}
