import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldText } from "../../lib/text-folding/fold.ts";
import { viewOf } from "../../lib/text-folding/text-view.ts";
import { createWordSearch, foldedUnits } from "./word-search.ts";

const ascii = fc.string({ unit: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)) });
const wide = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const chinese = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0x4e00, max: 0x4e20 }).map((code) => String.fromCharCode(code)),
    fc.constantFrom(
      "，",
      "。",
      "\u3000",
      " ",
      "Ａ",
      "ß",
      "ﬁ",
      "é",
      "e\u0301",
      "\u200b",
      "\ufffd",
      "😀",
      "\ud83d",
    ),
  ),
});
const spaced = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\0", "A", "b", "7") });

describe("a text is folded as everywhere else", () => {
  test.each([
    ["of ASCII", ascii],
    ["with much white space", spaced],
    ["of units of any sort", wide],
    ["of Chinese between other things", chinese],
    [
      "of signs that read as several",
      fc.string({ unit: fc.constantFrom("…", "㍿", "a", " "), maxLength: 400 }),
    ],
    ["of any script", fc.string({ unit: "binary" })],
  ])("%s", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect([...foldedUnits(text)]).toEqual([...foldText(viewOf(text)).units]);
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});

test("every list of which a word is there is found, also where words lie in each other", () => {
  const search = createWordSearch([
    ["data base", "x"],
    ["base"],
    ["a data base"],
    [],
    ["database"],
    ["BASE"],
  ]);
  expect(search("what is a data  base?")).toEqual(new Set([0, 1, 2, 5]));
  expect(search("my databases")).toEqual(new Set());
});

test("without words nothing is found", () => {
  expect(createWordSearch([[], ["\u0301", " "]])("anything").size).toBe(0);
});
