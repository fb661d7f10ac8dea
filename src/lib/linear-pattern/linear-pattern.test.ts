// What patterns find, what is refused, that they agree with JavaScript's, and that no text makes them slow.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./linear-pattern.ts";

const hash = (): string => "#";

const masked: readonly [name: string, pattern: string, text: string, masked: string][] = [
  ["a word", "secret", "a secret word", "a # word"],
  ["nothing", "secret", "a word", "a word"],
  ["as much as it can", "a+", "baaab", "b#b"],
  ["as much as it can, with a question mark", "a+?", "baaab", "b#b"],
  ["classes", String.raw`[A-Z]{2}\d{3}`, "AB123 ab123 XY99", "# ab123 XY99"],
  ["negated classes", "x[^y]z", "xyz xaz", "xyz #"],
  ["choices", "cat|dog|catfish", "catfish and dog", "# and #"],
  ["groups", "(?:ab)+c", "ababc abc c", "# # c"],
  ["a capturing group", "(ab)+c", "ababc", "#"],
  ["edges of words", String.raw`\bid\b`, "id idle kid id", "# idle kid #"],
  ["insides of words", String.raw`\Bd\B`, "adb d ad", "a#b d ad"],
  ["lines", "^a$", "a\nba\na", "#\nba\n#"],
  ["either case", "(?i)secret[a-f]", "SECRETb sEcReTF secretg", "# # secretg"],
  ["a point, but no line end", "a.c", "abc a\nc", "# a\nc"],
  ["escapes", String.raw`\u4e2d\x41\.\/`, "中A./", "#"],
  ["other scripts", "订单[0-9]{4}", "我的订单1234号", "我的#号"],
  ["a hyphen at an end", "[a-]+", "b-a-b", "b#b"],
  ["counted from", "a{2,}", "a aa aaa", "a # #"],
  ["neighbours", "ab", "ababx", "##x"],
];

const refused: readonly [name: string, pattern: string, why: RegExp][] = [
  ["back-references", String.raw`(a)\1`, /not known/],
  ["looking ahead", "(?=a)a", /groups that begin/],
  ["looking back", "(?<=a)a", /groups that begin/],
  ["names of groups", "(?<n>a)", /groups that begin/],
  ["an open group", "(a", /not closed/],
  ["a closed one", "a)", /closes nothing/],
  ["an open class", "[a", /not closed/],
  ["an empty class", "[]", /nothing/],
  ["a range the wrong way", "[z-a]", /below/],
  ["nothing to repeat", "*a", /repeated/],
  ["twice repeated", "a**", /repeated/],
  ["too often", "a{1,300}", /at most/],
  ["too large", "(a{200}){200}", /too long/],
  ["a match of nothing", "a*", /nothing stands/],
  ["a mere place", String.raw`\b`, /nothing stands/],
  ["a back-slash at the end", "a\\", /back-slash/],
  ["deep groups", "(".repeat(20) + "a" + ")".repeat(20), /deep/],
];

describe("linear patterns", () => {
  test.each(masked)("find %s", (_name, pattern, text, expected) => {
    expect(compilePattern(pattern).replaceAll(text, hash)).toBe(expected);
  });

  test.each(refused)("refuse %s", (_name, pattern, why) => {
    expect(() => compilePattern(pattern)).toThrow(why);
  });

  test("find something exactly where JavaScript does", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      "c",
      ".",
      "[ab]",
      "[^a]",
      String.raw`\w`,
      String.raw`\b`,
      "^",
      "$",
      "(?:ab|c)",
    );
    const piece = fc
      .tuple(atom, fc.constantFrom("", "", "+", "*", "?", "{2}", "{1,3}"))
      .map(([of, times]) => (/^(?:\\b|\^|\$)$/.test(of) ? of : of + times));
    const pattern = fc
      .array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
      .map((options) => options.map((pieces) => pieces.join("")).join("|"));
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "\n"), maxLength: 14 });
    let compared = 0;
    fc.assert(
      fc.property(pattern, text, (source, searched) => {
        let compiled;
        try {
          compiled = compilePattern(source);
        } catch {
          return;
        }
        compared += 1;
        const found = new RegExp(source, "m").exec(searched);
        const result = compiled.replaceAll(searched, hash);
        expect(result.indexOf("#")).toBe(found?.index ?? -1);
      }),
      { numRuns: 2_000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  test("look at each character a bounded number of times, whatever pattern and text are", () => {
    // Each of these takes JavaScript's own matcher ages.
    const text = "a".repeat(200_000);
    for (const pattern of ["(a+)+b", "(a|a)*b", "a*a*a*a*b", "a|a.*b", ".*.*x", "(a?){30}b"]) {
      const result = compilePattern(pattern).replaceAll(text, hash);
      expect(result.length).toBeLessThanOrEqual(text.length);
    }
  });

  test("keep nothing of a text that takes too many states to be told", () => {
    let seed = 1;
    const text = Array.from({ length: 100_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 2 === 0 ? "a" : "b";
    }).join("");
    expect(compilePattern("c[ab]{200}a").replaceAll(text, hash)).toBe("#");
  });
});
