import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../core/errors.ts";
import { testRequest, testService, testSurroundings, testTarget } from "../gateway/runtime-fixture.ts";
import { createByModelNameSelector } from "../gateway/selectors/by-model-name.ts";
import { createRuleFinder, shadowedRules } from "./model-name-rules.ts";

const surroundings = testSurroundings();
const service = testService({}, surroundings);

/** What the data plane does with the same rules. */
async function selectorsChoice(patterns: readonly string[], model: string): Promise<number> {
  const rules = patterns.map((pattern, index) => ({ pattern, target: testTarget(service, `${index}`) }));
  const selector = createByModelNameSelector({ rules, default: undefined }, surroundings.clock);
  try {
    const { target } = await selector.select(testRequest({ requestedModel: model }));
    return Number(target.model);
  } catch (error) {
    if (error instanceof GatewayError) return -1;
    throw error;
  }
}

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "?", "*"), minLength: 1, maxLength: 5 });
const model = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 6 });

test("takes the rule that the data plane takes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pattern, { maxLength: 6 }), model, async (patterns, asked) => {
      expect(createRuleFinder(patterns)(asked)).toBe(await selectorsChoice(patterns, asked));
    }),
  );
});

describe("a rule that another one hides", () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ["the same name twice", ["a", "b", "a"], [-1, -1, 0]],
    ["the same pattern twice", ["qwen-*", "qwen-*"], [-1, 0]],
    ["one with as many letters that comes later and fits less", ["gpt-*", "gpt-?"], [-1, 0]],
    ["not one that comes first", ["gpt-?", "gpt-*"], [-1, -1]],
    ["not one with more letters", ["*", "gpt-*"], [-1, -1]],
    ["not a name below a pattern", ["gpt-*", "gpt-4o"], [-1, -1]],
    ["not one that only shares models", ["a*", "*b"], [-1, -1]],
    ["two stars in a row", ["**a", "*a"], [-1, 0]],
  ])("%s", (_name, patterns, expected) => {
    expect(shadowedRules(patterns)).toEqual(expected);
  });

  test("is never taken", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 2, maxLength: 6 }), model, (patterns, asked) => {
        const taken = createRuleFinder(patterns)(asked);
        if (taken !== -1) expect(shadowedRules(patterns)[taken]).toBe(-1);
      }),
    );
  });
});
