// Beats come at their interval, spread over the ticks, and end when the stream says so.

import { expect, test } from "vitest";

import { Pacer } from "./pacer.ts";

function ticksOfBeats(everyTicks: number, streams: number, ticks: number, beatsEach = Infinity): number[][] {
  const pacer = new Pacer(10);
  let now = 0;
  const seen = Array.from({ length: streams }, (): number[] => []);
  for (const beats of seen) {
    pacer.add({ beat: () => beats.push(now) < beatsEach }, everyTicks);
  }
  for (now = 1; now <= ticks; now++) pacer.tick();
  return seen;
}

test.each([
  { name: "every tick", everyTicks: 1, expected: [1, 2, 3, 4, 5, 6] },
  { name: "every other tick", everyTicks: 2, expected: [1, 3, 5] },
  { name: "the longest interval", everyTicks: 10, expected: [1, 11, 21] },
])("$name", ({ everyTicks, expected }) => {
  expect(ticksOfBeats(everyTicks, 1, expected.at(-1) ?? 0)).toEqual([expected]);
});

test("streams of one interval are spread over its ticks", () => {
  expect(ticksOfBeats(3, 3, 6)).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test("a stream that says false beats no more", () => {
  expect(ticksOfBeats(1, 1, 6, 2)).toEqual([[1, 2]]);
});

test("an interval longer than the ring is refused", () => {
  const pacer = new Pacer(2);
  pacer.add({ beat: () => true }, 3);
  expect(() => pacer.tick()).toThrow(RangeError);
});
