import { describe, expect, test } from "vitest";
import { testMemory } from "../runtime-fixture.ts";
import { field, rememberedMs } from "./target-fields.ts";
import { learntOf, restoreLearnt, type LearntTarget } from "./target-memory.ts";
import { TargetState } from "./target-state.ts";

const startMs = 5_000;
const stream = { promptTokens: 0, stream: true, trial: false };

/** A target of 400 ms that has met a limit. */
function learntTarget(): TargetState {
  const state = new TargetState(testMemory(), 1, () => 0.5);
  for (let sent = 0; sent < 20; sent += 1) {
    const sentMs = startMs + sent * 1_000;
    const seen = state.observe(sentMs, stream);
    seen.firstData(sentMs + 400);
    seen.succeeded(sentMs + 800, null);
  }
  state.observe(startMs + 20_000, stream).rateLimited(startMs + 20_000, undefined);
  return state;
}

/** As a process that began later, by way of a file. */
function restarted(learnt: unknown): TargetState {
  const shared = testMemory();
  // What comes from a file can be anything.
  restoreLearnt(shared.rows, 1, JSON.parse(JSON.stringify(learnt)) as LearntTarget | null);
  return new TargetState(shared, 1, () => 0.5);
}

describe("what is learnt of a target", () => {
  test("is nothing before the first answer", () => {
    expect(learntOf(testMemory().rows, 1)).toBeUndefined();
  });

  test("is the same after a restart, but for times, failures and ejections", () => {
    const before = learntTarget();
    const after = restarted(learntOf(before.shared.rows, 1));
    for (const name of ["latency", "variance", "floor", "capacity", "rate", "slope"] as const) {
      expect(after.estimate.get(field[name])).toBe(before.estimate.get(field[name]));
    }
    expect(after.estimate.get(field.rate)).toBeGreaterThan(0);
    expect(after.estimate.get(field.sampledMs)).toBe(rememberedMs);
    expect(after.breaker(startMs)).toBe("closed");
    expect(learntOf(after.shared.rows, 1)).toEqual(learntOf(before.shared.rows, 1));
  });

  test("a limit from before the restart still holds, and is forgotten in its time", () => {
    const { estimate, shared } = restarted(learntOf(learntTarget().shared.rows, 1));
    const state = new TargetState(shared, 1, () => 0.5);
    const laterMs = 7_000_000;
    const before = estimate.get(field.rate);
    state.observe(laterMs, stream).released();
    expect(estimate.get(field.rate)).toBeCloseTo(before, 1);
    state.observe(laterMs + 700_000, stream).released();
    expect(estimate.get(field.rate)).toBe(0);
  });

  test("the first answer after the restart counts much", () => {
    const state = restarted(learntOf(learntTarget().shared.rows, 1));
    state.observe(9_000_000, stream).firstData(9_000_800);
    expect(Math.exp(state.estimate.get(field.latency))).toBeGreaterThan(550);
  });

  test.each([
    ["nothing", null],
    ["a text", "latency"],
    ["no time to first data", { capacity: 10 }],
    ["a time to first data that is a text", { latency: "6", variance: 0.1 }],
    ["one beyond all bounds", { latency: 1e300, variance: 0.1 }],
  ])("is not believed when the file holds %s", (_, learnt) => {
    expect(restarted(learnt).estimate.get(field.sampledMs)).toBe(0);
  });

  test("single numbers that cannot be are left out", () => {
    const { estimate } = restarted({ latency: 6, variance: 0.1, capacity: -3, rate: null, slope: "x" });
    expect(estimate.get(field.latency)).toBe(6);
    expect([field.capacity, field.rate, field.slope].map((index) => estimate.get(index))).toEqual([0, 0, 0]);
  });
});
