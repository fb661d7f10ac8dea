import { expect, test } from "vitest";
import { shortText } from "./short-text.ts";

test.each([
  ["a text that fits stays as it is", "abcd", 4, "abcd"],
  ["a longer one is cut", "abcde", 4, "abc…"],
  ["a pair of surrogates is not cut in two", "ab\u{1f311}c", 4, "ab\ufffd…"],
])("%s", (_name, text, max, expected) => {
  expect(shortText(text, max)).toBe(expected);
});
