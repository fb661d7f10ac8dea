import { expect, test } from "vitest";
import { bootstrapMean } from "./bootstrap.ts";
import { compareRouters, type ComparedPrompt } from "./compare-routers.ts";

const prompt = (
  scores: Readonly<Record<string, number>>,
  [current, candidate]: readonly [string, string],
  losses: readonly [number, number] = [0, 0],
): ComparedPrompt => ({
  scores: new Map(Object.entries(scores)),
  current: { model: current, loss: losses[0], costUsd: 2 },
  candidate: { model: candidate, loss: losses[1], costUsd: 1 },
});
const times = (count: number, one: ComparedPrompt) => Array.from({ length: count }, () => one);

test("where both choose the same nothing differs, labelled or not", () => {
  const same = compareRouters(times(50, prompt({ a: 0 }, ["a", "a"])));
  expect(same).toMatchObject({ differ: 0, verdict: "not-better", utility: { value: 0, low: 0, high: 0 } });
});

test("the difference is that of the two labels, over all prompts", () => {
  const rows = [...times(40, prompt({ a: 0, b: 1 }, ["a", "b"])), ...times(60, prompt({}, ["a", "a"]))];
  const { utility, quality, differ, direct, verdict, costUsd } = compareRouters(rows);
  expect([utility.value, quality.value, differ, direct]).toEqual([0.4, 0.4, 40, 40]);
  expect(utility.low).toBeGreaterThan(0.28);
  expect(utility.high).toBeLessThan(0.52);
  expect([verdict, costUsd]).toEqual(["better", { current: 2, candidate: 1 }]);
});

test("cost and time count as what they lose", () => {
  const { utility, quality } = compareRouters(times(40, prompt({ a: 1, b: 1 }, ["a", "b"], [0.1, 0.02])));
  expect(quality.value).toBe(0);
  expect(utility.value).toBeCloseTo(0.08);
});

test("prompts without both labels are taken to be like those that have them, while these are as many", () => {
  const known = times(40, prompt({ a: 0, b: 1 }, ["a", "b"]));
  const enough = compareRouters([...known, ...times(40, prompt({ a: 0 }, ["a", "b"]))]);
  expect(enough).toMatchObject({ verdict: "better", direct: 40, differ: 80, utility: { value: 1 } });
  const few = compareRouters([...known, ...times(41, prompt({ b: 1 }, ["a", "b"]))]);
  expect(few).toMatchObject({ verdict: "unknown", reason: expect.stringContaining("40 of 81") });
});

test("three lucky prompts among many are no proof", () => {
  const rows = [...times(3, prompt({ a: 0, b: 1 }, ["a", "b"])), ...times(97, prompt({}, ["a", "a"]))];
  expect(compareRouters(rows).verdict).toBe("not-better");
});

test("bounds hold the mean nineteen times in twenty, and come out the same again", () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 1 : 0));
  const { value, low, high } = bootstrapMean(values);
  // 1.96 times the root of .25 * .75 / 400 is .042.
  expect(value).toBe(0.25);
  expect(low).toBeGreaterThan(0.195);
  expect(low).toBeLessThan(0.22);
  expect(high).toBeGreaterThan(0.28);
  expect(high).toBeLessThan(0.305);
  expect(bootstrapMean(values)).toEqual({ value, low, high });
  expect(bootstrapMean([])).toEqual({ value: 0, low: 0, high: 0 });
});
