// Measures of which the right value is known.
import { describe, expect, it } from "vitest";
import { curveOf, measurePairs, pairIntervals, type Pair } from "./measures.ts";
import { savedAt } from "./nine.ts";

/** The strong model is right where the weak one is not, in a quarter of the rows; else both are right. */
function rows(score: (place: number) => number, count = 400): Pair[] {
  return Array.from({ length: count }, (_, place) => ({
    score: score(place),
    weak: place % 4 === 0 ? 0 : 1,
    strong: 1,
  }));
}

describe("two models", () => {
  it.each([
    [
      "foresight wins the gap back with a quarter of the calls",
      (place: number) => Number(place % 4 === 0),
      [0.875, 0.125, 0.2],
    ],
    [
      "the worst order wins nothing until the last quarter",
      (place: number) => -Number(place % 4 === 0),
      [0.125, 0.875, 0.95],
    ],
    ["an order that has nothing to do with it wins in proportion", (place: number) => place, [0.5, 0.5, 0.8]],
  ])("%s", (_, score, [apgr = 0, cpt50 = 0, cpt80 = 0]) => {
    const measured = measurePairs(rows(score));
    expect(measured.apgr).toBeCloseTo(apgr, 2);
    expect(measured.cpt50).toBeCloseTo(cpt50, 1);
    expect(measured.cpt80).toBeCloseTo(cpt80, 1);
  });

  it("of the same score all rows are mixed: it is no better than chance, whatever their order", () => {
    const sorted = rows(() => 1, 4_000).toSorted((left, right) => left.weak - right.weak);
    expect(measurePairs(sorted).apgr).toBeCloseTo(0.5, 1);
  });

  it("the curve begins with the weak model and ends with the strong one", () => {
    const curve = curveOf(rows((place) => place));
    expect(curve[0]).toEqual({ strongShare: 0, quality: 0.75 });
    expect(curve.at(-1)).toEqual({ strongShare: 1, quality: 1 });
    expect(curve).toHaveLength(101);
  });

  it("an interval holds its value, and is narrower for more rows", () => {
    const few = pairIntervals(
      rows((place) => (place * 7_919) % 101, 200),
      200,
    ).apgr;
    const many = pairIntervals(
      rows((place) => (place * 7_919) % 101, 5_000),
      200,
    ).apgr;
    expect(few.low).toBeLessThan(few.value);
    expect(few.high).toBeGreaterThan(few.value);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
  });
});

describe("cost saved at equal quality", () => {
  const point = (quality: number, cost: number) => ({ costWeight: 0, quality, cost });

  it.each([
    ["between two points of the curve", [point(0.8, 1), point(0.6, 0.2)], 0.4],
    ["at a point of the curve", [point(0.8, 1), point(0.7, 0.5)], 0.5],
    ["nothing, where the curve is always worse", [point(0.6, 0.1), point(0.5, 0.05)], 0],
    ["where the curve goes down and up again", [point(0.75, 0.9), point(0.6, 0.5), point(0.72, 0.3)], 0.7],
  ])("%s", (_, curve, saved) => {
    expect(savedAt(curve, 0.7, 1)).toBeCloseTo(saved, 5);
  });
});
