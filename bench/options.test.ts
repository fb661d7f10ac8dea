// Flags and what they narrow.

import { expect, test } from "vitest";

import { readOptions, UsageError } from "./options.ts";

const ALL = ["plain-1k", "plain-32k", "sse", "slow-streams"];

test.each([
  {
    words: [],
    expected: { rounds: 5, seconds: 5, measures: ALL, candidates: ["moongate", "portkey"], complete: true },
  },
  { words: ["--quick"], expected: { rounds: 1, seconds: 2, complete: false } },
  { words: ["--quick", "--rounds", "3"], expected: { rounds: 3, seconds: 2, complete: false } },
  { words: ["--rounds=7"], expected: { rounds: 7, complete: true } },
  { words: ["--without-portkey"], expected: { candidates: ["moongate"], complete: true } },
  {
    words: ["--only", "sse"],
    expected: { measures: ["sse"], candidates: ["moongate", "portkey"], complete: false },
  },
  { words: ["--only", "portkey"], expected: { measures: ALL, candidates: ["portkey"], complete: false } },
  {
    words: ["--only", "moongate, plain-1k"],
    expected: { measures: ["plain-1k"], candidates: ["moongate"], complete: false },
  },
])("$words", ({ words, expected }) => {
  expect(readOptions(words)).toMatchObject(expected);
});

test.each([
  { words: ["--rounds", "0"] },
  { words: ["--rounds", "two"] },
  { words: ["--seconds", "1.5"] },
  { words: ["--only", "nothing"] },
  { words: ["--fast"] },
  { words: ["stray"] },
])("$words is wrong usage", ({ words }) => {
  expect(() => readOptions(words)).toThrow(UsageError);
});
