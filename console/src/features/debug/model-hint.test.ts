// Which rule a model name hits must be told as the gateway decides it.
import { describe, expect, it } from "vitest";
import { fits, modelHint, offeredModels } from "./model-hint.ts";

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

describe("in mode intelligent, a model name", () => {
  const candidate = (service: string, model: string) => ({ service, model, strengths: {} });
  const modelService = {
    mode: "intelligent" as const,
    profile: "balanced" as const,
    candidates: [candidate("a", "small"), candidate("b", "small"), candidate("b", "large")],
    rules: [],
    builtInDomains: true,
    domains: [],
    stickiness: { enabled: true, minutes: 60 },
    otherNames: "route" as const,
    exploration: 0,
    learning: { enabled: false, autoPublish: false },
  };
  const models = ["small", "large"];
  it.each([
    ["", { kind: "intelligent", profile: "balanced", models }],
    ["auto", { kind: "intelligent", profile: "balanced", models }],
    ["auto/cheap", { kind: "intelligent", profile: "cheap", models }],
    ["small", { kind: "named", services: ["a", "b"] }],
    ["gpt-9", { kind: "intelligent", profile: "balanced", models }],
  ])("%s leads on", (model, hint) => {
    expect(modelHint({ modelService }, model)).toEqual(hint);
  });
  it("that asks for a profile that there is not is refused", () => {
    expect(modelHint({ modelService }, "auto/nonsense")).toEqual({ kind: "refused" });
  });
  it("that is no candidate's is refused where that is said", () => {
    expect(modelHint({ modelService: { ...modelService, otherNames: "refuse" } }, "gpt-9")).toEqual({
      kind: "refused",
    });
  });
  it("is offered for each profile and each candidate", () => {
    expect(offeredModels({ modelService }, [])).toEqual([
      "auto",
      "auto/quality",
      "auto/balanced",
      "auto/cheap",
      "auto/fast",
      "small",
      "large",
    ]);
  });
});
