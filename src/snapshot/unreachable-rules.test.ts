import fc from "fast-check";
import { expect, test } from "vitest";
import { createByModelNameSelector } from "../gateway/selectors/by-model-name.ts";
import { testRequest, testService, testSurroundings, testTarget } from "../gateway/runtime-fixture.ts";
import { unreachableRules } from "./unreachable-rules.ts";

test.each<[string, readonly string[], readonly [index: number, ...takenBy: number[]][]]>([
  ["different rules", ["gpt-*", "qwen-*", "*"], []],
  ["the same rule twice", ["a", "gpt-*", "gpt-*"], [[2, 1]]],
  [
    "the same exact rule three times",
    ["a", "a", "a"],
    [
      [1, 0],
      [2, 0],
    ],
  ],
  ["the same wildcards written otherwise", ["gpt-?*", "gpt-*?"], [[1, 0]]],
  ["a narrower one behind a wider one with the same letters", ["gpt-*", "gpt-?"], [[1, 0]]],
  ["a narrower one before a wider one with the same letters", ["gpt-?", "gpt-*"], []],
  ["a narrower one with more letters, which comes first wherever it stands", ["gpt-*", "gpt-4*"], []],
  ["an exact one behind a wide one", ["gpt-*", "gpt-"], []],
  ["one of which others take one half each", ["gpt-?*", "gpt-*", "gpt-"], [[1, 2, 0]]],
  ["the same letters in another order", ["ab*", "ba*"], []],
  ["letters that are apart and together", ["a*b", "ab*"], []],
  [
    "the same letters, one anchored",
    ["*ab*", "ab*", "*ab"],
    [
      [1, 0],
      [2, 0],
    ],
  ],
  [
    "several rules that fit everything",
    ["*", "**", "?*", "*?"],
    [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  ],
])("%s", (_, patterns, expected) => {
  expect(unreachableRules(patterns)).toEqual(expected.map(([index, ...takenBy]) => ({ index, takenBy })));
});

test("the rules found are those that no short name ever leads to", () => {
  const names = namesUpTo(["a", "b", "z"], 6);
  const surroundings = testSurroundings();
  const service = testService({}, surroundings);
  const token = fc.constantFrom("a", "b", "?", "*", "*");
  const pattern = fc.array(token, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const seen = { found: 0, reached: 0 };
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 2, maxLength: 6 }), (patterns) => {
      const rules = patterns.map((each, index) => ({
        pattern: each,
        target: testTarget(service, String(index)),
      }));
      const none = testTarget(service, "none");
      const selector = createByModelNameSelector({ rules, default: none }, surroundings.clock);
      const reached = new Set<string | undefined>();
      for (const requestedModel of names) {
        const selection = selector.select(testRequest({ requestedModel }));
        if ("target" in selection) reached.add(selection.target.model);
      }
      const found = new Set(unreachableRules(patterns).map(({ index }) => String(index)));
      for (const index of patterns.keys()) {
        seen[found.has(String(index)) ? "found" : "reached"] += 1;
        expect(found.has(String(index))).toBe(!reached.has(String(index)));
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(seen.found, seen.reached)).toBeGreaterThan(50);
});

test("a list of rules that all look alike is looked through without comparing each with each", () => {
  const patterns = Array.from({ length: 150 }, (_, index) => `${"*a?".repeat(60)}${"?".repeat(index % 60)}*`);
  expect(unreachableRules(patterns).length).toBeGreaterThan(100);
});

function namesUpTo(letters: readonly string[], length: number): string[] {
  if (length === 0) return [""];
  const shorter = namesUpTo(letters, length - 1);
  return ["", ...letters.flatMap((letter) => shorter.map((name) => letter + name))];
}
