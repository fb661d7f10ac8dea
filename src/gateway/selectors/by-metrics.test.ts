import { describe, expect, test } from "vitest";
import type { MetricsGoal } from "../../snapshot/snapshot.ts";
import { answer, eject, measure, stream, world, type Options, type World } from "./by-metrics-fixture.ts";

const speeds = { a: 800, b: 300, c: 500 };

describe("the lowest expected cost", () => {
  test("is the fastest target's", () => {
    const made = world();
    measure(made, speeds);
    const { target, standing, decision } = made.select();
    expect(target.service.config.name).toBe("b");
    expect(standing).toBe("ready");
    expect(decision).toMatchObject({ mode: "by-metrics", reason: "lowest expected cost" });
    const [a, b, c] = decision.candidates;
    expect(b).toMatchObject({
      service: "b",
      model: "m",
      reason: "",
      waiting: 0,
      capacity: 6,
      failure: 0.005,
    });
    expect(b?.ttftMs).toBeGreaterThan(300);
    expect(b?.cost).toBeLessThan(c?.cost ?? 0);
    expect(c?.cost).toBeLessThan(a?.cost ?? 0);
  });

  test("is not that of the fastest when it fails often", () => {
    const made = world();
    measure(made, speeds);
    for (let failures = 0; failures < 2; failures += 1) {
      made.state("b").observe(made.clock.nowMs, stream).failed(made.clock.nowMs, "upstream-5xx");
    }
    expect(made.pick()).toBe("c");
  });

  test("is not that of the fastest while many wait there", () => {
    const made = world();
    measure(made, speeds);
    for (let sends = 0; sends < 10; sends += 1) made.state("b").observe(made.clock.nowMs, stream);
    expect(made.pick()).toBe("c");
  });

  test("is not that of the fastest when its calls are unusually late, before any has timed out", () => {
    const made = world();
    measure(made, speeds);
    for (let sends = 0; sends < 2; sends += 1) made.state("b").observe(made.clock.nowMs, stream);
    made.clock.nowMs += 2_500;
    expect(made.pick()).toBe("c");
  });

  test("takes in what is over the rate that a service admits only when all are", () => {
    const made = world("ab");
    measure(made, { a: 800, b: 300 });
    made.state("b").observe(made.clock.nowMs, stream).rateLimited(made.clock.nowMs, undefined);
    const { target, decision } = made.select();
    expect(target.service.config.name).toBe("a");
    expect(decision.candidates[1]?.reason).toBe("over the rate it admits");
    expect(decision.candidates[1]?.admittedPerSecond).toBeGreaterThan(0);
    made.state("a").observe(made.clock.nowMs, stream).rateLimited(made.clock.nowMs, undefined);
    const both = made.select();
    expect(both.target.service.config.name).toBe("b");
    expect(both.decision.reason).toBe("every open target is over the rate it admits");
  });

  test("avoids a service with its largest number of requests in flight", () => {
    const made = world("ab", { services: { b: { maxInFlight: 1 } } });
    measure(made, { a: 800, b: 300 });
    made.service("b").enter();
    expect(made.pick()).toBe("a");
    expect(made.select().decision.candidates[1]?.reason).toBe("has its largest number of requests in flight");
    made.service("b").leave();
    expect(made.pick()).toBe("b");
  });

  test("throws without any target", () => {
    expect(() => world("").select()).toThrow("no target");
  });
});

