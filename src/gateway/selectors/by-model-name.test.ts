import { describe, expect, test } from "vitest";
import { GatewayError } from "../../core/errors.ts";
import { testRequest, testService, testSurroundings, testTarget } from "../runtime-fixture.ts";
import { createByModelNameSelector } from "./by-model-name.ts";
import type { Selectable, Selection } from "./selector.ts";

const surroundings = testSurroundings();
const service = testService({}, surroundings);

/** Rules whose targets are called as their place in the list. */
function selectorOf(patterns: readonly string[], withDefault = false) {
  return createByModelNameSelector(
    {
      rules: patterns.map((pattern, index) => ({ pattern, target: testTarget(service, `rule ${index}`) })),
      default: withDefault ? testTarget(service, "default") : undefined,
    },
    surroundings.clock,
  );
}

async function chosen(
  patterns: readonly string[],
  request: Partial<Selectable>,
  withDefault = false,
): Promise<Selection> {
  return selectorOf(patterns, withDefault).select(testRequest(request));
}

async function refusal(
  patterns: readonly string[],
  requestedModel: string | undefined,
): Promise<GatewayError> {
  try {
    await chosen(patterns, { requestedModel });
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error("it was not refused");
}

describe("the rule that fits", () => {
  test.each<[string, readonly string[], string, string]>([
    ["is the only one", ["qwen-*"], "qwen-max", "rule 0"],
    ["is exact before special", ["gpt-4?", "gpt-4o"], "gpt-4o", "rule 1"],
    ["is exact before a pattern with as many letters", ["*a", "a"], "a", "rule 1"],
    ["is the one with most literal characters", ["*", "gpt-*", "gpt-4*", "g*"], "gpt-4o", "rule 2"],
    ["counts literal characters, not wildcards", ["gp??????", "gpt*"], "gpt-4o-m", "rule 1"],
    ["counts characters of two code units once", ["🌙🌙*", "*abc"], "🌙🌙abc", "rule 1"],
    ["is the first of two with as many", ["gpt-*", "*gpt-"], "gpt-gpt-", "rule 0"],
    ["is the first of two exact ones", ["gpt-4o", "gpt-4o"], "gpt-4o", "rule 0"],
    ["heeds case", ["GPT-4o", "*"], "gpt-4o", "rule 1"],
    ["may be empty of literals for a name that is empty", ["a", "*"], "", "rule 1"],
    ["is none, and there is a default", ["gpt-*"], "qwen-max", "default"],
  ])("%s", async (_, patterns, requestedModel, model) => {
    const { target, standing } = await chosen(patterns, { requestedModel }, true);
    expect([target.model, standing]).toEqual([model, "ready"]);
  });

  test.each<[string, string | undefined, string, string]>([
    ["names the rule", "qwen-max", 'rule "qwen-*" fits', "rule 0"],
    ["says that none fits", "gpt-4o", "no rule fits: the default target", "default"],
    ["says that no model is named", undefined, "no model is named: the default target", "default"],
  ])("%s in its decision", async (_, requestedModel, reason, model) => {
    const { decision } = await chosen(["qwen-*"], { requestedModel }, true);
    expect(decision).toEqual({
      mode: "by-model-name",
      reason,
      candidates: [{ service: "s", model, reason: "" }],
    });
  });

  test("gives the same decision object to every request of a rule", async () => {
    const selector = selectorOf(["qwen-*"]);
    const ask = async (requestedModel: string) =>
      (await selector.select(testRequest({ requestedModel }))).decision;
    expect(await ask("qwen-max")).toBe(await ask("qwen-plus"));
  });

  test("says why its target cannot be used", async () => {
    const target = testTarget(testService({ usable: false }, surroundings));
    const options = { rules: [{ pattern: "*", target }], default: undefined };
    const selection = await createByModelNameSelector(options, surroundings.clock).select(testRequest());
    expect(selection).toMatchObject({
      standing: "disabled",
      decision: {
        reason: 'rule "*" fits',
        candidates: [{ reason: "disabled or without an enabled API key" }],
      },
    });
  });
});

describe("a model that is not served", () => {
  const asked = "This Model API does not serve the model";
  test.each<[string, readonly string[], string | undefined, string]>([
    [
      "is named with what is served",
      ["qwen-*", "gpt-4o"],
      "x",
      `${asked} "x". It serves "qwen-*", "gpt-4o".`,
    ],
    [
      "is named with a few of many",
      ["a", "b", "c", "d", "e", "f", "a", "g"],
      "x",
      `${asked} "x". It serves "a", "b", "c", "d", "e" and 2 more.`,
    ],
    [
      "may not be named at all",
      ["qwen-*"],
      undefined,
      'The request names no model, and this Model API has no default one. It serves "qwen-*".',
    ],
    ["is any where there are no rules", [], "x", `${asked} "x". It serves none: it has no rules.`],
    ["is quoted", ["a"], 'x"\n\u0007', `${asked} "x\\"\\n\\u0007". It serves "a".`],
    ["is empty", ["a"], "", `${asked} "". It serves "a".`],
  ])("%s", async (_, patterns, model, message) => {
    const error = await refusal(patterns, model);
    expect(error).toMatchObject({ code: "model_not_found", status: 404, param: "model", message });
  });

  test.each([
    ["letters", "x".repeat(10_240)],
    ["characters that are escaped", "\u0000".repeat(10_240)],
    ["characters of two code units", "🌙".repeat(5_120)],
  ])("makes no long message out of 10 KB of %s and patterns as long as they may be", async (_, model) => {
    const patterns = Array.from({ length: 50 }, (__, index) => `${index}${"\n".repeat(250)}*`);
    const { message } = await refusal(patterns, model);
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(message.isWellFormed()).toBe(true);
  });
});
