import { describe, expect, test } from "vitest";
import type { KnownModel } from "../../core/known-model.ts";
import type { Price } from "../../core/price.ts";
import { ModelCatalogue } from "../../providers/model-catalogue.ts";
import { assumedPrice } from "./assumed-characteristics.ts";
import {
  defaultModelOf,
  modelsOf,
  resolveCharacteristics,
  strengthIn,
  type ResolvedCharacteristics,
} from "./characteristics.ts";
import { testCandidate, testPolicy } from "./decision-fixture.ts";

const catalogue = new ModelCatalogue();
const nothing = { known: undefined, price: undefined };

function shipped(provider: string, name: string): ResolvedCharacteristics {
  const known = catalogue.models(provider).get(name);
  if (known === undefined) throw new Error(`the model data have no ${name}`);
  return resolveCharacteristics(name, { strengths: {} }, { known, price: undefined });
}

const unknown = (name: string): ResolvedCharacteristics =>
  resolveCharacteristics(name, { strengths: {} }, nothing);

const known: KnownModel = {
  name: "m",
  contextWindow: 32_000,
  maxOutputTokens: 4_000,
  modalities: { input: ["text", "image"], output: ["text"] },
  price: { input: 1, output: 4 },
  traits: { tools: false, jsonSchema: false },
};

const servicePrice: Price = {
  input: 2,
  cachedInput: 0,
  cacheWriteInput: 0,
  output: 8,
  reasoning: 0,
  image: 0,
  second: 0,
  character: 0,
};

describe("what a candidate is like", () => {
  test("is what its author says, before all else", () => {
    const declared = {
      quality: 70,
      strengths: { code: 90 },
      contextWindow: 8_000,
      maxOutputTokens: 1_000,
      input: ["text"],
      output: ["text", "audio"],
      tools: true,
      jsonSchema: true,
      languages: ["zh"],
      price: { input: 3, output: 5 },
    } as const;
    const { origins, ...found } = resolveCharacteristics("m", declared, { known, price: servicePrice });
    expect(found).toEqual(declared);
    expect(new Set(Object.values(origins))).toEqual(new Set(["declared"]));
  });

  test("else what is known of the model, but the service knows what it charges", () => {
    const found = resolveCharacteristics("m", { strengths: {} }, { known, price: servicePrice });
    expect(found).toMatchObject({
      contextWindow: 32_000,
      maxOutputTokens: 4_000,
      input: ["text", "image"],
      output: ["text"],
      tools: false,
      jsonSchema: false,
      languages: ["en", "zh"],
      price: { input: 2, output: 8 },
    });
    expect(found.origins).toEqual({
      quality: "assumed",
      strengths: "assumed",
      contextWindow: "known",
      maxOutputTokens: "known",
      input: "known",
      output: "known",
      tools: "known",
      jsonSchema: "known",
      languages: "assumed",
      price: "service",
    });
  });

  test("else assumed", () => {
    const found = unknown("somebody/some-model");
    expect(found).toMatchObject({
      quality: 60,
      contextWindow: 128_000,
      maxOutputTokens: 128_000,
      input: ["text"],
      output: ["text"],
      tools: true,
      jsonSchema: true,
      price: { input: 0.5, output: 1.8 },
    });
    expect(new Set(Object.values(found.origins))).toEqual(new Set(["assumed"]));
  });

  test("a quality that is declared holds in all domains that are not named", () => {
    const { strengths, origins } = resolveCharacteristics(
      "m",
      { quality: 70, strengths: { code: 80 } },
      nothing,
    );
    expect({ strengths, origin: origins.strengths }).toEqual({ strengths: { code: 80 }, origin: "declared" });
  });

  test("a strength that is declared goes over the assumed one, the others stay", () => {
    const { strengths } = resolveCharacteristics("m", { strengths: { code: 80, ours: 40 } }, nothing);
    expect(strengths).toMatchObject({ code: 80, ours: 40, chat: 75 });
  });

  test("a price of nothing is a price", () => {
    const free = resolveCharacteristics("m", { strengths: {}, price: { input: 0, output: 0 } }, nothing);
    expect(free).toMatchObject({ price: { input: 0, output: 0 }, quality: 60 });
  });
});

