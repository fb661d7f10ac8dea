// Words that are found in every spelling, those that are not, and that many words and bad texts take no longer.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Readings } from "../../../lib/text-folding/readings.ts";
import { keywordsFinder } from "./keywords-check.ts";
import { localCheck } from "./local-check.ts";
import type { CheckQuestion, Find } from "../check.ts";

const question: CheckQuestion = {
  direction: "request",
  consumer: "c",
  requestId: "r",
  api: "chat",
  signal: new AbortController().signal,
};

function finds(words: readonly string[], text: string, wholeWords = true): readonly Find[] {
  const config = {
    type: "keywords",
    name: "words",
    on: ["request"],
    action: "block",
    keywords: words,
    wholeWords,
  } as const;
  const found = localCheck(config, keywordsFinder(config), new Readings()).text(text, question);
  if (!Array.isArray(found)) throw new Error("a local check answers at once");
  return found;
}

const words = ["bluebird", "red falcon", "ox", "c++", "法轮", "Straße", "naïve", "18禁"];

const found: readonly [name: string, text: string, part: string][] = [
  ["as it is", "the bluebird flies", "bluebird"],
  ["in capitals", "BlueBIRD", "BlueBIRD"],
  ["in full width", "a ｂｌｕｅｂｉｒｄ.", "ｂｌｕｅｂｉｒｄ"],
  ["with zero-width characters", "b\u200bl\u200du\u2060e\ufeffbird", "b\u200bl\u200du\u2060e\ufeffbird"],
  ["with soft hyphens", "blue\u00adbird", "blue\u00adbird"],
  ["with marks of direction", "\u202eblue\u202cbird", "blue\u202cbird"],
  ["with variation selectors", "b\ufe0fluebird", "b\ufe0fluebird"],
  ["with tags", "blue\u{e0041}bird", "blue\u{e0041}bird"],
  ["with accents", "blüébïrd", "blüébïrd"],
  ["with stacked marks", "b\u0336l\u0336u\u0336e\u0336bird", "b\u0336l\u0336u\u0336e\u0336bird"],
  ["in Cyrillic and Greek letters", "bluеbіrd βluebird", "bluеbіrd"],
  ["in letters for mathematics", "𝐛𝐥𝐮𝐞𝐛𝐢𝐫𝐝", "𝐛𝐥𝐮𝐞𝐛𝐢𝐫𝐝"],
  ["in circled letters", "ⓑⓛⓤⓔⓑⓘⓡⓓ", "ⓑⓛⓤⓔⓑⓘⓡⓓ"],
  ["spread out by spaces", "a b l u e b i r d.", "b l u e b i r d"],
  ["spread out by signs", "b-l.u_e*b i/r|d", "b-l.u_e*b i/r|d"],
  ["cut by a hyphen", "a blue-bird", "blue-bird"],
  ["two words over a line end", "red\n   falcon", "red\n   falcon"],
  ["two words without a space", "redfalcon", "redfalcon"],
  ["a short word as it is", "an ox!", "ox"],
  ["a word with signs", "I like C++.", "C++"],
  ["Chinese inside of other words", "这是法轮功", "法轮"],
  ["Chinese spread out", "法 轮", "法 轮"],
  ["a letter that has two in small", "STRASSE", "STRASSE"],
  ["a word beside digits", "bluebird2", "bluebird"],
  ["a word behind something unseen", "xx\u200bbluebird", "bluebird"],
  ["letters and digits", "这是18禁的", "18禁"],
];

const left: readonly [name: string, text: string][] = [
  ["part of a longer word", "bluebirds"],
  ["a short word over a space", "go xylophone"],
  ["a short word inside another", "boxes"],
  ["a word over the end of a sentence", "It is blue. Bird watchers came."],
  ["a word with signs that lacks them", "vitamin c"],
  ["a number inside a longer one", "这是118禁的"],
  ["far apart", "blue                    .............. bird"],
  ["nothing", ""],
];

describe("the check for words finds", () => {
  test.each(found)("a word %s", (_name, text, part) => {
    const [first] = finds(words, text);
    expect(first && text.slice(first.start, first.end)).toBe(part);
  });

  test.each(left)("nothing in %s", (_name, text) => {
    expect(finds(words, text)).toEqual([]);
  });

  test("parts of words, if asked to", () => {
    expect(finds(["blue"], "bluebirds", false)).toEqual([
      { dimension: "content-compliance", risk: "high", label: "keyword", start: 0, end: 4 },
    ]);
  });

  test("a word wherever it stands, and where it stands", () => {
    const filler = fc.string({
      unit: fc.constantFrom("z", " ", "ä", "中", "\u200b", "😀", ".", "ﬁ"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const text = `${before} bluebird ${after}`;
        const at = before.length + 1;
        expect(finds(["bluebird"], text)).toEqual([
          expect.objectContaining({ start: at, end: at + "bluebird".length }),
        ]);
      }),
    );
  });

  test("a word that stands in a piece, whatever came before the piece", () => {
    const text = `${"und so weiter ".repeat(40)}b.l.u.e.b.i.r.d ende`;
    const whole = finds(["bluebird"], text)[0];
    for (let from = 0; from <= text.indexOf("b.l"); from += 7) {
      const [find] = finds(["bluebird"], text.slice(from));
      expect(find && find.start + from).toBe(whole?.start);
    }
  });

  test("many finds with a bound", () => {
    const many = finds(["ox"], "ox ".repeat(5_000));
    expect(many.length).toBe(1_000);
    expect(many.at(-1)?.end).toBe(14_999);
  });
});
