// Which rule a model name hits must be told as the gateway decides it.
import { describe, expect, it } from "vitest";
import { fits, modelHint } from "./model-hint.ts";

describe("a pattern", () => {
  it.each([
    ["qwen-*", "qwen-max", true],
    ["qwen-?", "qwen-max", false],
    ["*", "", true],
    ["a*b*c", "a-xb-yc", true],
    ["a*b*c", "a-xb-y", false],
    ["a.c", "abc", false],
    ["Qwen*", "qwen", false],
    ["?", "月", true],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(fits(pattern, name)).toBe(expected);
  });
});

describe("a model name", () => {
  const target = (service: string) => ({ service });
  const modelService = {
    mode: "by-model-name",
    rules: [
      { pattern: "*", target: target("any") },
      { pattern: "qwen-*", target: target("qwen") },
      { pattern: "qwen-max", target: target("max") },
    ],
  } as const;
  it.each([
    ["qwen-max", "max"],
    ["qwen-plus", "qwen"],
    ["gpt", "any"],
  ])("%s leads to %s", (model, service) => {
    expect(
      modelHint({ modelService: { ...modelService, rules: [...modelService.rules] } }, model),
    ).toMatchObject({
      kind: "rule",
      target: { service },
    });
  });
  it("that no rule fits is told", () => {
    expect(modelHint({ modelService: { mode: "by-model-name", rules: [] } }, "x")).toEqual({
      kind: "no-rule",
    });
  });
});
