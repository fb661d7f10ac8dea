// Costs: what each unit is paid with, and that more never costs less.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costOf, type Price } from "./price.ts";
import { noTokens, type Usage } from "./usage.ts";

const price: Price = {
  input: 2,
  cachedInput: 0.5,
  cacheWriteInput: 2.5,
  output: 8,
  reasoning: 10,
  image: 0.04,
  second: 0.0001,
  character: 15,
};

const free = Object.fromEntries(Object.keys(price).map((name) => [name, 0])) as Record<keyof Price, number>;

describe("what is paid", () => {
  test.each<[string, Partial<Usage>, number]>([
    ["nothing for nothing", {}, 0],
    ["input", { inputTokens: 1_000_000 }, 2],
    ["output", { outputTokens: 1_000_000 }, 8],
    ["cached input once", { inputTokens: 1_000_000, cachedInputTokens: 400_000 }, 1.2 + 0.2],
    ["cache writes once", { inputTokens: 1_000_000, cacheWriteTokens: 200_000 }, 1.6 + 0.5],
    ["reasoning once", { outputTokens: 1_000_000, reasoningTokens: 500_000 }, 4 + 5],
    ["parts beyond the whole as parts", { inputTokens: 10, cachedInputTokens: 1_000_000 }, 0.5],
    ["images", { images: 3 }, 0.12],
    ["seconds", { seconds: 90 }, 0.009],
    ["characters by the million", { characters: 2_000 }, 0.03],
    ["no searches: they have no price", { searches: 5 }, 0],
    ["a single token", { inputTokens: 1 }, 0.000002],
  ])("%s", (_, usage, expected) => {
    expect(costOf({ ...noTokens, ...usage }, price)).toBeCloseTo(expected, 12);
  });

  test("nothing where every price is 0", () => {
    expect(costOf({ ...noTokens, inputTokens: 5, outputTokens: 7, images: 2 }, free)).toBe(0);
  });

  test("without noise of the arithmetic", () => {
    expect(costOf({ ...noTokens, inputTokens: 3 }, { ...price, input: 0.1 })).toBe(0.0000003);
  });
});

const count = fc.integer({ min: 0, max: 2_000_000 });
/** As services report it: parts are parts of the whole. */
const usages: fc.Arbitrary<Usage> = fc
  .record({ plain: count, cached: count, written: count, said: count, thought: count, images: count })
  .map(({ plain, cached, written, said, thought, images }) => ({
    inputTokens: plain + cached + written,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: said + thought,
    reasoningTokens: thought,
    images,
    seconds: plain,
    characters: said,
    estimated: false,
  }));
const amount = fc.double({ min: 0, max: 1_000, noNaN: true });
const prices: fc.Arbitrary<Price> = fc.record({
  input: amount,
  cachedInput: amount,
  cacheWriteInput: amount,
  output: amount,
  reasoning: amount,
  image: amount,
  second: amount,
  character: amount,
});

function sum(left: Usage, right: Usage): Usage {
  const add = (name: Exclude<keyof Usage, "estimated">): number => (left[name] ?? 0) + (right[name] ?? 0);
  return {
    inputTokens: add("inputTokens"),
    cachedInputTokens: add("cachedInputTokens"),
    cacheWriteTokens: add("cacheWriteTokens"),
    outputTokens: add("outputTokens"),
    reasoningTokens: add("reasoningTokens"),
    images: add("images"),
    seconds: add("seconds"),
    characters: add("characters"),
    estimated: false,
  };
}

describe("for every usage and price", () => {
  test("two exchanges cost together what they cost apart", () => {
    fc.assert(
      fc.property(usages, usages, prices, (left, right, of) => {
        const together = costOf(sum(left, right), of);
        expect(Math.abs(together - costOf(left, of) - costOf(right, of))).toBeLessThan(
          1e-9 + together * 1e-9,
        );
      }),
    );
  });

  test("more of anything never costs less, and nothing costs less than nothing", () => {
    fc.assert(
      fc.property(usages, usages, prices, (some, more, of) => {
        expect(costOf(some, of)).toBeGreaterThanOrEqual(0);
        expect(costOf(sum(some, more), of)).toBeGreaterThanOrEqual(costOf(some, of));
      }),
    );
  });
});