describe("goals", () => {
  /** a: fast first data, slow tokens; b the other way round. */
  function slowTokens(goal: MetricsGoal): World {
    const made = world("ab", { goal });
    for (let round = 0; round < 5; round += 1) {
      for (const [name, ttftMs, tokenMs] of [
        ["a", 300, 50],
        ["b", 450, 10],
      ] as const) {
        const seen = made.state(name).observe(made.clock.nowMs, stream);
        seen.firstData(made.clock.nowMs + ttftMs);
        const rest = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
        seen.succeeded(made.clock.nowMs + ttftMs + tokenMs * 100, {
          ...rest,
          outputTokens: 101,
          estimated: false,
        });
      }
      made.clock.nowMs += 10;
    }
    return made;
  }

  test.each<[MetricsGoal, boolean, string]>([
    ["lowest-ttft", true, "a"],
    ["lowest-ttft", false, "b"],
    ["lowest-latency", true, "b"],
    ["lowest-latency", false, "b"],
    ["balanced", true, "b"],
    ["balanced", false, "b"],
  ])("%s, stream %s: %s", (goal, asStream, expected) => {
    expect(slowTokens(goal).select({ stream: asStream }).target.service.config.name).toBe(expected);
  });

  test("balanced does not give up much time to first data for a little faster tokens", () => {
    const made = world("ab", { goal: "balanced" });
    measure(made, { a: 300, b: 900 }, 100);
    expect(made.pick()).toBe("a");
  });

  test("least-busy takes the one with the fewest requests in flight, however slow", () => {
    const made = world("ab", { goal: "least-busy" });
    measure(made, { a: 300, b: 900 });
    expect(made.pick()).toBe("a");
    made.service("a").enter();
    made.service("a").enter();
    expect(made.pick()).toBe("b");
  });

  test("least-busy is not drawn to a service that is idle as it fails at once", () => {
    const made = world("ab", { goal: "least-busy" });
    measure(made, { a: 300, b: 300 });
    for (let turn = 0; turn < 20; turn += 1) {
      const seen = made.state("b").observe(made.clock.nowMs, stream);
      if (turn % 3 === 0) seen.failed(made.clock.nowMs, "upstream-5xx");
      else seen.succeeded(made.clock.nowMs + 300, null);
    }
    for (let requests = 0; requests < 5; requests += 1) made.service("a").enter();
    expect(made.state("b").breaker(made.clock.nowMs)).toBe("closed");
    expect(made.pick()).toBe("a");
  });
});

describe("targets that are left out", () => {
  test.each<[string, (made: World) => void, string, string]>([
    [
      "one that is ejected",
      (made) => eject(made, "b"),
      "the only target that is not ejected",
      "ejected after failures",
    ],
    [
      "one whose keys all rest",
      (made) => {
        const { keys } = made.service("b");
        const key = keys.pick([]);
        if (key !== undefined) keys.rateLimited(key, 5_000);
      },
      "the only target that is not left out",
      "every API key rests after a rate limit",
    ],
  ])("%s", (_, leaveOut, reason, why) => {
    const made = world("ab");
    measure(made, { a: 800, b: 300 });
    leaveOut(made);
    const { target, decision } = made.select();
    expect(target.service.config.name).toBe("a");
    expect(decision.reason).toBe(reason);
    expect(decision.candidates.map((row) => row.reason)).toEqual(["", why]);
  });

  test.each<[string, Required<Options>["services"], string]>([
    ["disabled", { b: { usable: false } }, "disabled or without an enabled API key"],
    [
      "of another protocol",
      { b: { endpoints: [{ protocol: "anthropic", baseUrl: "https://b.test" }] } },
      "does not speak the protocol of the route",
    ],
  ])("one that is %s", (_, services, why) => {
    const made = world("ab", { services });
    expect(made.pick()).toBe("a");
    expect(made.select().decision.candidates[1]?.reason).toBe(why);
  });

  test("when all are ejected the least bad is tried, as ejected", () => {
    const made = world("ab");
    measure(made, { a: 800, b: 300 });
    eject(made, "a");
    eject(made, "b");
    const { target, standing, decision } = made.select();
    expect(target.service.config.name).toBe("b");
    expect(standing).toBe("ejected");
    expect(decision.reason).toBe("every target is ejected: the least bad");
  });

  test("an ejected one gets one trial when it is due, claimed", () => {
    const made = world("ab");
    measure(made, { a: 300, b: 800 });
    eject(made, "b");
    made.clock.nowMs += 2_000;
    const first = made.select();
    expect(first.target.service.config.name).toBe("b");
    expect(first.standing).toBe("trial");
    expect(first.decision.reason).toBe("trial of an ejected target");
    expect(made.pick()).toBe("a");
  });

  test("trials that clients would see are few among few requests, and never fail for want of another target", () => {
    const made = world("ab");
    measure(made, { a: 300, b: 800 });
    eject(made, "b");
    let trials = 0;
    for (let request = 0; request < 100; request += 1) {
      made.clock.nowMs += 31_000;
      answer(made, "a", 300);
      if (made.pick() !== "b") continue;
      trials += 1;
      made
        .state("b")
        .observe(made.clock.nowMs, { ...stream, trial: true })
        .failed(made.clock.nowMs, "upstream-5xx");
    }
    expect(trials).toBeGreaterThanOrEqual(4);
    expect(trials).toBeLessThanOrEqual(5);
    eject(made, "a");
    made.clock.nowMs += 31_000;
    expect(made.select().standing).toBe("trial");
  });
});
