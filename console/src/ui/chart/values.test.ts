// Values are written as the identity says: with unit, dash for nothing.
import { describe, expect, it } from "vitest";
import { axisOf, valueText } from "./values.ts";

describe("a value", () => {
  it.each([
    [null, "ms", "—"],
    [0, "count", "0"],
    [412, "ms", "412 ms"],
    [3_390, "ms", "3.39 s"],
    [0.99941, "share", "99.94 %"],
    [0.0041, "usd", "$ 0.0041"],
    [1_284.07, "usd", "$ 1,284.07"],
    [0.0333, "perSecond", "0.033"],
    [48_214, "tokens", "48,214"],
  ] as const)("%s in %s is written %s", (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });
});

describe("an axis", () => {
  it.each([
    ["ms", 900, ["ms", "500"]],
    ["ms", 4_000, ["s", "0.5"]],
    ["share", 1, ["percent", "50,000"]],
    ["count", 20_000, ["none", "500"]],
  ] as const)("of %s up to %d has unit and tick %j", (unit, largest, expected) => {
    const axis = axisOf(unit, largest);
    expect([axis.unit, axis.text(500)]).toEqual(expected);
  });

  it("writes large counts shortly", () => {
    expect(axisOf("count", 20_000).text(15_000)).toBe("15k");
  });
});
