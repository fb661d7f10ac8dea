import { describe, expect, test } from "vitest";

import { figuresOf, meanFigures, quantile } from "./figures.ts";
import { parseScenarios, type Scenario } from "./scenario.ts";
import type { Outcome } from "./simulation.ts";

function scenarioOf(more: object): Scenario {
  const text = JSON.stringify([{ name: "s", durationS: 100, services: [{ med: 1 }, { med: 1 }], ...more }]);
  const scenario = parseScenarios(text, "s")[0];
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

function outcome(atS: number, service: number, ttftMs: number | null = 500): Outcome {
  return { atMs: atS * 1000, service, ttftMs, attempts: 1, policyUs: 2 };
}

describe("figures of a run", () => {
  test("a failed request costs ten seconds and counts in no quantile", () => {
    const figures = figuresOf(
      [outcome(0, 0, 1000), outcome(1, 1, 3000), outcome(2, 1, null)],
      scenarioOf({}),
    );
    expect(figures).toMatchObject({
      requests: 3,
      p50S: 1,
      p95S: 3,
      attempts: 1,
      recoveryS: null,
      policyP50Us: 2,
    });
    expect(figures.costS).toBeCloseTo(14 / 3, 9);
    expect(figures.success).toBeCloseTo(2 / 3, 9);
    expect(figures.shares).toEqual([1 / 3, 2 / 3]);
  });

  test.each([
    [[], 0.5, 0],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.99, 4],
    [[7], 0.01, 7],
  ])("the quantile of %j at %d is %d", (sorted, share, expected) => {
    expect(quantile(sorted, share)).toBe(expected);
  });

  const seconds = Array.from({ length: 100 }, (_, index) => index);

  test.each<[string, (second: number) => number, number]>([
    ["at once when the service never lost them", () => 1, 0],
    ["when half of ten seconds go there", (second) => (second >= 50 ? 1 : 0), 15],
    ["not for a few probes", (second) => (second % 9 === 0 ? 1 : 0), 70],
    ["never: the rest of the time", () => 0, 70],
  ])("traffic is back %s", (_, serviceAt, expected) => {
    const scenario = scenarioOf({ recovery: { service: 1, atS: 30 } });
    const outcomes = seconds.map((second) => outcome(second, serviceAt(second)));
    expect(figuresOf(outcomes, scenario).recoveryS).toBe(expected);
  });

  test("several seeds are one by their means", () => {
    const scenario = scenarioOf({ recovery: { service: 1, atS: 0 } });
    const first = figuresOf([outcome(0, 0, 1000)], scenario);
    const second = figuresOf([outcome(0, 1, 2000)], scenario);
    expect(meanFigures([first, second])).toMatchObject({ costS: 1.5, p95S: 1.5, shares: [0.5, 0.5] });
  });
});
