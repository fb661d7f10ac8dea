// What an exchange consumed, in lines: the sum must be what the gateway reckons.
import { expect, test } from "vitest";
import { costOf } from "../../../../src/core/price.ts";
import { costLines, totalCost } from "./cost-lines.ts";

const usage = {
  inputTokens: 1_000,
  outputTokens: 500,
  cachedInputTokens: 400,
  cacheWriteTokens: 100,
  reasoningTokens: 200,
  estimated: false,
};
const price = { input: 2, cachedInput: 0.2, output: 8, image: 0.04, second: 0.1, character: 15 };
const whole = { ...price, cacheWriteInput: 2, reasoning: 8 };

test("each part is counted once, at its own price", () => {
  expect(costLines(usage, price).map(({ name, amount, price: each }) => [name, amount, each])).toEqual([
    ["input", 500, 2],
    ["cached", 400, 0.2],
    ["write", 100, 2],
    ["output", 300, 8],
    ["reasoning", 200, 8],
  ]);
});

test.each([
  ["tokens", usage],
  ["units", { ...usage, images: 2, seconds: 3, characters: 4_000 }],
  ["more parts than the whole", { ...usage, inputTokens: 100 }],
])("the lines come to the cost of the record: %s", (_name, used) => {
  expect(totalCost(costLines(used, price))).toBeCloseTo(costOf(used, whole), 12);
});

test("without a price nothing is reckoned, and input and output still stand", () => {
  const lines = costLines(
    {
      ...usage,
      inputTokens: 0,
      outputTokens: 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
    },
    undefined,
  );
  expect(lines).toEqual([
    { name: "input", amount: 0, price: null, per: 1_000_000 },
    { name: "output", amount: 0, price: null, per: 1_000_000 },
  ]);
});
