// The numbers that the choice of services is to reach, and whether it does. Said, not enforced.
import type { LabResults, PolicyResult, ScenarioResult } from "./laboratory.ts";
import { plain, withFallback } from "./options.ts";
import { baselines, oracleName, ours } from "./policies.ts";

export interface Check {
  readonly name: string;
  readonly met: boolean;
  /** What was measured. */
  readonly found: string;
}

/** A table of checks per setup; what was not run is not checked. */
export function checksOf({ setups, decisions }: LabResults): Check[] {
  const scenariosOf = (name: string): readonly ScenarioResult[] =>
    setups.find(({ setup }) => setup.name === name)?.scenarios ?? [];
  const alone = resultsOf(scenariosOf(plain), ours);
  const second = resultsOf(scenariosOf(withFallback), ours);
  const decision = decisions[ours];
  return [
    ...(alone.length === 0 ? [] : aloneChecks(alone, scenariosOf(plain))),
    ...(second.length === 0 ? [] : fallbackChecks(second)),
    ...(decision === undefined
      ? []
      : [
          {
            name: "choosing and learning, ten services: p99 below 20 microseconds",
            met: decision.p99Us < 20,
            found: `p50 ${decision.p50Us.toFixed(1)}, p99 ${decision.p99Us.toFixed(1)}`,
          },
        ]),
  ];
}

/** A policy's result in one scenario. */
interface Named {
  readonly scenario: string;
  readonly result: PolicyResult;
}

function resultsOf(scenarios: readonly ScenarioResult[], policy: string): Named[] {
  return scenarios.flatMap(({ name, policies }) => {
    const result = policies[policy];
    return result === undefined ? [] : [{ scenario: name, result }];
  });
}

function aloneChecks(results: readonly Named[], scenarios: readonly ScenarioResult[]): Check[] {
  const regret = (named: Named): number => named.result.regretS;
  const mean = meanOf(results, regret);
  const worst = highest(results, regret);
  const oracle = new Map(resultsOf(scenarios, oracleName).map((named) => [named.scenario, named.result]));
  const near = results.filter(
    ({ scenario, result }) => result.p95S <= 1.25 * (oracle.get(scenario)?.p95S ?? 0),
  );
  const recovering = results.filter(({ result }) => result.recoveryS !== null);
  const slowest = highest(recovering, ({ result }) => result.recoveryS ?? 0);
  return [
    { name: "mean regret at most 0.06 s", met: mean <= 0.06, found: `${mean.toFixed(3)} s` },
    {
      name: "worst regret at most 0.40 s",
      met: worst.value <= 0.4,
      found: `${worst.value.toFixed(3)} s, ${worst.scenario}`,
    },
    successCheck(results, 0.992),
    {
      name: "p95 of the time to first token at most 1.25 times the oracle's in three of four scenarios",
      met: near.length >= Math.ceil(results.length * 0.75),
      found: `${near.length} of ${results.length}`,
    },
    {
      name: "a recovered service has half of the requests after at most 100 s",
      met: slowest.value <= 100,
      found:
        recovering.length === 0 ? "nothing recovers" : `${slowest.value.toFixed(0)} s, ${slowest.scenario}`,
    },
    ...baselineChecks({ mean, worst: worst.value }, scenarios),
  ];
}

function baselineChecks(own: { mean: number; worst: number }, scenarios: readonly ScenarioResult[]): Check[] {
  const others = Object.keys(baselines).flatMap((name) => {
    const results = resultsOf(scenarios, name);
    if (results.length === 0) return [];
    const regret = (named: Named): number => named.result.regretS;
    return [{ name, mean: meanOf(results, regret), worst: highest(results, regret).value }];
  });
  if (others.length === 0) return [];
  const bestMean = others.reduce((best, other) => (other.mean < best.mean ? other : best));
  const bestWorst = others.reduce((best, other) => (other.worst < best.worst ? other : best));
  return [
    {
      name: "better than every baseline on the mean",
      met: own.mean < bestMean.mean,
      found: `best baseline ${bestMean.mean.toFixed(3)} s, ${bestMean.name}`,
    },
    {
      name: "better than every baseline on the worst scenario",
      met: own.worst < bestWorst.worst,
      found: `best baseline ${bestWorst.worst.toFixed(3)} s, ${bestWorst.name}`,
    },
  ];
}

function fallbackChecks(results: readonly Named[]): Check[] {
  const most = highest(results, ({ result }) => result.attempts);
  return [
    successCheck(results, 0.999),
    {
      name: "with one fallback at most 1.01 attempts per request",
      met: most.value <= 1.01,
      found: `${most.value.toFixed(4)}, ${most.scenario}`,
    },
  ];
}

function successCheck(results: readonly Named[], least: number): Check {
  const lowest = highest(results, ({ result }) => -result.success);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return {
    name: `success of at least ${(least * 100).toFixed(1)} % in each ${least > 0.995 ? "with one fallback" : "without retry"}`,
    met: -lowest.value >= least,
    found: `${percent(-lowest.value)}, ${lowest.scenario}`,
  };
}

function meanOf(results: readonly Named[], valueOf: (named: Named) => number): number {
  return results.reduce((sum, named) => sum + valueOf(named), 0) / Math.max(1, results.length);
}

function highest(
  results: readonly Named[],
  valueOf: (named: Named) => number,
): { readonly value: number; readonly scenario: string } {
  let best = { value: results.length === 0 ? 0 : -Infinity, scenario: "" };
  for (const named of results) {
    const value = valueOf(named);
    if (value > best.value) best = { value, scenario: named.scenario };
  }
  return best;
}
