import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCovered } from "./wildcard-cover.ts";
import { compilePattern } from "./wildcard.ts";

describe("a pattern", () => {
  test.each([
    ["without wildcards fits itself", "gpt-4o", "gpt-4o", true],
    ["without wildcards fits nothing longer", "gpt-4o", "gpt-4o-mini", false],
    ["without wildcards fits nothing shorter", "gpt-4o", "gpt-4", false],
    ["heeds case", "gpt-*", "GPT-4o", false],
    ["is no regular expression", "a.c", "abc", false],
    ["may hold what regular expressions know", "a.c+[x]$*", "a.c+[x]$1", true],
    ["with a star at its end", "qwen-*", "qwen-max", true],
    ["with a star that stands for nothing", "qwen-*", "qwen-", true],
    ["with a star at its start", "*-turbo", "gpt-3.5-turbo", true],
    ["with a star in the middle", "gpt-*-mini", "gpt-4o-mini", true],
    ["whose ends would overlap", "aba*aba", "aba", false],
    ["whose ends share one character", "aba*aba", "ababa", false],
    ["whose ends just meet", "aba*aba", "abaaba", true],
    ["with a middle that only stands in its end", "a*bc*c", "abc", false],
    ["with a middle", "a*bc*c", "abcc", true],
    ["with pieces in the wrong order", "*a*b*", "ba", false],
    ["of one star fits the empty text", "*", "", true],
    ["of one star fits a line break", "*", "a\nb", true],
    ["of several stars", "***", "abc", true],
    ["of a question mark wants a character", "?", "", false],
    ["of a question mark takes one", "?", "a", true],
    ["of a question mark takes no two", "?", "ab", false],
    ["of a question mark takes a character of two code units", "?", "🌙", true],
    ["of two question marks does not take one of two code units", "??", "🌙", false],
    ["takes half a pair as one character", "a?b", "a\ud83cb", true],
    ["with a question mark behind a star", "*?", "🌙", true],
    ["with a question mark behind a star, which wants a character", "a*?", "a", false],
    ["with a gap behind a star", "*-v?", "deepseek-v3", true],
    ["with a gap behind a star and a longer end", "*-v?", "deepseek-v31", false],
    ["with a gap between stars", "*4?-*", "gpt-4o-mini", true],
    ["with a gap between stars that is found late", "*a?a*", "aaxbaya", true],
    ["with a gap between stars that is not there", "*a?b*", "abab", false],
    ["with a gap of 40 characters", `*a${"?".repeat(40)}b*`, `xxa${"ab".repeat(20)}bx`, true],
    ["with a gap of 41 characters", `*a${"?".repeat(41)}b*`, `xxa${"-".repeat(40)}bx`, false],
    ["of nothing fits nothing", "", "", true],
    ["of nothing fits no text", "", "a", false],
  ])("%s: %s and %j", (_, pattern, text, fits) => {
    expect(compilePattern(pattern).matches(text)).toBe(fits);
  });

  test.each([
    ["gpt-4o", 6, true],
    ["gpt-*", 4, false],
    ["*?*", 0, false],
    ["🌙-?", 2, false],
    ["", 0, true],
  ])("%j has %i literal characters and is exact: %s", (source, literals, exact) => {
    expect(compilePattern(source)).toMatchObject({ source, literals, exact });
  });
});

/** The definition, character by character over both: row by row, whether a start of the pattern fits a start of the text. */
function fitsByDefinition(pattern: string, text: string): boolean {
  const characters = Array.from(text);
  let row = [true, ...characters.map(() => false)];
  for (const token of pattern) {
    const next = [token === "*" && row[0] === true];
    for (const [index, character] of characters.entries()) {
      const skipped = row[index + 1] === true || next[index] === true;
      const taken = row[index] === true && (token === "?" || token === character);
      next.push(token === "*" ? skipped : taken);
    }
    row = next;
  }
  return row.at(-1) === true;
}

const characters = fc.constantFrom("a", "b", "🌙", "a", "\ud83c", "\udf19");
const tokens = fc.constantFrom("a", "b", "🌙", "?", "*", "*", "?");
const patterns = fc.array(tokens, { maxLength: 9 }).map((parts) => parts.join(""));
const texts = fc.array(characters, { maxLength: 14 }).map((parts) => parts.join(""));

