// From the requests of a run to its figures. It must not know how they came about.
import { at } from "./at.ts";
import type { Scenario } from "./scenario.ts";
import { failureCostS, type Outcome } from "./simulation.ts";

export interface Figures {
  readonly requests: number;
  /** Mean over all requests: the time to first token, or what a failure costs. Seconds. */
  readonly costS: number;
  /** Share of requests that got an answer. */
  readonly success: number;
  /** Time to first token of the answered, seconds. */
  readonly p50S: number;
  readonly p95S: number;
  readonly p99S: number;
  readonly attempts: number;
  /** Until the recovered service got half of the requests; null where nothing recovers. Never = until the end. */
  readonly recoveryS: number | null;
  /** Share of the first attempts per service. */
  readonly shares: readonly number[];
  /** Real time of the policy per request, microseconds. */
  readonly policyP50Us: number;
  readonly policyP99Us: number;
}

/** A service has recovered its traffic once it gets at least half of a stretch so long. */
const recoveryStretchS = 10;

export function figuresOf(outcomes: readonly Outcome[], scenario: Scenario): Figures {
  const answered = outcomes.flatMap(({ ttftMs }) => (ttftMs === null ? [] : [ttftMs / 1000]));
  const sorted = Float64Array.from(answered).toSorted();
  const policyUs = Float64Array.from(outcomes, (outcome) => outcome.policyUs).toSorted();
  const sum = answered.reduce((total, ttftS) => total + ttftS, 0);
  const count = Math.max(1, outcomes.length);
  return {
    requests: outcomes.length,
    costS: (sum + (outcomes.length - answered.length) * failureCostS) / count,
    success: answered.length / count,
    p50S: quantile(sorted, 0.5),
    p95S: quantile(sorted, 0.95),
    p99S: quantile(sorted, 0.99),
    attempts: outcomes.reduce((total, { attempts }) => total + attempts, 0) / count,
    recoveryS: recoveryOf(outcomes, scenario),
    shares: scenario.services.map(
      (_, index) => outcomes.filter(({ service }) => service === index).length / count,
    ),
    policyP50Us: quantile(policyUs, 0.5),
    policyP99Us: quantile(policyUs, 0.99),
  };
}

/** The smallest value that so many of the values do not pass; 0 without values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** From the change to the begin of the first stretch in which the service gets half of at least five requests. */
function recoveryOf(outcomes: readonly Outcome[], { recovery, durationS }: Scenario): number | null {
  if (recovery === undefined) return null;
  const after = outcomes.filter(({ atMs }) => atMs >= recovery.atS * 1000);
  let end = 0;
  let hits = 0;
  for (let begin = 0; begin < after.length; begin += 1) {
    const { atMs, service } = at(after, begin);
    for (; end < after.length && at(after, end).atMs < atMs + recoveryStretchS * 1000; end += 1) {
      if (at(after, end).service === recovery.service) hits += 1;
    }
    if (end - begin >= 5 && hits * 2 >= end - begin) return atMs / 1000 - recovery.atS;
    if (service === recovery.service) hits -= 1;
  }
  return durationS - recovery.atS;
}

/** The figures of several seeds as one: means. */
export function meanFigures(all: readonly Figures[]): Figures {
  const mean = (pick: (figures: Figures) => number): number =>
    all.reduce((total, figures) => total + pick(figures), 0) / all.length;
  const first = at(all, 0);
  return {
    requests: mean(({ requests }) => requests),
    costS: mean(({ costS }) => costS),
    success: mean(({ success }) => success),
    p50S: mean(({ p50S }) => p50S),
    p95S: mean(({ p95S }) => p95S),
    p99S: mean(({ p99S }) => p99S),
    attempts: mean(({ attempts }) => attempts),
    recoveryS: first.recoveryS === null ? null : mean(({ recoveryS }) => recoveryS ?? 0),
    shares: first.shares.map((_, index) => mean(({ shares }) => shares[index] ?? 0)),
    policyP50Us: mean(({ policyP50Us }) => policyP50Us),
    policyP99Us: mean(({ policyP99Us }) => policyP99Us),
  };
}
