import fc from "fast-check";
import { expect, test } from "vitest";
import { areKin, changedMap, keysToCompare } from "./layered-map.ts";

const large = (entries: number): ReadonlyMap<string, number> =>
  new Map(Array.from({ length: entries }, (_, index) => [`key ${index}`, index]));

test("a change of a large map shares what it was made of, and leaves it as it was", () => {
  const before = large(5_000);
  const after = changedMap(
    before,
    [
      ["key 7", -7],
      ["new", 1],
    ],
    ["key 9"],
  );
  expect(areKin(before, after)).toBe(true);
  expect([before.get("key 7"), before.has("new"), before.get("key 9"), before.size]).toEqual([
    7,
    false,
    9,
    5_000,
  ]);
  expect([after.get("key 7"), after.get("new"), after.get("key 9"), after.has("key 9"), after.size]).toEqual([
    -7,
    1,
    undefined,
    false,
    5_000,
  ]);
  expect(keysToCompare(before, after)).toEqual(new Set(["key 7", "new", "key 9"]));
  const later = changedMap(after, [["key 9", 99]], ["new", "key 7"]);
  expect(later.size).toBe(4_999);
  expect(keysToCompare(after, later)).toEqual(new Set(["key 7", "new", "key 9"]));
});

test.each([
  ["a small map", large(10), 1],
  ["a large part of a map", large(2_000), 500],
])("a change of %s is a copy", (_name, before, changes) => {
  const put = Array.from({ length: changes }, (__, index) => [`key ${index}`, -1] as const);
  const after = changedMap(before, put, []);
  expect(areKin(before, after)).toBe(false);
  expect(keysToCompare(before, after).size).toBe(before.size);
});

test("a map without a change has nothing to compare", () => {
  const map = large(10);
  expect(keysToCompare(map, map).size).toBe(0);
});

test("whatever is put and deleted, one after the other: the same as with a plain map", () => {
  const key = fc
    .integer({ min: 0, max: 60 })
    .map((number) => (number > 40 ? `new ${number}` : `key ${number}`));
  const step = fc.record({
    put: fc.array(fc.tuple(key, fc.integer()), { maxLength: 8 }),
    gone: fc.array(key, { maxLength: 8 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.constantFrom(20, 1_200), (steps, entries) => {
      let map = large(entries);
      const plain = new Map(map);
      for (const { put, gone } of steps) {
        const before = map;
        const was = new Map(before);
        map = changedMap(map, put, gone);
        for (const name of gone) plain.delete(name);
        for (const [name, value] of put) plain.set(name, value);
        expect(map.size).toBe(plain.size);
        expect(new Map(map)).toEqual(plain);
        expect(new Set(map.keys())).toEqual(new Set(plain.keys()));
        const sum = (values: Iterable<number>): number =>
          [...values].reduce((total, value) => total + value, 0);
        expect(sum(map.values())).toBe(sum(plain.values()));
        expect(new Map(before)).toEqual(was);
        const compared = keysToCompare(before, map);
        for (const name of new Set([...before.keys(), ...map.keys()])) {
          expect(map.get(name)).toBe(plain.get(name));
          if (before.get(name) !== map.get(name)) expect(compared.has(name)).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});
