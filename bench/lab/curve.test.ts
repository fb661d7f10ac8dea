import { describe, expect, test } from "vitest";

import { curveOf, type Piece } from "./curve.ts";

describe("values over time", () => {
  test.each<[string, number | Piece[] | undefined, Record<number, number>]>([
    ["nothing said: the usual", undefined, { 0: 7 }],
    ["a number holds always", 3, { 0: 3, 999: 3 }],
    ["a window", [{ from: 10, to: 20, value: 1 }], { 9.9: 7, 10: 1, 19.9: 1, 20: 7 }],
    ["a window without end", [{ from: 10, value: 1 }], { 9: 7, 1e6: 1 }],
    ["a ramp", [{ from: 10, to: 20, value: 1, endValue: 2 }], { 10: 1, 15: 1.5, 20: 7 }],
    [
      "a window that comes again",
      [{ from: 10, every: 8, lasts: 2, value: 1 }],
      { 9: 7, 10: 1, 12: 7, 18: 1, 19.9: 1, 20: 7, 26: 1 },
    ],
    [
      "the last piece counts",
      [
        { from: 0, value: 1 },
        { from: 5, to: 6, value: 2 },
      ],
      { 4: 1, 5: 2, 6: 1 },
    ],
  ])("%s", (_, value, expected) => {
    const curve = curveOf(value, 7);
    for (const [seconds, found] of Object.entries(expected)) expect(curve(Number(seconds))).toBe(found);
  });
});
