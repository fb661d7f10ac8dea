// The rows of the list of services, and what its filters leave of them.
import { describe, expect, test } from "vitest";
import { knownProviders } from "../../../../src/providers/known-providers.ts";
import { serviceSchema } from "../../../../src/resources/service.ts";
import type { Service } from "../../api/resources.ts";
import type { ServiceListSearch } from "./service-list-search.ts";
import { readServiceListSearch } from "./service-list-search.ts";
import { baseUrlOf, facetCounts, matchingRows, serviceRows } from "./service-rows.ts";

const providers = knownProviders();

const service = (fields: object): Service => ({
  ...serviceSchema.parse(fields),
  revision: 1,
  managedBy: "api",
});

const rows = serviceRows(
  [
    service({ name: "main", provider: "openai", models: [{ name: "gpt-5-mini" }] }),
    service({ name: "qwen", provider: "dashscope", resourceGroup: "retail" }),
    service({ name: "off", provider: "openai", enabled: false }),
    service({
      name: "own",
      provider: "openai",
      protocols: [{ protocol: "vllm", baseUrl: "http://gpu:8000" }],
    }),
  ],
  { providers, apis: [], status: undefined },
);

const names = (search: ServiceListSearch) => matchingRows(rows, search).map((row) => row.service.name);

describe("the filters", () => {
  test.each([
    ["nothing", {}, ["main", "qwen", "off", "own"]],
    ["an emptied filter", { q: "", provider: [] }, ["main", "qwen", "off", "own"]],
    ["a model", { q: "gpt-5" }, ["main"]],
    ["an address", { q: "GPU:8000" }, ["own"]],
    ["two words", { q: "openai main" }, ["main"]],
    ["a provider", { provider: ["dashscope"] }, ["qwen"]],
    ["an own list of protocols, not the catalogue's", { protocol: ["vllm"] }, ["own"]],
    ["a state that is known before the gateway tells", { status: ["disabled"] }, ["off"]],
    ["two facets", { provider: ["openai"], protocol: ["openai"] }, ["main", "off"]],
    ["a group", { group: ["retail"] }, ["qwen"]],
  ] as const)("%s", (_name, search, expected) => {
    expect(names({ ...readServiceListSearch(search) })).toEqual(expected);
  });

  test("counts are of what the other filters leave", () => {
    const counts = facetCounts(rows, { protocol: ["vllm"], provider: ["dashscope"] }, "provider");
    expect(Object.fromEntries(counts)).toEqual({ openai: 1, dashscope: 0 });
  });
});

test.each([
  [{ baseUrl: "https://own" }, "openai", "https://own"],
  [{}, "openai", "https://api.openai.com"],
  [{ region: "eu-west-1" }, "bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com"],
  [{}, "simulator", ""],
] as const)("the address of %j at %s", (fields, id, expected) => {
  expect(
    baseUrlOf(
      fields,
      providers.find((row) => row.id === id),
    ),
  ).toBe(expected);
});
