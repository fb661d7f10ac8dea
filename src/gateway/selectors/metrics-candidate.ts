// One target as mode by-metrics compares it: whether it can be sent to, and what a request is expected to cost there.
// The same object for every request, so that comparing allocates nothing.
import type { DecisionCandidate } from "../../core/exchange-record.ts";
import { standingOf, standingReasons } from "../targets/standing.ts";
import type { TargetEstimate } from "../targets/target-estimate.ts";
import { field, rememberedMs } from "../targets/target-fields.ts";
import { failureMs, type GoalWeights } from "./metrics-goals.ts";
import type { Selectable, Standing, Target } from "./selector.ts";

export type Rank = "open" | "over-share" | "over-rate" | "full" | "due" | "ejected" | "refused" | "closed";

/** A target of a higher number is chosen only when there is none of a lower one. */
const rankOrder: Readonly<Record<Rank, number>> = {
  open: 0,
  "over-share": 1,
  "over-rate": 2,
  full: 3,
  due: 4,
  ejected: 5,
  refused: 6,
  closed: 7,
};

const standingRanks: Readonly<Record<Standing, Rank>> = {
  ready: "open",
  trial: "due",
  ejected: "ejected",
  refused: "refused",
  resting: "closed",
  disabled: "closed",
  foreign: "closed",
};

/** After so long without a measurement, latency begins to drift to that of the best target. */
const freshMs = 30_000;
const driftTauMs = 30_000;
const probeEveryMs = 5_000;
const longestProbeMs = 30_000;

/** What all candidates of a request are compared with. */
export interface Comparison {
  readonly weights: GoalWeights;
  /** By how much the prompt's length slows first data. */
  size: number;
  stream: boolean;
  nowMs: number;
  /** The lowest latency of those that can be sent to, as `field.latency`. */
  bestLatency: number;
  /** Output tokens to expect. */
  outputTokens: number;
}

export class MetricsCandidate {
  readonly target: Target;
  standing: Standing = "ready";
  rank: Rank = "open";
  /** Expected, ms. */
  ttftMs = 0;
  /** Probability, 0 to 1. */
  failure = 0;
  waiting = 0;
  /** Expected ms, weighed by the goal. */
  cost = 0;
  readonly #estimate: TargetEstimate;
  /** What it would cost if nothing failed. */
  #healthyCost = 0;

  constructor(target: Target) {
    this.target = target;
    this.#estimate = target.state.estimate;
  }

  /** Of its rank; the lowest is chosen from. */
  get order(): number {
    return rankOrder[this.rank];
  }

  get measured(): boolean {
    return this.#estimate.get(field.sampledMs) !== 0;
  }

  /** As learnt, whatever has happened since. */
  get latency(): number {
    return this.#estimate.get(field.latency);
  }

  /** What it would cost if it failed no more. */
  get healedCost(): number {
    return this.#healthyCost;
  }

  /** As learnt; 0 = not yet. */
  get outputTokens(): number {
    return this.#estimate.get(field.outputTokens);
  }

  /** Finds out whether it can be sent to. */
  look(request: Selectable, nowMs: number, overShare: boolean): void {
    const { target } = this;
    this.standing = standingOf(target, request, nowMs);
    this.rank = standingRanks[this.standing];
    if (this.rank !== "open") return;
    if (target.service.full) this.rank = "full";
    else if (!this.#estimate.rate.allows(nowMs)) this.rank = "over-rate";
    else if (overShare) this.rank = "over-share";
  }

  score(comparison: Comparison): void {
    const { weights, size, nowMs, stream } = comparison;
    const estimate = this.#estimate;
    const latency = this.#latencyNow(comparison);
    this.waiting = this.target.state.waiting;
    this.failure = estimate.failure(nowMs);
    const base = Math.exp(latency + estimate.get(field.variance) / 2);
    const { load } = estimate;
    const emptyMs = base * (1 + 1 / load.capacity);
    this.ttftMs = Math.min(failureMs, (emptyMs + load.queueMs(this.waiting)) * size);
    const generation = stream ? weights.generation.stream : weights.generation.plain;
    let time = weights.firstData * this.ttftMs;
    if (generation > 0) time += generation * comparison.outputTokens * estimate.tokenMs(latency);
    if (weights.inFlightMs > 0) {
      time += weights.inFlightMs * (1 + Math.max(this.waiting, this.target.service.inFlight));
    }
    this.cost = (1 - this.failure) * time + this.failure * failureMs;
    this.#healthyCost = time;
  }

  /**
   * A target that has not been measured for long, or never, is taken to be as good as the best; not so what is known
   * from before a restart, as then that would be all of them.
   */
  #latencyNow({ bestLatency, nowMs }: Comparison): number {
    const sampledMs = this.#estimate.get(field.sampledMs);
    if (sampledMs === 0) return bestLatency;
    const { latency } = this;
    const staleMs = nowMs - sampledMs - freshMs;
    if (sampledMs === rememberedMs || staleMs <= 0 || latency <= bestLatency) return latency;
    return bestLatency + (latency - bestLatency) * Math.exp(-staleMs / driftTauMs);
  }

  /**
   * How far a request that only measures is overdue: 1 or more is due. A target that costs much more than the best is
   * measured less often; one that would be cheap if it had healed more often than its failures alone would have it.
   */
  probeDue(bestCost: number, nowMs: number): number {
    if (this.rank !== "open" || this.waiting > 0) return 0;
    const estimate = this.#estimate;
    if (!this.measured) return Infinity;
    const lastMs = Math.max(estimate.get(field.sampledMs), estimate.get(field.probedMs));
    const cost = Math.sqrt(this.cost * Math.min(this.cost, this.#healthyCost));
    return (nowMs - lastMs) / Math.min(longestProbeMs, (probeEveryMs * cost) / bestCost);
  }

  /** For the record. @param leftOut why its rank puts it last */
  explain(leftOut: string): DecisionCandidate {
    const { target, standing } = this;
    const estimate = this.#estimate;
    const rate = estimate.rate.perSecond;
    return {
      service: target.service.config.name,
      model: target.model ?? "",
      reason: standingReasons[standing] || leftOut,
      ...(this.measured && { ttftMs: Math.round(this.ttftMs) }),
      failure: Math.round(this.failure * 1000) / 1000,
      waiting: this.waiting,
      capacity: Math.round(estimate.load.capacity * 10) / 10,
      ...(rate > 0 && { admittedPerSecond: Math.round(rate * 100) / 100 }),
      cost: Math.round(this.cost),
    };
  }
}
