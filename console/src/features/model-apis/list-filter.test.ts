// The list's search, filters and order, over objects as the admin API shows them.
import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import type { ModelApi } from "../../api/resources.ts";
import { facetCounts, filterRows, nextSort, readSort, rowsOf, sortRows } from "./list-filter.ts";

const api = (name: string, fields: object = {}): ModelApi => ({
  ...modelApiSchema.parse({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "qwen", model: "qwen-max" } },
    ...fields,
  }),
  revision: 1,
  managedBy: "api",
});

const apis = [
  api("chat", { domains: ["api.harbor.cn"], basePath: "/support", description: "Help desk" }),
  api("embed", {
    useCase: "embedding",
    auth: { enabled: true, grants: [{ consumer: "app-1" }] },
    fallback: { targets: [{ service: "jina" }] },
  }),
  api("old", {
    enabled: false,
    modelService: { mode: "by-weight", targets: [{ service: "vllm", weight: 1 }] },
  }),
];

const standing = { reason: "", until: null, inFlight: 0, targets: [] } as const;
const rows = rowsOf(apis, {
  standings: [
    { name: "qwen", standing: "ready", ...standing },
    { name: "jina", standing: "resting", ...standing },
    { name: "vllm", standing: "ejected", ...standing },
  ],
  services: undefined,
  traffic: undefined,
});
const names = (found: typeof rows): string[] => found.map((row) => row.api.name);

describe("search", () => {
  test.each([
    ["a name", "CHAT", ["chat"]],
    ["the description", "desk", ["chat"]],
    ["domain and base path together", "harbor.cn/support", ["chat"]],
    ["a model", "qwen-max", ["chat", "embed"]],
    ["a fallback's service", "jina", ["embed"]],
    ["every word must be found", "chat jina", []],
  ])("finds by %s", (_case, q, expected) => {
    expect(names(filterRows(rows, { q }))).toEqual(expected);
  });
});

describe("filters", () => {
  test("values of one filter widen, two filters narrow", () => {
    expect(names(filterRows(rows, { useCase: ["embedding", "text-generation"], auth: ["on"] }))).toEqual([
      "embed",
    ]);
  });

  test("a target that rests makes an API degraded; one that is off stays disabled", () => {
    expect(rows.map(({ state }) => state)).toEqual(["enabled", "degraded", "disabled"]);
    expect(names(filterRows(rows, { status: ["degraded"] }))).toEqual(["embed"]);
  });

  test("counts come most first", () => {
    expect(facetCounts(rows, "useCase")).toEqual([
      { value: "text-generation", count: 2 },
      { value: "embedding", count: 1 },
    ]);
  });
});

describe("order", () => {
  test("by state: degraded first", () => {
    expect(names([...sortRows(rows, readSort("status"))])).toEqual(["embed", "chat", "old"]);
  });

  test("pressing a head goes up, down, and back to as it came; counts begin with the most", () => {
    expect(nextSort(undefined, "name")).toBe("name");
    expect(nextSort(readSort("name"), "name")).toBe("-name");
    expect(nextSort(readSort("-name"), "name")).toBeUndefined();
    expect(nextSort(undefined, "traffic")).toBe("-traffic");
    expect(nextSort(readSort("-traffic"), "traffic")).toBe("traffic");
  });
});
