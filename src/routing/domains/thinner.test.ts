// Leaving out grams of examples: the same each time, grams alone, and rows stay about as long.
import { expect, test } from "vitest";
import { structureFrom, vectorFrom } from "./softmax.ts";
import { Thinner } from "./thinner.ts";

const grams = Array.from({ length: 200 }, (_, at) => at * 3);
const others = [vectorFrom, vectorFrom + 7, structureFrom];
const row = {
  inputs: Uint16Array.from([...grams, ...others]),
  values: new Float32Array(grams.length + others.length).fill(0.5),
};

function lengthOf(values: Iterable<number>): number {
  return Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));
}

test("grams are left out, others each time, and the whole stays about as long", () => {
  const thinner = new Thinner(0.35);
  const first = thinner.thin(row);
  const second = thinner.thin(row);
  expect([...first.inputs]).not.toEqual([...second.inputs]);
  for (const thin of [first, second]) {
    const share = 1 - (thin.inputs.length - others.length) / grams.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.5);
    expect(lengthOf(thin.values) / lengthOf(row.values)).toBeCloseTo(1, 1);
  }
});

test("what is no gram stays as it is", () => {
  const { inputs, values } = new Thinner(0.9).thin(row);
  expect(Array.from(inputs.subarray(-others.length))).toEqual(others);
  expect(Array.from(values.subarray(-others.length))).toEqual([0.5, 0.5, 0.5]);
});

test("two leave out the same", () => {
  const [one, other] = [new Thinner(0.5), new Thinner(0.5)];
  for (let time = 0; time < 3; time += 1) expect(one.thin(row)).toEqual(other.thin(row));
});
