import { expect, test } from "vitest";
import { didYouMean, editDistance, nearestWord } from "./edit-distance.ts";

test.each([
  ["", "", 0],
  ["abc", "abc", 0],
  ["abc", "", 3],
  ["abc", "abd", 1],
  ["abc", "abcd", 1],
  ["abc", "bc", 1],
  ["abc", "acb", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it takes %i edits", (left, right, edits) => {
  expect(editDistance(left, right)).toBe(edits);
  expect(editDistance(right, left)).toBe(edits);
});

test.each([
  ["a slip", "basPath", "basePath"],
  ["another case", "basepath", "basePath"],
  ["another separator", "base_path", "basePath"],
  ["another ending", "retrys", "retries"],
  ["nothing near", "colour", undefined],
  ["an endless word", "x".repeat(100_000), undefined],
])("%s: %.20s", (_name, word, expected) => {
  expect(nearestWord(word, ["basePath", "retries", "auth"])).toBe(expected);
});

test("the nearest word ends a sentence, or nothing does", () => {
  expect(didYouMean("nmae", ["name"])).toBe('; did you mean "name"?');
  expect(didYouMean("zzzz", ["name"])).toBe("");
});
