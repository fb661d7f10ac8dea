// What mode by-metrics counts as the cost of a target, for each goal.
import type { MetricsGoal } from "../../snapshot/snapshot.ts";

/** Weights of the parts of a cost, which is in ms. */
export interface GoalWeights {
  /** Of the time to first data. */
  readonly firstData: number;
  /** Of the time from first data to the end, by a stream and by a plain answer, whose client sees nothing before. */
  readonly generation: { readonly stream: number; readonly plain: number };
  /** Of each request in flight at the service, this one included, ms. */
  readonly inFlightMs: number;
}

/** A request that fails costs as much as one that takes so long, ms. */
export const failureMs = 10_000;

export const goalWeights: Readonly<Record<MetricsGoal, GoalWeights>> = {
  "lowest-ttft": { firstData: 1, generation: { stream: 0, plain: 1 }, inFlightMs: 0 },
  "lowest-latency": { firstData: 1, generation: { stream: 1, plain: 1 }, inFlightMs: 0 },
  // Time decides between services that are equally busy; failures count as ever, or a service that fails fast would
  // look idle and draw everything.
  "least-busy": { firstData: 0.05, generation: { stream: 0, plain: 0 }, inFlightMs: 250 },
  balanced: { firstData: 1, generation: { stream: 0.1, plain: 1 }, inFlightMs: 0 },
};
