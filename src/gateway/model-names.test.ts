import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SnapshotApi } from "../snapshot/snapshot.ts";
import { knowsModels, modelNames } from "./model-names.ts";
import { testRequest, testService, testSurroundings } from "./runtime-fixture.ts";
import { shippedCatalogue } from "../providers/model-catalogue.ts";
import { createSelector } from "./selectors/create-selector.ts";

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

describe("what is listed and what is served agree", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 3 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "?", "*"), minLength: 1, maxLength: 3 });
  const target = fc
    .record({ service: fc.constantFrom("s", "t"), model: fc.option(word, { nil: undefined }) })
    .map(({ service, model }) => (model === undefined ? { service } : { service, model }));
  const rules = fc.array(fc.record({ pattern, target }), { maxLength: 4 });
  const served = fc.record({
    rules,
    fallThrough: fc.option(target, { nil: undefined }),
    s: fc.uniqueArray(word),
    t: fc.uniqueArray(word),
  });

  test("for any rules and models of services", async () => {
    await fc.assert(
      fc.asyncProperty(served, async ({ rules: given, fallThrough, s, t }) => {
        const modelService = byName([...given], fallThrough);
        const listed = modelNames(modelService, (service) => (service === "s" ? s : t));
        const surroundings = testSurroundings();
        const services = new Map(["s", "t"].map((name) => [name, testService({ name }, surroundings)]));
        const config = {
          name: "a",
          modelService,
          fallback: { on: [], targets: [] },
          firstPacketTimeoutMs: 0,
        };
        const selector = createSelector(
          config,
          { services, models: shippedCatalogue, routers: undefined },
          surroundings,
        );
        const goesTo = async (requestedModel: string): Promise<string> => {
          const selection = await selector.select(testRequest({ requestedModel, dryRun: true }));
          return selection.target.service.config.name;
        };
        for (const name of listed) await goesTo(name);
        if (fallThrough !== undefined) return;
        // A default with a model of its own takes any name without naming it: the way back holds for rules alone.
        for (const [service, own] of Object.entries({ s, t })) {
          for (const name of own) {
            const taker = await goesTo(name).catch(() => "nobody");
            if (taker === service) expect(listed).toContain(name);
          }
        }
      }),
    );
  });
});
