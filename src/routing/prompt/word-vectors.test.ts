import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadWordVectors } from "./load-word-vectors.ts";
import { vectorLength } from "./prompt-features.ts";
import { hashOfWord } from "./word-hash.ts";
import { openWordVectors, type WordVectors } from "./word-vectors.ts";

const file = new URL("./word-vectors/glove-30k.bin", import.meta.url);
const vectors = loadWordVectors();

function likeness(one: string, other: string, source: WordVectors): number {
  const [left, right] = [one, other].map((word) => {
    const from = source.rowOf(hashOfWord(word)) * vectorLength;
    return source.vectors.subarray(from, from + vectorLength);
  });
  let product = 0;
  let lengths: [number, number] = [0, 0];
  for (let at = 0; at < vectorLength; at += 1) {
    const [a, b] = [left?.[at] ?? 0, right?.[at] ?? 0];
    product += a * b;
    lengths = [lengths[0] + a * a, lengths[1] + b * b];
  }
  return product / Math.sqrt(lengths[0] * lengths[1]);
}

test("words are found by their hash, more frequent ones in lower rows, unknown ones not at all", () => {
  const rows = ["the", "year", "python", "polynomial", "zzyzxq", ""].map((word) =>
    vectors.rowOf(hashOfWord(word)),
  );
  expect(rows).toEqual([0, 52, 18_838, 22_005, -1, -1]);
});

test.each([
  ["doctor", "hospital", "guitar"],
  ["equation", "algebra", "kitchen"],
  ["python", "java", "minister"],
])("%s is more like %s than like %s", (word, near, far) => {
  expect(likeness(word, near, vectors)).toBeGreaterThan(likeness(word, far, vectors) + 0.2);
});

test("the direction that all words share has length 1", () => {
  expect(vectors.common.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
});

test("they are loaded once", () => {
  expect(loadWordVectors()).toBe(vectors);
});

test("bytes that stand at an odd place are read all the same", () => {
  const bytes = readFileSync(file);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(likeness("doctor", "hospital", openWordVectors(shifted.subarray(1)))).toBe(
    likeness("doctor", "hospital", vectors),
  );
});

function changed(change: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(readFileSync(file));
  change(new DataView(bytes.buffer));
  return bytes;
}

test.each<[string, () => Uint8Array, string]>([
  ["nothing", () => new Uint8Array(0), "another file"],
  ["another file", () => changed((view) => view.setUint32(0, 1, true)), "another file"],
  ["another version", () => changed((view) => view.setUint32(4, 9, true)), "version 9 instead of 1"],
  ["a cut file", () => changed(() => undefined).subarray(0, 3_000_000), "the file is damaged"],
  ["another count", () => changed((view) => view.setUint32(8, 29_999, true)), "the file is damaged"],
  [
    "a table of another size",
    () => changed((view) => view.setUint32(12, 65_537, true)),
    "the file is damaged",
  ],
  [
    "a row beyond the last",
    () => changed((view) => view.setUint16(16 + 65_536 * 4, 30_000, true)),
    "the table is damaged",
  ],
])("%s is refused with a clear message", (_, bytes, message) => {
  expect(() => openWordVectors(bytes())).toThrow(message);
});
