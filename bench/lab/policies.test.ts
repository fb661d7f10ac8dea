import { describe, expect, test } from "vitest";

import { figuresOf } from "./figures.ts";
import { baselines, oracleName, ours, policyNames, policyOf } from "./policies.ts";
import type { PolicyMaker } from "./policy.ts";
import { parseScenarios, type Scenario } from "./scenario.ts";
import { simulate, type Outcome } from "./simulation.ts";
import type { LabRequest } from "./traces.ts";

/** One request a second and a half, for ten minutes. */
const requests: readonly LabRequest[] = Array.from({ length: 400 }, (_, index) => ({
  index,
  atMs: index * 1500,
  promptTokens: 500 + (index % 7) * 300,
  outputTokens: 20 + (index % 5) * 30,
}));

const tiny: Record<string, object[]> = {
  "one service": [{ med: 0.3 }],
  "one that is better": [{ med: 0.9 }, { med: 0.3 }, { med: 0.8 }],
  "one that fails for a while": [{ med: 0.3, err: [{ from: 100, to: 300, value: 0.9 }] }, { med: 0.5 }],
  "one that hangs for a while": [{ med: 0.3, hang: [{ from: 100, to: 300, value: 1 }] }, { med: 0.5 }],
  "one that limits": [{ med: 0.3, rl: { rate: 0.2, burst: 2 } }, { med: 0.5 }],
  "only such as limit": [
    { med: 0.3, rl: { rate: 0.2, burst: 2, retryAfter: 3 } },
    { med: 0.5, rl: { rate: 0.2, burst: 1 } },
  ],
  "few slots": [
    { med: 0.3, cap: 1 },
    { med: 0.5, cap: 1 },
  ],
  "nothing that works": [
    { med: 0.3, err: 1 },
    { med: 0.5, err: 1 },
  ],
};

function scenarioOf(services: readonly object[]): Scenario {
  const scenario = parseScenarios(JSON.stringify([{ name: "s", durationS: 600, services }]), "s")[0];
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

function makerOf(name: string): PolicyMaker {
  const maker = policyOf(name, { goal: "lowest-ttft", adaptive: true });
  if (maker === undefined) throw new Error(`no policy ${name}`);
  return maker;
}

function outcomesOf(
  policy: string,
  services: readonly object[],
  more: { fallback?: boolean; nodes?: number } = {},
) {
  const { fallback = false, nodes = 1 } = more;
  const scenario = scenarioOf(services);
  return simulate({ scenario, requests, seed: 5, policy: makerOf(policy), nodes, fallback });
}

/** Real time aside. */
function facts(outcomes: readonly Outcome[]): object[] {
  return outcomes.map((outcome) => ({ ...outcome, policyUs: 0 }));
}

describe.each(policyNames)("policy %s", (name) => {
  test.each(Object.entries(tiny))("sends every request somewhere: %s", (_, services) => {
    for (const more of [{}, { fallback: true }, { nodes: 3 }]) {
      const outcomes = outcomesOf(name, services, more);
      expect(outcomes).toHaveLength(requests.length);
      for (const { service, attempts } of outcomes) {
        expect(service).toBeLessThan(services.length);
        expect(service).toBeGreaterThanOrEqual(0);
        expect(attempts).toBeLessThanOrEqual(more.fallback === true ? 2 : 1);
      }
    }
  });

  test("does the same again with the same seed", () => {
    for (const services of Object.values(tiny)) {
      expect(facts(outcomesOf(name, services))).toEqual(facts(outcomesOf(name, services)));
    }
  });

  test("never goes to the same service twice", () => {
    const outcomes = outcomesOf(
      name,
      [
        { med: 0.3, err: 1 },
        { med: 0.4, err: 0 },
      ],
      { fallback: true },
    );
    // The one that works is there for every request, whichever came first.
    expect(outcomes.filter(({ ttftMs }) => ttftMs === null)).toEqual([]);
  });
});

describe("the policies differ as they should", () => {
  const share = (policy: string, services: readonly object[], service: number): number =>
    figuresOf(outcomesOf(policy, services), scenarioOf(services)).shares[service] ?? 0;
  const better = [{ med: 0.9 }, { med: 0.3 }, { med: 0.8 }];

  test.each([
    ["round-robin", 0.33, 0.34],
    ["weighted-random", 0.5, 0.7],
    ["oracle", 1, 1],
    ["thompson", 0.8, 1],
    ["higress-first-token", 0.9, 1],
    ["p2c-peak-ewma", 0.5, 0.8],
    [ours, 0.8, 1],
  ])("%s gives the best of three its part", (policy, least, most) => {
    expect(share(policy, better, 1)).toBeGreaterThanOrEqual(least);
    expect(share(policy, better, 1)).toBeLessThanOrEqual(most);
  });

  test("the oracle leaves a service for the time in which it fails, hangs or limits", () => {
    for (const bad of [
      { err: [{ from: 100, to: 300, value: 0.9 }] },
      { hang: [{ from: 100, to: 300, value: 1 }] },
    ]) {
      const outcomes = outcomesOf(oracleName, [{ med: 0.3, ...bad }, { med: 0.5 }]);
      for (const { atMs, service } of outcomes)
        expect(service).toBe(atMs >= 100_000 && atMs < 300_000 ? 1 : 0);
    }
    const limited = outcomesOf(oracleName, [
      { med: 0.3, err: 0, rl: { rate: 0.2, burst: 2 } },
      { med: 0.5, err: 0 },
    ]);
    expect(limited.filter(({ ttftMs }) => ttftMs === null)).toEqual([]);
    expect(limited.filter(({ service }) => service === 0).length).toBeGreaterThan(100);
  });

  test("no policy beats the oracle where nothing queues", () => {
    const services = [{ med: 0.3, err: [{ from: 100, to: 300, value: 0.5 }] }, { med: 0.5 }];
    const costOf = (policy: string): number =>
      figuresOf(outcomesOf(policy, services), scenarioOf(services)).costS;
    for (const policy of [...Object.keys(baselines), ours])
      expect(costOf(policy)).toBeGreaterThan(costOf(oracleName) - 0.005);
  });
});
