import { describe, expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

function createBudget() {
  const clock = { nowMs: 10_000 };
  return { clock, budget: new RetryBudget(() => clock.nowMs) };
}

function enter(budget: RetryBudget, count: number): void {
  for (let index = 0; index < count; index += 1) budget.enter();
}

/** How many of so many retries are granted. */
function granted(budget: RetryBudget, asked: number, percent: number): number {
  return Array.from({ length: asked }, () => budget.take(percent)).filter(Boolean).length;
}

describe("RetryBudget", () => {
  test.each([
    ["a fifth of the requests in flight", 100, 20, 20],
    ["never more than the share, where it is no whole number", 18, 20, 3],
    ["any share", 100, 50, 50],
    ["as many as there are requests", 100, 100, 100],
    ["a few for lone requests", 1, 20, 3],
    ["a few before anything is counted", 0, 20, 3],
    ["none when retries are switched off", 100, 0, 0],
  ])("grants %s", (_, active, percent, expected) => {
    const { budget } = createBudget();
    enter(budget, active);
    expect(granted(budget, 500, percent)).toBe(expected);
  });

  test("counts requests of this second that have ended already", () => {
    const { budget } = createBudget();
    for (let index = 0; index < 100; index += 1) {
      budget.enter();
      budget.leave();
    }
    expect(budget.active).toBe(0);
    expect(granted(budget, 500, 20)).toBe(20);
  });

  test("grants anew each second, by the requests of that second", () => {
    const { budget, clock } = createBudget();
    enter(budget, 100);
    expect(granted(budget, 500, 20)).toBe(20);
    clock.nowMs += 999;
    expect(granted(budget, 500, 20)).toBe(0);
    clock.nowMs += 1;
    for (let index = 0; index < 50; index += 1) budget.leave();
    expect(granted(budget, 500, 20)).toBe(10);
    clock.nowMs += 60_000;
    for (let index = 0; index < 50; index += 1) budget.leave();
    enter(budget, 200);
    expect(granted(budget, 500, 20)).toBe(40);
  });

  test("a storm in which every request fails costs at most 1.2 attempts per request", () => {
    const { budget, clock } = createBudget();
    let requests = 0;
    let retries = 0;
    for (let ms = 0; ms < 10_000; ms += 1) {
      clock.nowMs += 1;
      budget.enter();
      requests += 1;
      // One retry is asked for by each request.
      if (budget.take(20)) retries += 1;
      budget.leave();
    }
    expect((requests + retries) / requests).toBeLessThanOrEqual(1.2);
    expect(retries).toBeGreaterThan(0.15 * requests);
  });

  test("counts what is in flight", () => {
    const { budget } = createBudget();
    enter(budget, 3);
    budget.leave();
    expect(budget.active).toBe(2);
  });
});
