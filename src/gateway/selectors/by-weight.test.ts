import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { SnapshotService } from "../../snapshot/snapshot.ts";
import { testRequest, testService, testSurroundings, testTarget } from "../runtime-fixture.ts";
import { createByWeightSelector } from "./by-weight.ts";
import type { Selectable, Selection, Selector, Target } from "./selector.ts";

let surroundings = testSurroundings();
let { clock } = surroundings;
beforeEach(() => {
  surroundings = testSurroundings();
  ({ clock } = surroundings);
});

/** A number as `random` that begins a list of so many turns at this one. */
const startAt = (turn: number, turns: number) => () => (turn + 0.5) / turns;

function open(name: string, fields: Partial<SnapshotService> = {}): Target {
  return testTarget(testService({ name, ...fields }, surroundings));
}

const disabled = (name: string) => open(name, { usable: false });
const foreign = (name: string) =>
  open(name, { endpoints: [{ protocol: "anthropic", baseUrl: "https://s.test" }] });

function ejected(name: string): Target {
  const target = open(name);
  eject(target);
  return target;
}

function eject({ state }: Target): void {
  for (let failure = 0; failure < 5; failure += 1) {
    const send = state.observe(clock.nowMs, { promptTokens: 1, stream: false, trial: false });
    send.failed(clock.nowMs, "upstream-5xx");
  }
}

function resting(name: string): Target {
  const service = testService({ name, keys: [{ name: "k", value: "v", weight: 1 }] }, surroundings);
  const key = service.keys.pick([]);
  if (key === undefined) throw new Error("no key");
  service.keys.rateLimited(key, 60_000);
  return testTarget(service);
}

type Row = readonly [target: Target, weight: number];

function selectorOf(rows: readonly Row[], random: () => number = () => 0): Selector {
  return createByWeightSelector(
    rows.map(([target, weight]) => ({ target, weight })),
    { clock, random },
  );
}

async function pick(selector: Selector, fields: Partial<Selectable> = {}): Promise<Selection> {
  return selector.select(testRequest(fields));
}

