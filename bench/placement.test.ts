// Who runs where.

import { expect, test } from "vitest";

import { place } from "./placement.ts";

const cpusOf = (cpus: number[], hasTaskset: boolean) => {
  const { candidate, load, upstream } = place(cpus, hasTaskset);
  return [candidate, load, upstream].map((pin) => pin.at(-1));
};

test.each([
  { name: "two CPUs: load and mock share", cpus: [0, 1], hasTaskset: true, expected: ["0", "1", "1"] },
  { name: "three or more: one each", cpus: [2, 3, 6, 7], hasTaskset: true, expected: ["2", "3", "6"] },
  { name: "one CPU: no pins", cpus: [0], hasTaskset: true, expected: [undefined, undefined, undefined] },
  {
    name: "no taskset: no pins",
    cpus: [0, 1],
    hasTaskset: false,
    expected: [undefined, undefined, undefined],
  },
])("$name", ({ cpus, hasTaskset, expected }) => {
  expect(cpusOf(cpus, hasTaskset)).toEqual(expected);
});