test("every pattern fits what the definition says", () => {
  const seen = { fits: 0, misses: 0 };
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const expected = fitsByDefinition(pattern, text);
      seen[expected ? "fits" : "misses"] += 1;
      expect(compilePattern(pattern).matches(text)).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(Math.min(seen.fits, seen.misses)).toBeGreaterThan(1_000);
});

test("a pattern fits what is made by filling its wildcards in, however long", () => {
  const filled = fc
    .array(fc.record({ token: tokens, run: fc.string({ unit: characters, maxLength: 40 }) }), {
      maxLength: 60,
    })
    .map((parts) => ({
      pattern: parts.map(({ token }) => token).join(""),
      text: parts
        .map(({ token, run }) => (token === "*" ? run : token === "?" ? "🌙" : token))
        .join("")
        .toWellFormed(),
    }));
  fc.assert(
    fc.property(filled, ({ pattern, text }) => {
      expect(compilePattern(pattern).matches(text)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

/** A matcher that goes back to try other places for its stars would not come to an end here. */
test.each([
  ["stars before an end that is not there", "*a*a*a*a*b"],
  ["stars", "*a*a*a*a*b*"],
  ["127 stars", `${"*a".repeat(126)}*b*`],
  ["one long piece", `*${"a".repeat(252)}b*`],
  ["one long piece with gaps", `*${"a?".repeat(126)}b*`],
  ["many pieces with gaps", `${"*a?".repeat(84)}*b*`],
])("10 KB of the letter that almost fits: %s", (_, source) => {
  const { matches } = compilePattern(source);
  const text = "a".repeat(10_240);
  expect(matches(text)).toBe(false);
  expect(matches(`${text}b`)).toBe(true);
});

describe("covering", () => {
  test.each([
    ["the same pattern", "gpt-*", ["gpt-*"], true],
    ["stars in another number", "a***", ["a*"], true],
    ["a star for a question mark", "a?", ["a*"], true],
    ["wildcards in another order", "a*?", ["a?*"], true],
    ["a longer least length", "a??*", ["a*?"], true],
    ["a shorter least length", "a*?", ["a??*"], false],
    ["letters count for the least length", "a*b", ["??*"], true],
    ["letters that are not there", "a*", ["ab*"], false],
    ["a longer piece", "*ab*", ["*a*"], true],
    ["pieces that may overlap", "*ab*bc*", ["*abc*"], false],
    ["an end", "a*c", ["*c"], true],
    ["an end that is not fixed", "a*c*", ["*c"], false],
    ["two together", "a*", ["a", "a?*"], true],
    ["two together with a hole", "a*", ["a", "a??*"], false],
    ["none", "a", [], false],
    ["nothing by everything", "", ["*"], true],
  ])("%s: %s by %j", (_, pattern, others, expected) => {
    expect(isCovered(pattern, others)).toBe(expected);
  });

  test("says that everything fits, and nothing else, wherever all short texts agree", () => {
    const short = fc
      .array(fc.constantFrom("a", "b", "?", "*"), { maxLength: 4 })
      .map((parts) => parts.join(""));
    // No pattern of four tokens tells texts apart that are longer than this.
    const all = wordsUpTo(["a", "b", "z"], 7);
    const seen = { covered: 0, open: 0 };
    fc.assert(
      fc.property(short, fc.array(short, { minLength: 1, maxLength: 2 }), (pattern, others) => {
        const compiled = others.map(compilePattern);
        const { matches } = compilePattern(pattern);
        const expected = all.every((text) => !matches(text) || compiled.some((other) => other.matches(text)));
        seen[expected ? "covered" : "open"] += 1;
        expect(isCovered(pattern, others)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.covered, seen.open)).toBeGreaterThan(100);
  });

  test("never says more than is true when it gives up", () => {
    const many = "*a?".repeat(60);
    expect(isCovered(`${many}*`, [`${"*?a".repeat(60)}*b*`])).toBe(false);
  });
});

function wordsUpTo(letters: readonly string[], length: number): string[] {
  if (length === 0) return [""];
  const shorter = wordsUpTo(letters, length - 1);
  return ["", ...letters.flatMap((letter) => shorter.map((word) => letter + word))];
}
