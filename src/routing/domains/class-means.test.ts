// Domains by where examples lie among vectors: near ones are likely, and probabilities are as sharp as examples agree.
import { expect, test } from "vitest";
import { classMeans, type ClassVectors } from "./class-means.ts";

const dimensions = 8;

/** A vector of length 1 along one axis, with some of another. */
function along(axis: number, some = 0.2, other = 7): Float32Array {
  const vector = new Float32Array(dimensions);
  // What embeddings of one model share.
  vector[6] = 1;
  vector[axis] = (vector[axis] ?? 0) + 1;
  vector[other] = (vector[other] ?? 0) + some;
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function classOf(name: string, axis: number): ClassVectors {
  return { name, vectors: [0.1, 0.2, 0.3, -0.1].map((some) => along(axis, some)) };
}

const clear = classMeans([classOf("code", 0), classOf("math", 1), classOf("chat", 2)]);

test.each([
  ["code", 0],
  ["math", 1],
  ["chat", 2],
])("what lies near the examples of %s is surely of it", (name, axis) => {
  const probabilities = clear.classify(along(axis, 0.25));
  expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
  expect(clear.names[probabilities.indexOf(Math.max(...probabilities))]).toBe(name);
  expect(Math.max(...probabilities)).toBeGreaterThan(0.9);
});

test("what lies between all is of none", () => {
  const between = new Float32Array(dimensions).map((_, at) => (at < 3 || at === 6 ? 0.5 : 0));
  expect(Math.max(...clear.classify(between))).toBeLessThan(0.6);
});

test("classes whose examples are mixed up are told apart with doubt", () => {
  const axes = [0, 1, 0, 1];
  const mixed = classMeans([
    { name: "a", vectors: axes.map((axis) => along(axis)) },
    { name: "b", vectors: axes.map((axis) => along(1 - axis, 0.21)) },
  ]);
  expect(Math.max(...mixed.classify(along(0)))).toBeLessThan(0.6);
});

test("one example for each class is enough to begin with", () => {
  const few = classMeans([
    { name: "a", vectors: [along(0)] },
    { name: "b", vectors: [along(1)] },
  ]);
  const [a = 0, b = 0] = few.classify(along(0));
  expect(a).toBeGreaterThan(b);
  expect(Number.isFinite(a)).toBe(true);
});
