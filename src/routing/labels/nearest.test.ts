// Three rows in one float are as exact as three rows one by one.
import { expect, it } from "vitest";
import { packRows, similarities } from "./nearest.ts";

function vectors(count: number, length: number, seed: number): Int8Array {
  const all = new Int8Array(count * length);
  let state = seed;
  for (let row = 0; row < count; row += 1) {
    const raw = Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 - 0.5;
    });
    const size = Math.hypot(...raw);
    for (const [at, value] of raw.entries()) all[row * length + at] = Math.round((127 * value) / size);
  }
  return all;
}

it.each([
  ["a multiple of three rows", 9, 8],
  ["one row", 1, 8],
  ["two more than a multiple of three", 1_001, 133],
  ["a length that is no multiple of four", 10, 5],
])("similarities of %s are those of a plain loop, to the last digit", (_, count, length) => {
  const rowsOf = vectors(count, length, 7);
  const asked = vectors(1, length, 11);
  const rows = packRows(rowsOf, length);
  const query = new Float64Array(rows.length);
  query.set(asked);
  const found = new Int32Array(count + 3);
  similarities(rows, query, found);
  const expected = Array.from({ length: count }, (__, row) =>
    asked.reduce((sum, value, at) => sum + value * (rowsOf[row * length + at] ?? 0), 0),
  );
  expect([...found.subarray(0, count)]).toEqual(expected);
});

it("opposite rows side by side do not borrow from each other", () => {
  const rows = packRows(Int8Array.of(127, 0, 0, 0, -127, 0, 0, 0, 127, 0, 0, 0), 4);
  const found = new Int32Array(6);
  similarities(rows, Float64Array.of(-127, 0, 0, 0), found);
  expect([...found.subarray(0, 3)]).toEqual([-16_129, 16_129, -16_129]);
});

it("refuses a row that is longer than any sketch can be", () => {
  expect(() => packRows(new Int8Array(8).fill(127), 4)).toThrow(/row 0/);
});
