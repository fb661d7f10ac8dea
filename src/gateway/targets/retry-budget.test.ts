import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

function createBudget() {
  const clock = { nowMs: 10_000 };
  return { clock, budget: new RetryBudget(() => clock.nowMs) };
}

function enter(budget: RetryBudget, count: number): void {
  for (let index = 0; index < count; index += 1) budget.enter();
}

function leave(budget: RetryBudget, count: number): void {
  for (let index = 0; index < count; index += 1) budget.leave();
}

/** How many of so many retries are granted. */
function granted(budget: RetryBudget, asked: number, percent: number): number {
  return Array.from({ length: asked }, () => budget.take(percent)).filter(Boolean).length;
}

describe("RetryBudget", () => {
  test.each([
    ["half a fifth of the requests in flight at once", 100, 20, 10],
    ["half of any share", 100, 50, 25],
    ["never more than the share, where it is no whole number", 39, 20, 3],
    ["a share that divides nothing evenly", 200, 30, 30],
    ["a few for lone requests", 1, 20, 3],
    ["a few before anything is counted", 0, 20, 3],
    ["a few of a small share", 1, 0.5, 3],
    ["a few of the whole", 1, 100, 3],
    ["none when retries are switched off", 100, 0, 0],
  ])("grants %s", (_, active, percent, expected) => {
    const { budget } = createBudget();
    enter(budget, active);
    expect(granted(budget, 500, percent)).toBe(expected);
  });

  test("time alone earns nothing", () => {
    const { budget, clock } = createBudget();
    enter(budget, 100);
    expect(granted(budget, 500, 20)).toBe(10);
    clock.nowMs += 60_000;
    expect(granted(budget, 500, 20)).toBe(0);
  });

  test("new requests earn their share", () => {
    const { budget } = createBudget();
    enter(budget, 100);
    expect(granted(budget, 500, 20)).toBe(10);
    enter(budget, 50);
    expect(granted(budget, 500, 20)).toBe(10);
    enter(budget, 4);
    expect(granted(budget, 500, 20)).toBe(0);
    enter(budget, 1);
    expect(granted(budget, 500, 20)).toBe(1);
  });

  test("what requests earned that have ended is kept for three retries", () => {
    const { budget } = createBudget();
    enter(budget, 1_000);
    leave(budget, 1_000);
    expect(granted(budget, 500, 20)).toBe(3);
  });

  test("requests far apart may each be retried", () => {
    const { budget, clock } = createBudget();
    granted(budget, 500, 20);
    for (let request = 0; request < 5; request += 1) {
      clock.nowMs += 10_000;
      budget.enter();
      expect(granted(budget, 5, 20)).toBe(1);
      budget.leave();
    }
  });
});

interface Storm {
  readonly perSecond: number;
  /** From a send to its failure. */
  readonly failsAfterMs: number;
  readonly maxRetries: number;
}

const stormMs = 20_000;

/** Sends of a storm in which everything fails, after a minute of calm: when, and whether each is a retry. */
function simulate({
  perSecond,
  failsAfterMs,
  maxRetries,
}: Storm): { readonly atMs: number; readonly retry: boolean }[] {
  let nowMs = 0;
  const budget = new RetryBudget(() => nowMs);
  for (; nowMs < 60_000; nowMs += 1000 / perSecond) {
    budget.enter();
    budget.leave();
  }
  const sends: { atMs: number; retry: boolean; request: number }[] = [];
  const retriesOf: number[] = [];
  const startMs = nowMs;
  // Failures come in the order of their sends, as all take the same time.
  let failed = 0;
  for (let request = 0; ;) {
    const nextRequestMs = startMs + (request * 1000) / perSecond;
    const nextFailureMs = (sends[failed]?.atMs ?? Infinity) + failsAfterMs;
    nowMs = Math.min(nextRequestMs, nextFailureMs);
    if (nowMs - startMs >= stormMs) break;
    if (nextRequestMs <= nextFailureMs) {
      budget.enter();
      sends.push({ atMs: nowMs, retry: false, request });
      request += 1;
      continue;
    }
    const of = sends[failed]?.request ?? 0;
    failed += 1;
    const retries = retriesOf[of] ?? 0;
    if (retries < maxRetries && budget.take(20)) {
      retriesOf[of] = retries + 1;
      sends.push({ atMs: nowMs, retry: true, request: of });
    } else budget.leave();
  }
  return sends.map(({ atMs, retry }) => ({ atMs: atMs - startMs, retry }));
}

/** Sends beyond 1.2 per request, from the storm's second second to the moment when they are most. */
function worstExcess(sends: readonly { readonly atMs: number; readonly retry: boolean }[]): number {
  let worst = -Infinity;
  let requests = 0;
  let retries = 0;
  for (const { atMs, retry } of sends) {
    if (atMs < 1_000) continue;
    if (retry) retries += 1;
    else requests += 1;
    worst = Math.max(worst, retries - 0.2 * requests);
  }
  return worst;
}

describe("a storm in which every request fails", () => {
  test.each([
    ["at once, at 1,000 requests a second", 1_000, 1],
    ["at once, at 100", 100, 1],
    ["at once, at 20", 20, 1],
    ["at once, at 5", 5, 1],
    ["after half a second, at 100", 100, 500],
    ["after 2 s, at 100", 100, 2_000],
    ["after 5 s, at 100", 100, 5_000],
    ["after 5 s, at 1,000", 1_000, 5_000],
    ["after 5 s, at 20", 20, 5_000],
    ["after 5 s, at 5", 5, 5_000],
  ])("%s: at most 1.2 sends per request from the second second on", (_, perSecond, failsAfterMs) => {
    for (const maxRetries of [1, 3]) {
      const sends = simulate({ perSecond, failsAfterMs, maxRetries });
      // A retry is a whole send, a share is none.
      expect(worstExcess(sends)).toBeLessThan(1);
      // And what may be had is had.
      expect(sends.filter(({ retry }) => retry).length).toBeGreaterThan(0.1 * (stormMs / 1000) * perSecond);
    }
  });

  test.each([
    ["one a second", 1],
    ["one in five seconds", 0.2],
  ])("%s: the free retries and what time earns come on top", (_, perSecond) => {
    expect(worstExcess(simulate({ perSecond, failsAfterMs: 1, maxRetries: 1 }))).toBeLessThanOrEqual(3);
  });

  test("after just a second: a tenth of a second's requests on top", () => {
    expect(worstExcess(simulate({ perSecond: 100, failsAfterMs: 1_000, maxRetries: 1 }))).toBeLessThanOrEqual(
      11,
    );
  });
});

test("the retries from any moment on are the share of the requests that begin after it, and what is left then", () => {
  const step = fc.constantFrom("enter", "enter", "enter", "leave", "take", "take");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const { budget } = createBudget();
      let active = 0;
      let requests = 0;
      const takes: { readonly active: number; readonly requests: number }[] = [];
      for (const each of steps) {
        if (each === "enter") {
          budget.enter();
          active += 1;
          requests += 1;
        } else if (each === "take") {
          if (budget.take(20)) takes.push({ active, requests });
        } else if (active > 0) {
          budget.leave();
          active -= 1;
        }
      }
      takes.forEach((first, from) => {
        takes.slice(from).forEach((last, retries) => {
          const allowed = Math.max(3, 0.1 * first.active) + 0.2 * (last.requests - first.requests);
          expect(retries + 1).toBeLessThanOrEqual(allowed + 1e-6);
        });
      });
    }),
  );
});
