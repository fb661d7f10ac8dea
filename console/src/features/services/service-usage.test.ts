// Which Model APIs use a service, for every mode.
import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import { servicesOf, usageOfServices } from "./service-usage.ts";

const to = (service: string) => ({ service });

function api(name: string, modelService: object, fallback: readonly object[] = []) {
  return modelApiSchema.parse({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    modelService,
    fallback: { targets: fallback },
  });
}

describe("services of a Model API", () => {
  test.each([
    ["single", { mode: "single", target: to("a") }, ["a"]],
    [
      "by-model-name",
      { mode: "by-model-name", rules: [{ pattern: "x*", target: to("a") }], default: to("b") },
      ["a", "b"],
    ],
    [
      "by-weight",
      {
        mode: "by-weight",
        targets: [
          { ...to("a"), weight: 1 },
          { ...to("a"), weight: 2 },
        ],
      },
      ["a"],
    ],
    ["by-metrics", { mode: "by-metrics", targets: [to("a"), to("c")] }, ["a", "c"]],
    [
      "intelligent",
      { mode: "intelligent", candidates: [{ ...to("a"), model: "m" }], default: { ...to("d"), model: "n" } },
      ["a", "d"],
    ],
  ])("of mode %s", (_mode, modelService, expected) => {
    expect(servicesOf(api("x", modelService))).toEqual(expected);
  });

  test("a fallback target counts as use", () => {
    const usage = usageOfServices([
      api("one", { mode: "single", target: to("a") }, [to("b")]),
      api("two", { mode: "single", target: to("b") }),
    ]);
    expect(Object.fromEntries(usage)).toEqual({ a: ["one"], b: ["one", "two"] });
  });
});