describe("an assumed quality", () => {
  test.each([
    ["openai", ["gpt-4.1-nano", "gpt-4.1-mini", "gpt-4.1"]],
    ["openai", ["gpt-5-nano", "gpt-5-mini", "gpt-5", "gpt-5-pro"]],
    ["openai", ["gpt-4o-mini", "gpt-4o"]],
    ["anthropic", ["claude-3-haiku-20240307", "claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5"]],
    ["gemini", ["gemini-2.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro"]],
    ["dashscope", ["qwen-flash", "qwen-plus", "qwen-max"]],
    [
      "dashscope",
      ["qwen2-5-7b-instruct", "qwen2-5-14b-instruct", "qwen2-5-32b-instruct", "qwen2-5-72b-instruct"],
    ],
    [
      "mistral",
      ["ministral-3b-latest", "ministral-8b-latest", "mistral-small-latest", "mistral-large-latest"],
    ],
    ["deepseek", ["deepseek-v4-flash", "deepseek-v4-pro"]],
  ])("of %s puts a family in order: %j", (provider, names) => {
    const qualities = names.map((name) => shipped(provider, name).quality);
    expect(qualities).toEqual(qualities.toSorted((left, right) => left - right));
    expect(new Set(qualities).size).toBe(names.length);
  });

  test.each([
    ["nothing in the name", "acme-chat", 60],
    ["small", "acme-mini", 54],
    ["large", "acme-large", 64],
    ["a large one of the small", "acme-pro-mini", 58],
    ["billions of parameters", "llama3.1:8b", 52],
    ["more of them", "llama3.1:70b", 66],
    ["several experts", "mixtral-8x7b", 64],
    ["the larger of two sizes", "qwen3-235b-a22b", 74],
    ["no parameters, though it looks so", "lab-b", 60],
    ["a part of a word is no size", "promax-minister", 60],
  ])("by %s: %s has %d", (_, name, quality) => {
    expect(unknown(name).quality).toBe(quality);
  });

  test("stays between 30 and 85", () => {
    for (const provider of ["openai", "anthropic", "gemini", "dashscope", "openrouter", "groq"]) {
      for (const name of catalogue.models(provider).keys()) {
        const { quality, strengths } = shipped(provider, name);
        const all = [quality, ...Object.values(strengths)];
        expect(all.filter((points) => points < 30 || points > 85 || !Number.isInteger(points))).toEqual([]);
      }
    }
  });

  test("lies closer together where small models do well, and further apart where they do not", () => {
    const [small, large] = [unknown("acme-mini"), unknown("acme-large")];
    const apart = (domain: string) => strengthIn(large, domain) - strengthIn(small, domain);
    expect(apart("chat")).toBeLessThan(apart("unheard-of"));
    expect(apart("unheard-of")).toBe(10);
    expect(apart("math")).toBeGreaterThan(apart("unheard-of"));
  });

  test("knows what a model was made for", () => {
    expect(strengthIn(unknown("acme-coder"), "code")).toBe(strengthIn(unknown("acme"), "code") + 6);
    expect(strengthIn(unknown("acme-coder"), "math")).toBe(strengthIn(unknown("acme"), "math"));
  });
});

test.each([
  ["acme-mini", 0.85],
  ["acme", 1.8],
  ["acme-turbo", 1.8],
  ["acme-max", 12],
])("what %s may cost is assumed, and not nothing: %d", (name, output) => {
  expect(assumedPrice(name).output).toBe(output);
});

describe("candidates with the same model", () => {
  const policy = testPolicy([
    testCandidate("one/b", { quality: 80, input: ["text", "image"], price: { input: 1, output: 2 } }),
    testCandidate("one/a", { quality: 80 }),
    testCandidate("two/b", {
      quality: 70,
      strengths: { code: 60 },
      contextWindow: 9,
      languages: ["en"],
      price: { input: 2, output: 1 },
    }),
  ]);
  const models = modelsOf(policy, () => nothing);

  test("are one, by name, with the places of their rows", () => {
    const rows = models.map(({ model, rows: all }) => [
      model,
      all.map(({ index, service }) => [index, service]),
    ]);
    expect(rows).toEqual([
      ["a", [[1, "one"]]],
      [
        "b",
        [
          [0, "one"],
          [2, "two"],
        ],
      ],
    ]);
  });

  test("are as good and as wide as the narrowest of them, and cost as much as the dearest", () => {
    expect(models[1]?.characteristics).toMatchObject({
      quality: 70,
      strengths: { code: 60 },
      contextWindow: 9,
      input: ["text"],
      languages: ["en"],
      price: { input: 2, output: 2 },
    });
  });

  test.each([
    ["the one of the best quality", undefined, "a"],
    ["the one that is named", { service: "two", model: "b" }, "b"],
  ])("have a default: %s", (_, named, model) => {
    expect(defaultModelOf(named === undefined ? {} : { default: named }, models)).toBe(model);
  });
});
