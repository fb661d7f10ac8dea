import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answer, eject, measure, stream, world, type Options, type World } from "./by-metrics-fixture.ts";
import type { Selectable } from "./selector.ts";

describe("requests that only measure", () => {
  test("go to a target of which nothing is known, one at a time", () => {
    const made = world("ab");
    measure(made, { a: 300 });
    const { target, decision } = made.select();
    expect(target.service.config.name).toBe("b");
    expect(decision.reason).toBe("probe of an unmeasured target");
    expect(decision.candidates[1]).not.toHaveProperty("ttftMs");
    const seen = made.state("b").observe(made.clock.nowMs, stream);
    expect(made.pick()).toBe("a");
    seen.released();
    expect(made.pick()).toBe("b");
  });

  test("are at most one in a hundred, and two", () => {
    const made = world("abc");
    measure(made, { a: 300, b: 900, c: 900 });
    let probes = 0;
    for (let request = 0; request < 2_000; request += 1) {
      made.clock.nowMs += 1_000;
      const name = made.pick();
      answer(made, name, name === "a" ? 300 : 900);
      if (name !== "a") probes += 1;
    }
    expect(probes).toBeGreaterThan(10);
    expect(probes).toBeLessThanOrEqual(22);
  });

  test("bring traffic back to a target that has become fast again", () => {
    const made = world("ab");
    measure(made, { a: 300, b: 200 });
    for (let slow = 0; slow < 10; slow += 1) answer(made, "b", 3_000);
    let gotB = 0;
    for (let request = 0; request < 2_500; request += 1) {
      made.clock.nowMs += 100;
      const name = made.pick();
      answer(made, name, name === "a" ? 300 : 200);
      if (request >= 2_000 && name === "b") gotB += 1;
    }
    expect(gotB).toBeGreaterThan(450);
  });
});

describe("the largest share", () => {
  test.each([
    ["half of them", 0.5, 0.5],
    ["a fifth, though five would be needed for all", 0.2, 1],
  ])("of one target: %s", (_, maxShare, most) => {
    const made = world("abc", { maxShare });
    measure(made, { a: 300, b: 400, c: 500 });
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let request = 0; request < 2_000; request += 1) {
      made.clock.nowMs += 100;
      const name = made.pick();
      answer(made, name, { a: 300, b: 400, c: 500 }[name] ?? 0);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts["a"]).toBeLessThanOrEqual(2_000 * most + 21);
    expect(counts["a"]).toBeGreaterThan(2_000 * maxShare * 0.95);
  });

  test("is told where it put a target last", () => {
    const made = world("ab", { maxShare: 0.1 });
    measure(made, { a: 300, b: 900 });
    for (let request = 0; request < 20; request += 1) made.pick();
    expect(made.select().decision.candidates[0]?.reason).toBe("has its largest share");
  });
});

describe("first-packet timeout", () => {
  const withFallback: Options = { fallbackExists: true, firstPacketTimeoutMs: 15_000 };

  test.each<[string, Options, Partial<Selectable>, number | undefined]>([
    ["is as short as allowed for a fast target, where there is a fallback", withFallback, {}, 1_500],
    ["grows with the prompt", withFallback, { promptTokens: 120_000 }, 10_500],
    ["stays as configured without a fallback", { ...withFallback, fallbackExists: false }, {}, undefined],
    ["stays off when it is off", { ...withFallback, firstPacketTimeoutMs: 0 }, {}, undefined],
    ["is none of a plain request's", withFallback, { stream: false }, undefined],
    ["is not longer than configured", { ...withFallback, firstPacketTimeoutMs: 1_000 }, {}, undefined],
  ])("%s", (_, options, request, expectedMs) => {
    const made = world("ab", options);
    measure(made, { a: 300, b: 320 });
    const { firstPacketTimeoutMs } = made.select(request).target;
    if (expectedMs === undefined || expectedMs === 1_500) expect(firstPacketTimeoutMs).toBe(expectedMs);
    else {
      expect(firstPacketTimeoutMs).toBeGreaterThan(expectedMs * 0.7);
      expect(firstPacketTimeoutMs).toBeLessThan(expectedMs * 1.3);
    }
  });

  test.each<[string, (made: World) => void]>([
    ["no other target is open", (made) => eject(made, "b")],
    [
      "the others are slow",
      (made) => {
        for (let slow = 0; slow < 30; slow += 1) answer(made, "b", 9_000);
      },
    ],
  ])("stays as configured while %s", (_, worsen) => {
    const made = world("ab", withFallback);
    measure(made, { a: 300, b: 320 });
    worsen(made);
    const { target } = made.select();
    expect([target.service.config.name, target.firstPacketTimeoutMs]).toEqual(["a", undefined]);
  });
});

describe("a request that only asks", () => {
  const event = fc.record({
    what: fc.constantFrom("answer", "fail", "limit", "send", "pick"),
    name: fc.constantFrom("a", "b", "c"),
    passMs: fc.integer({ min: 0, max: 20_000 }),
  });

  function play(made: World, { what, name, passMs }: { what: string; name: string; passMs: number }): void {
    const { clock, state } = made;
    clock.nowMs += passMs;
    if (what === "answer") answer(made, name, 300);
    else if (what === "pick") made.pick();
    else {
      const seen = state(name).observe(clock.nowMs, stream);
      if (what === "fail") seen.failed(clock.nowMs, "first-packet-timeout");
      else if (what === "limit") seen.rateLimited(clock.nowMs, undefined);
    }
  }

  test("changes nothing that is remembered, and no later choice", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const [asked, other] = [world("abc", { maxShare: 0.6 }), world("abc", { maxShare: 0.6 })];
        for (const one of events) {
          play(asked, one);
          play(other, one);
          const before = [...asked.surroundings.shared.rows.values];
          const first = asked.select({ dryRun: true });
          const second = asked.select({ dryRun: true });
          expect(second.decision).toEqual(first.decision);
          expect([...asked.surroundings.shared.rows.values]).toEqual(before);
        }
        expect(asked.select().decision).toEqual(other.select().decision);
      }),
      { numRuns: 40 },
    );
  });

  test("is told of a trial that is due and leaves it", () => {
    const made = world("ab");
    measure(made, { a: 300, b: 800 });
    eject(made, "b");
    made.clock.nowMs += 2_000;
    expect(made.select({ dryRun: true }).standing).toBe("trial");
    expect(made.state("b").breaker(made.clock.nowMs)).toBe("due");
  });
});
