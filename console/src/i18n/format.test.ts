// Amounts as people read them: what was paid for never reads as nothing.
import { describe, expect, it } from "vitest";
import { formatMoney } from "./format.ts";

describe("money", () => {
  it.each([
    ["nothing", 0, "$ 0.00"],
    ["a sum", 1_284.07, "$ 1,284.07"],
    ["one request", 0.0041, "$ 0.0041"],
    ["dollars", 2.28214, "$ 2.2821"],
    ["what is rounded to ten", 9.99996, "$ 10.00"],
    ["below a hundredth of a cent", 0.000052, "$ 0.000052"],
    ["a threshold between the places", 0.00005, "$ 0.000050"],
    ["the least", 0.000001, "$ 0.000001"],
    ["less than the least", 0.0000002, "< $ 0.000001"],
    ["taken back", -0.0002, "$ -0.0002"],
  ])("%s: %d", (_name, usd, text) => {
    expect(formatMoney(usd)).toBe(text);
  });

  it("an estimate says so", () => {
    expect(formatMoney(0.5, { estimated: true })).toBe("~ $ 0.5000");
  });
});
