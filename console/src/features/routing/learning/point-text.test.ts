import { expect, test } from "vitest";
import { changeText, difference, inPoints, withBounds } from "./point-text.ts";

test.each([
  [0.012, "+1.2"],
  [-0.006, "−0.6"],
  [0, "0.0"],
  [-0.0001, "0.0"],
])("a difference of %s is told with its sign", (value, text) => {
  expect(difference(value)).toBe(text);
});

test("a quality is told as points of 100", () => {
  expect([inPoints(0.6543), inPoints(1)]).toEqual(["65.4", "100.0"]);
});

test("bounds are told as half of the way between them", () => {
  expect(withBounds({ value: -0.006, low: -0.015, high: 0.003 })).toBe("−0.6 ± 0.9");
});

test.each<[number, number, string | undefined]>([
  [2, 1.04, "−48 %"],
  [1, 1.5, "+50 %"],
  [1, 1, "0 %"],
  [0, 3, undefined],
])("from %s to %s dollars is a change of %s", (before, after, text) => {
  expect(changeText(before, after)).toBe(text);
});
