import { describe, expect, test } from "vitest";
import type { SnapshotApi } from "../snapshot/snapshot.ts";
import { knowsModels, modelNames } from "./model-names.ts";

type ModelService = SnapshotApi["modelService"];

const models: Readonly<Record<string, readonly string[]>> = {
  a: ["qwen-max", "gpt-5", "qwen-plus"],
  b: ["claude", "gpt-5"],
};
const modelsOf = (service: string): readonly string[] => models[service] ?? [];

const rule = (pattern: string, service: string, model?: string) => ({
  pattern,
  target: model === undefined ? { service } : { service, model },
});
const byName = (rules: ReturnType<typeof rule>[], fallThrough?: { service: string; model?: string }) =>
  ({
    mode: "by-model-name",
    rules,
    ...(fallThrough === undefined ? {} : { default: fallThrough }),
  }) satisfies ModelService;

describe("names", () => {
  test.each<[string, ModelService, string[]]>([
    ["of a single target with a model", { mode: "single", target: { service: "a", model: "m" } }, ["m"]],
    ["of an exact rule, not of its target", byName([rule("fast", "a", "qwen-max")]), ["fast"]],
    [
      "of a rule's target, when a rule takes that too",
      byName([rule("fast", "a", "qwen-max"), rule("qwen-*", "a")]),
      ["fast", "qwen-max", "qwen-plus"],
    ],
    [
      "of services that a rule lets through",
      byName([rule("qwen-*", "a"), rule("c*", "b")]),
      ["claude", "qwen-max", "qwen-plus"],
    ],
    ["of a rule's own service only", byName([rule("*", "b")]), ["claude", "gpt-5"]],
    ["of a rule with ?", byName([rule("gpt-?", "a")]), ["gpt-5"]],
    ["of a rule that no model fits", byName([rule("o*", "a")]), []],
    ["of a rule with a model of its own", byName([rule("gpt-*", "a", "gpt-6")]), ["gpt-5", "gpt-6"]],
    ["of a default's service", byName([rule("fast", "a")], { service: "b" }), ["claude", "fast", "gpt-5"]],
    [
      "of a default with a model, and of targets, as anything is taken",
      byName([rule("fast", "a", "qwen-max")], { service: "b", model: "claude" }),
      ["claude", "fast", "qwen-max"],
    ],
    [
      "by weight, but for what gets no share",
      {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 1 },
          { service: "b", model: "claude", weight: 1 },
          { service: "b", model: "never", weight: 0 },
        ],
      },
      ["claude", "gpt-5", "qwen-max", "qwen-plus"],
    ],
    [
      "by metrics",
      {
        mode: "by-metrics",
        goal: "balanced",
        maxShare: 1,
        targets: [{ service: "b" }, { service: "a", model: "Z" }],
      },
      ["Z", "claude", "gpt-5"],
    ],
    ["of services that do not exist", byName([rule("*", "gone")]), []],
  ])("%s", (_name, modelService, expected) => {
    expect(modelNames(modelService, modelsOf)).toEqual(expected);
    expect(knowsModels(modelService)).toBe(true);
  });

  test("are the service's own matter where one service gets whatever is named", () => {
    expect(knowsModels({ mode: "single", target: { service: "a" } })).toBe(false);
  });
});
