import { expect, test } from "vitest";
import { sameData } from "./same-data.ts";

interface Pair {
  readonly name: string;
  readonly one: unknown;
  readonly other: unknown;
}

test.each<Pair>([
  { name: "numbers", one: 1, other: 1 },
  { name: "text", one: "a", other: "a" },
  { name: "null", one: null, other: null },
  { name: "nested", one: { a: [1, { b: null }] }, other: { a: [1, { b: null }] } },
  { name: "another order of keys", one: { a: 1, b: 2 }, other: { b: 2, a: 1 } },
  { name: "a key named like a method", one: { toString: 1 }, other: { toString: 1 } },
])("the same: $name", ({ one, other }) => {
  expect(sameData(one, other)).toBe(true);
});

test.each<Pair>([
  { name: "numbers", one: 1, other: 2 },
  { name: "number and text", one: 1, other: "1" },
  { name: "null and nothing", one: null, other: undefined },
  { name: "null and object", one: null, other: {} },
  { name: "array and object", one: [], other: {} },
  { name: "array and object with its indices", one: ["a"], other: { 0: "a" } },
  { name: "a longer array", one: [1], other: [1, 2] },
  { name: "another order of items", one: [1, 2], other: [2, 1] },
  { name: "a key more", one: { a: 1 }, other: { a: 1, b: 1 } },
  { name: "another key", one: { a: undefined }, other: { b: undefined } },
  { name: "a key that every object inherits", one: { a: 1 }, other: { toString: 1 } },
  { name: "something deep", one: { a: [{ b: 1 }] }, other: { a: [{ b: 2 }] } },
])("not the same: $name", ({ one, other }) => {
  expect(sameData(one, other)).toBe(false);
  expect(sameData(other, one)).toBe(false);
});
