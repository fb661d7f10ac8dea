// The policies of the laboratory by name: ours, the baselines, the oracle.
import { byMetrics, type ByMetricsOptions } from "./policies/by-metrics.ts";
import { higressFirstToken } from "./policies/higress-first-token.ts";
import { litellmLatency } from "./policies/litellm-latency.ts";
import { peakEwma } from "./policies/peak-ewma.ts";
import { leastBusy, oracle, roundRobin, weightedRandom } from "./policies/static-policies.ts";
import { thompson } from "./policies/thompson.ts";
import type { PolicyMaker } from "./policy.ts";

export const ours = "by-metrics";
export const oracleName = "oracle";

export const baselines: Readonly<Record<string, PolicyMaker>> = {
  thompson,
  "higress-first-token": higressFirstToken,
  "p2c-peak-ewma": peakEwma,
  "litellm-latency": litellmLatency,
  "round-robin": roundRobin,
  "weighted-random": weightedRandom,
  "least-busy": leastBusy,
};

export const policyNames: readonly string[] = [ours, ...Object.keys(baselines), oracleName];

/** Undefined for a name that is none. */
export function policyOf(name: string, options: ByMetricsOptions): PolicyMaker | undefined {
  if (name === ours) return byMetrics(options);
  return name === oracleName ? oracle : baselines[name];
}
