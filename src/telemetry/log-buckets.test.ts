import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCount, bucketOf, percentileOf, valueOf } from "./log-buckets.ts";

test("a duration is told from its bucket within 5 %", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 3_600_000, noNaN: true }), (ms) => {
      const told = valueOf(bucketOf(ms));
      expect(Math.abs(told - ms) / ms).toBeLessThan(0.055);
    }),
  );
});

test.each([
  ["nothing", 0, 0],
  ["less than can be told", 0.005, 0],
  ["less than nothing, as after a jump of the clock", -5, 0],
  ["no number", Number.NaN, 0],
])("%s", (_name, ms, bucket) => {
  expect(bucketOf(ms)).toBe(bucket);
});

test("above an hour nothing is told apart", () => {
  expect(bucketOf(1e12)).toBe(bucketOf(3_600_000));
});

/** Counts of one duration each. */
const countsOf = (...durations: number[]) => {
  const counts = new Float64Array(bucketCount);
  for (const ms of durations) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
  return counts;
};

test.each<[string, number[], number, number]>([
  ["the only one is every percentile", [100], 0.5, 100],
  ["the median of an odd number", [1, 10, 1000], 0.5, 10],
  ["the lower median of an even number", [1, 10, 100, 1000], 0.5, 10],
  ["the 95th of a hundred", [...Array.from({ length: 94 }, () => 10), ...Array(6).fill(500)], 0.95, 500],
  ["whatever the order of the buckets", [1000, 1, 10], 0.5, 10],
])("%s", (_name, durations, share, expected) => {
  const told = percentileOf(countsOf(...durations), share) ?? Number.NaN;
  expect(Math.abs(told - expected) / expected).toBeLessThan(0.055);
});

test("without any there is none", () => {
  expect(percentileOf(countsOf(), 0.5)).toBeNull();
});

test("every bucket fits a byte", () => {
  expect(bucketOf(Infinity)).toBe(bucketCount - 1);
  expect(bucketCount).toBeLessThanOrEqual(256);
});
