import { describe, expect, test } from "vitest";

import { EventQueue } from "./event-queue.ts";
import { draw, normalDraw, randomBeta, randomStream } from "./random.ts";

const many = 20_000;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("random numbers", () => {
  test.each<[string, (index: number) => number, number, number]>([
    ["a draw is uniform", (index) => draw(3, index), 1 / 2, 1 / 12],
    ["neighbouring seeds have nothing in common", (index) => draw(index, 3), 1 / 2, 1 / 12],
    ["a normal draw has mean 0 and variance 1", (index) => normalDraw(3, index), 0, 1],
  ])("%s", (_, drawOf, expectedMean, expectedVariance) => {
    const values = Array.from({ length: many }, (_value, index) => drawOf(index));
    expect(Math.abs(mean(values) - expectedMean)).toBeLessThan(0.02);
    const variance = mean(values.map((value) => (value - expectedMean) ** 2));
    expect(Math.abs(variance - expectedVariance)).toBeLessThan(0.03);
  });

  test("a stream is the same for the same keys and uniform", () => {
    const [one, same, other] = [randomStream(1, 2), randomStream(1, 2), randomStream(1, 3)];
    const values = Array.from({ length: many }, one);
    expect(Array.from({ length: many }, same)).toEqual(values);
    expect(other()).not.toBe(values[0]);
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.02);
  });

  test.each([
    [3, 1],
    [0.5, 2],
  ])("beta of %d and %d has its mean", (a, b) => {
    const random = randomStream(7);
    const values = Array.from({ length: many }, () => randomBeta(random, a, b));
    expect(Math.abs(mean(values) - a / (a + b))).toBeLessThan(0.02);
  });
});

describe("the queue of events", () => {
  test("gives them by time, and those of one time as they came", () => {
    const queue = new EventQueue<string>();
    const random = randomStream(9);
    const times = Array.from({ length: 500 }, () => Math.floor(random() * 50));
    for (const [index, atMs] of times.entries()) queue.push(atMs, `${atMs}:${index}`);
    const expected = times
      .map((atMs, index) => ({ atMs, index }))
      .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index)
      .map(({ atMs, index }) => `${atMs}:${index}`);
    const found: (string | undefined)[] = [];
    while (queue.nextMs < Infinity) found.push(queue.pop());
    expect(found).toEqual(expected);
    expect(queue.pop()).toBeUndefined();
  });
});
