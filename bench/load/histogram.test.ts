// Percentiles within the histogram's resolution.

import { expect, test } from "vitest";

import { Histogram } from "./histogram.ts";

test.each([0, 1, 31, 32, 63, 64, 100, 1000, 12_345, 1_000_000, 3_000_000_000])(
  "%i us is found again within 4 %",
  (value) => {
    const histogram = new Histogram();
    histogram.record(value);
    const found = histogram.percentileUs(0.5);
    expect(found).toBeLessThanOrEqual(value);
    expect(found).toBeGreaterThanOrEqual(value * 0.96 - 1);
  },
);

test("percentiles split the records, and a cleared histogram has none", () => {
  const histogram = new Histogram();
  for (let value = 1; value <= 1000; value++) histogram.record(value);
  expect(histogram.percentileUs(0.5)).toBeGreaterThan(470);
  expect(histogram.percentileUs(0.5)).toBeLessThanOrEqual(500);
  expect(histogram.percentileUs(0.99)).toBeGreaterThan(950);
  histogram.clear();
  expect(histogram.percentileUs(0.99)).toBe(0);
});
