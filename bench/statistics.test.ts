// Spreads and ratios over rounds.

import { expect, test } from "vitest";

import { ratios, spread } from "./statistics.ts";

test.each([
  { name: "an odd number of rounds", values: [3, 1, 2], expected: { median: 2, min: 1, max: 3 } },
  { name: "an even number of rounds", values: [4, 1, 2, 3], expected: { median: 2.5, min: 1, max: 4 } },
  { name: "one round", values: [7], expected: { median: 7, min: 7, max: 7 } },
  {
    name: "a failed round among good ones",
    values: [10, null, 30],
    expected: { median: 20, min: 10, max: 30 },
  },
  { name: "figures of several digits", values: [100, 9, 20], expected: { median: 20, min: 9, max: 100 } },
  { name: "no good round", values: [null, null], expected: null },
  { name: "no round", values: [], expected: null },
])("the spread of $name", ({ values, expected }) => {
  expect(spread(values)).toEqual(expected);
});

test.each([
  { name: "each round has its own base", values: [20, 60], base: [10, 20], expected: [2, 3] },
  { name: "a missing value gives no ratio", values: [null, 60], base: [10, 20], expected: [null, 3] },
  { name: "a missing base gives no ratio", values: [20, 60], base: [10, null], expected: [2, null] },
  { name: "a base with fewer rounds", values: [20, 60], base: [10], expected: [2, null] },
  { name: "a base of zero gives no ratio", values: [20], base: [0], expected: [null] },
])("ratios: $name", ({ values, base, expected }) => {
  expect(ratios(values, base)).toEqual(expected);
});