/** How often each service was picked. */
async function counts(selector: Selector, picks: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let index = 0; index < picks; index += 1) {
    const { name } = (await pick(selector)).target.service.config;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

async function order(selector: Selector, picks: number): Promise<string> {
  let text = "";
  for (let index = 0; index < picks; index += 1) text += (await pick(selector)).target.service.config.name;
  return text;
}

describe("shares", () => {
  test.each<[string, readonly number[], number, Record<string, number>]>([
    ["one target", [3], 5, { a: 5 }],
    ["equal ones", [50, 50], 100, { a: 50, b: 50 }],
    ["70, 20 and 10", [70, 20, 10], 10, { a: 7, b: 2, c: 1 }],
    ["weights that do not sum to 100", [1, 2], 300, { a: 100, b: 200 }],
    ["weights without a common divisor", [97, 3, 1], 101, { a: 97, b: 3, c: 1 }],
    ["weight 0 is never picked", [0, 1, 0], 50, { b: 50 }],
    ["extremes", [100, 1], 101, { a: 100, b: 1 }],
  ])("are exact over each whole round: %s", async (_, weights, round, expected) => {
    const rows = weights.map((weight, index): Row => [open("abc"[index] ?? ""), weight]);
    for (const start of [0, 0.3, 0.999]) {
      const selector = selectorOf(rows, () => start);
      expect(await counts(selector, round)).toEqual(expected);
      expect(await counts(selector, round)).toEqual(expected);
    }
  });

  test("come in turns that are spread out", async () => {
    const rows: Row[] = [
      [open("a"), 60],
      [open("b"), 30],
      [open("c"), 10],
    ];
    expect(await order(selectorOf(rows), 20)).toBe("abaabcaabaabaabcaaba");
  });

  test("are kept in any stretch of requests to within two", async () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        weights.filter((all) => all.some((weight) => weight > 0)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        async (all, start, picks) => {
          const selector = selectorOf(
            all.map((weight, index) => [open(`s${index}`), weight]),
            () => start,
          );
          const found = await counts(selector, picks);
          const total = all.reduce((sum, weight) => sum + weight, 0);
          for (const [index, weight] of all.entries()) {
            expect(Math.abs((found[`s${index}`] ?? 0) - (picks * weight) / total)).toBeLessThan(2);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test("begin anywhere in the round, as often at each turn", async () => {
    const rows: Row[] = [
      [open("a"), 7],
      [open("b"), 2],
      [open("c"), 1],
    ];
    const firsts = await Promise.all(
      Array.from({ length: 10 }, (_, turn) => order(selectorOf(rows, startAt(turn, 10)), 1)),
    );
    expect(firsts.toSorted().join("")).toBe("aaaaaaabbc");
  });
});

describe("shares of targets that are closed", () => {
  test.each<[string, (name: string) => Target]>([
    ["disabled", disabled],
    ["ejected", ejected],
    ["resting", resting],
    ["of another protocol", foreign],
  ])("fall to the others in proportion: %s", async (_, closed) => {
    const rows: Row[] = [
      [open("a"), 20],
      [closed("x"), 70],
      [open("b"), 10],
    ];
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await counts(selectorOf(rows, startAt(turn, 10)), 300)).toEqual({ a: 200, b: 100 });
    }
  });

  test("come back with them", async () => {
    const back = ejected("x");
    const selector = selectorOf([
      [open("a"), 1],
      [back, 1],
    ]);
    expect(await counts(selector, 10)).toEqual({ a: 10 });
    clock.nowMs += 3_000;
    const trial = await pick(selector).then(async (first) =>
      first.target === back ? first : pick(selector),
    );
    expect(trial).toMatchObject({ target: back, standing: "trial" });
    expect(await counts(selector, 10)).toEqual({ a: 10 });
    back.state
      .observe(clock.nowMs, { promptTokens: 1, stream: false, trial: true })
      .succeeded(clock.nowMs, null);
    expect(await counts(selector, 10)).toEqual({ a: 5, x: 5 });
  });

  test.each<[string, () => readonly Row[], string, string]>([
    [
      "one that is ejected before others",
      () => [
        [disabled("a"), 90],
        [resting("b"), 5],
        [ejected("c"), 5],
      ],
      "c",
      "ejected",
    ],
    [
      "one that rests before one that is off",
      () => [
        [disabled("a"), 90],
        [foreign("b"), 5],
        [resting("c"), 5],
      ],
      "c",
      "resting",
    ],
    [
      "the one whose turn it is of equals",
      () => [
        [disabled("a"), 1],
        [disabled("b"), 90],
      ],
      "b",
      "disabled",
    ],
    [
      "none of weight 0",
      () => [
        [open("a"), 0],
        [disabled("b"), 1],
      ],
      "b",
      "disabled",
    ],
  ])("are picked from when all are closed: %s", async (_, rows, name, standing) => {
    const { target, standing: found, decision } = await pick(selectorOf(rows()));
    expect([target.service.config.name, found]).toEqual([name, standing]);
    expect(decision.reason).toBe("no target is open: the one whose turn it is");
  });

  test("are kept among those that are all ejected", async () => {
    const rows: Row[] = [
      [ejected("a"), 70],
      [ejected("b"), 20],
      [disabled("c"), 10],
    ];
    expect(await counts(selectorOf(rows), 90)).toEqual({ a: 70, b: 20 });
  });

  test("weights that are all zero choose nothing", () => {
    const selector = selectorOf([[open("a"), 0]]);
    expect(() => selector.select(testRequest())).toThrow(
      expect.objectContaining({ code: "no_healthy_service", status: 503 }),
    );
    expect(() => selector.select(testRequest())).toThrow("weight 0");
  });
});

/** Standard deviations of independent picks are the yardstick; turns stay far within. */
function withinThreeSigma(found: Record<string, number>, weights: Record<string, number>): void {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const picks = Object.values(found).reduce((sum, count) => sum + count, 0);
  for (const [name, weight] of Object.entries(weights)) {
    const share = weight / total;
    const sigma = Math.sqrt(picks * share * (1 - share));
    expect(Math.abs((found[name] ?? 0) - picks * share)).toBeLessThanOrEqual(3 * sigma);
  }
}

function added(...all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one))) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

describe("10,000 picks at 70, 20 and 10", () => {
  const rows = (a: Target): Row[] => [
    [a, 70],
    [open("b"), 20],
    [open("c"), 10],
  ];
  const weights = { a: 70, b: 20, c: 10 };

  test("on one worker are exact", async () => {
    expect(await counts(selectorOf(rows(open("a")), Math.random), 10_000)).toEqual({
      a: 7_000,
      b: 2_000,
      c: 1_000,
    });
  });

  test("on two workers, with uneven load", async () => {
    const one = await counts(selectorOf(rows(open("a")), Math.random), 6_123);
    const other = await counts(selectorOf(rows(open("a")), Math.random), 3_877);
    withinThreeSigma(added(one, other), weights);
  });

  test("with a restart in the middle", async () => {
    const before = await counts(selectorOf(rows(open("a")), Math.random), 5_003);
    const after = await counts(selectorOf(rows(open("a")), Math.random), 4_997);
    withinThreeSigma(added(before, after), weights);
  });

  test("with a restart after each", async () => {
    // No Math.random: 10,000 independent picks are outside of three sigma now and then.
    const found: Record<string, number>[] = [];
    for (let start = 0; start < 10_000; start += 1) {
      found.push(
        await counts(
          selectorOf(rows(open("a")), () => (start * 0.618_033_988_7) % 1),
          1,
        ),
      );
    }
    withinThreeSigma(added(...found), weights);
  });

  test("with the heaviest ejected", async () => {
    const found = await counts(selectorOf(rows(ejected("a")), Math.random), 10_000);
    withinThreeSigma(found, { b: 20, c: 10 });
    expect(found["a"]).toBeUndefined();
  });

  test("with the heaviest ejected in the middle", async () => {
    const a = open("a");
    const selector = selectorOf(rows(a), Math.random);
    withinThreeSigma(await counts(selector, 5_000), weights);
    eject(a);
    withinThreeSigma(await counts(selector, 5_000), { b: 20, c: 10 });
  });
});

describe("the decision", () => {
  test("names the share, and is one object for all requests of a target", async () => {
    const selector = selectorOf([
      [open("a"), 30],
      [open("b"), 0],
    ]);
    const { decision } = await pick(selector);
    expect(decision).toEqual({
      mode: "by-weight",
      reason: "weight 30 of 30",
      candidates: [
        { service: "a", model: "", reason: "" },
        { service: "b", model: "", reason: "weight 0" },
      ],
    });
    expect((await pick(selector)).decision).toBe(decision);
  });

  test("says who was left out and why, and the share among the rest", async () => {
    const selector = selectorOf([
      [disabled("a"), 70],
      [open("b"), 20],
      [ejected("c"), 10],
      [open("d"), 5],
    ]);
    const { decision } = await pick(selector);
    expect(decision.reason).toBe("weight 20 of 25");
    expect(decision.candidates.map(({ reason }) => reason)).toEqual([
      "disabled or without an enabled API key",
      "",
      "ejected after failures",
      "",
    ]);
  });
});

describe("a request that is only asked about", () => {
  test("uses no turn up", async () => {
    const rows: Row[] = [
      [open("a"), 1],
      [disabled("b"), 1],
      [open("c"), 1],
    ];
    const asked = selectorOf(rows);
    const untouched = selectorOf(rows);
    for (let index = 0; index < 12; index += 1) {
      const first = await pick(asked, { dryRun: true });
      expect(await pick(asked, { dryRun: true })).toEqual(first);
      const { target } = await pick(asked);
      expect(target).toBe(first.target);
      expect(target).toBe((await pick(untouched)).target);
    }
  });

  test("claims no trial", async () => {
    const target = ejected("a");
    clock.nowMs += 3_000;
    const selector = selectorOf([[target, 1]]);
    expect(await pick(selector, { dryRun: true })).toMatchObject({ standing: "trial" });
    expect(await pick(selector)).toMatchObject({ standing: "trial" });
    expect(await pick(selector)).toMatchObject({ standing: "ejected" });
  });

  test("learns who is left out although its target is open", async () => {
    const selector = selectorOf([
      [open("a"), 1],
      [disabled("b"), 1],
    ]);
    const { decision } = await pick(selector, { dryRun: true });
    expect(decision.reason).toBe("weight 1 of 1");
    expect(decision.candidates[1]?.reason).toBe("disabled or without an enabled API key");
  });
});
