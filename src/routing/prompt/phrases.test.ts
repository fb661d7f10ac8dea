import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadWordVectors } from "./load-word-vectors.ts";
import { Phrases } from "./phrases.ts";
import { vectorLength } from "./prompt-features.ts";
import { createSimplified } from "./traditional.ts";
import { hashOfWord } from "./word-hash.ts";

const text = readFileSync(new URL("./word-vectors/chinese-words.txt", import.meta.url), "utf8");
const words = loadWordVectors();

function find(phrases: Phrases, sentence: string, from = 0): string | undefined {
  const characters = Uint16Array.from(sentence, (character) => character.charCodeAt(0));
  const gloss = phrases.find(characters, from, characters.length - from);
  return gloss < 0 ? undefined : `${gloss}:${sentence.slice(from, from + phrases.foundLength)}`;
}

const few = new Phrases("doctor = 医生\nblood pressure = 血压 高血压\nblood = 血\n", (hash, into) => {
  if (hash === hashOfWord("doctor")) into[0] = 5;
  if (hash === hashOfWord("blood")) into[1] = (into[1] ?? 0) + 3;
  if (hash === hashOfWord("pressure")) into[1] = (into[1] ?? 0) - 3;
});

test.each([
  ["高血压怎么办", 0, "1:高血压"],
  ["高血压怎么办", 1, "1:血压"],
  ["血压", 0, "1:血压"],
  ["血", 0, "2:血"],
  ["血医生", 0, "2:血"],
  ["医", 0, undefined],
  ["高血", 0, undefined],
  ["", 0, undefined],
])("in %s from %i on the longest known word is found", (sentence, from, expected) => {
  expect(find(few, sentence, from)).toBe(expected);
});

test("a phrase has the direction of its English words, as long as a word's vector; 0 where none is known", () => {
  expect(few.size).toBe(4);
  expect([...few.vectors.subarray(0, 2)]).toEqual([127, 0]);
  expect(few.vectors.subarray(vectorLength, 2 * vectorLength).every((value) => value === 0)).toBe(true);
});

test("every line that ships has English words that are known, and every Chinese word stands there once", () => {
  const lines = text.trimEnd().split("\n");
  const rows = lines.map((line) => /^([a-z ]+) = (\S+(?: \S+)*)$/.exec(line));
  expect(lines.filter((_, at) => rows[at] === null)).toEqual([]);
  const english = rows.flatMap((row) => row?.[1]?.split(" ") ?? []);
  expect(english.filter((word) => words.rowOf(hashOfWord(word)) < 0)).toEqual([]);
  const chinese = rows.flatMap((row) => row?.[2]?.split(" ") ?? []);
  expect(chinese.filter((word, at) => chinese.indexOf(word) !== at || word.length > 6)).toEqual([]);
  expect(words.phrases.size).toBe(chinese.length);
});

test("they are written in simplified characters, and simplified characters stay what they are", () => {
  const simplified = createSimplified();
  const chinese = Array.from(text.replaceAll(/[a-z =\n]/g, ""));
  expect(chinese.filter((one) => simplified[one.charCodeAt(0) - 0x4e00] !== one.charCodeAt(0))).toEqual([]);
  expect([...simplified].filter((code) => simplified[code - 0x4e00] !== code)).toEqual([]);
});
