import { describe, expect, test } from "vitest";
import type { OwnModelData } from "../core/known-model.ts";
import type { ModelTraits } from "../core/model-traits.ts";
import type { ProviderId } from "../resources/provider-id.ts";
import { providerIds } from "../resources/provider-id.ts";
import { ModelCatalogue, shippedCatalogue } from "./model-catalogue.ts";
import { shippedModels } from "./shipped-models.ts";

const usualEfforts = ["low", "medium", "high"];

const rows: readonly (readonly [
  what: string,
  provider: ProviderId,
  model: string,
  expected: Partial<ModelTraits>,
])[] = [
  [
    "a model of the data",
    "openai",
    "gpt-4o",
    { thinking: "none", maxOutputTokens: 16_384, contextWindow: 128_000 },
  ],
  [
    "a reasoning model: its spelling of max_tokens",
    "openai",
    "o3",
    { maxTokensField: "max_completion_tokens" },
  ],
  ["a reasoning model: its efforts", "openai", "o3", { thinking: "effort", efforts: usualEfforts }],
  [
    "GPT-5.4 takes none and xhigh",
    "openai",
    "gpt-5.4",
    { efforts: ["none", "low", "medium", "high", "xhigh"], maxTokensField: "max_completion_tokens" },
  ],
  ["GPT-5 takes minimal", "openai", "gpt-5", { efforts: ["minimal", "low", "medium", "high"] }],
  ["the date of a model is left aside", "openai", "gpt-5-2025-08-07", { contextWindow: 400_000 }],
  [
    "the first of the o-series has no system prompt",
    "openai",
    "o1-mini",
    { systemRole: "user", tools: false },
  ],
  ["the o-series at Azure", "azure-openai", "o4-mini", { maxTokensField: "max_completion_tokens" }],
  ["a deployment that is named like its model", "azure-openai", "gpt-5-of-team-a", { thinking: "effort" }],
  ["a maker's name in front", "github-models", "openai/o3", { maxTokensField: "max_completion_tokens" }],
  ["Claude with a budget", "anthropic", "claude-haiku-4-5", { thinking: "budget", temperatureOrTopP: true }],
  [
    "Claude with adaptive thinking",
    "anthropic",
    "claude-sonnet-4-6",
    { thinking: "adaptive", temperatureOrTopP: true },
  ],
  [
    "Claude without sampling",
    "anthropic",
    "claude-opus-4-7",
    {
      thinking: "adaptive",
      efforts: ["low", "medium", "high", "xhigh", "max"],
      refuses: ["temperature", "top_p", "top_k"],
      maxOutputTokens: 128_000,
    },
  ],
  [
    "Claude that cannot think",
    "anthropic",
    "claude-3-haiku-20240307",
    { thinking: "none", jsonSchema: false },
  ],
  [
    "Claude before schemas",
    "anthropic",
    "claude-sonnet-4-20250514",
    { thinking: "budget", jsonSchema: false },
  ],
  [
    "a Claude that nobody knew of",
    "anthropic",
    "claude-opus-9",
    { thinking: "adaptive", maxOutputTokens: 128_000 },
  ],
  [
    "Claude on Bedrock",
    "bedrock",
    "anthropic.claude-sonnet-4-6",
    { thinking: "adaptive", converseFields: "anthropic" },
  ],
  ["Claude on Bedrock in a region", "bedrock", "us.anthropic.claude-opus-4-7", { thinking: "adaptive" }],
  [
    "Claude on Bedrock in a region that the data lacks",
    "bedrock",
    "apac.anthropic.claude-sonnet-4-6",
    { contextWindow: 1_000_000 },
  ],
  [
    "Nova 2",
    "bedrock",
    "amazon.nova-2-lite-v1:0",
    { converseFields: "nova", thinking: "effort", jsonSchema: false },
  ],
  ["the first Nova", "bedrock", "us.amazon.nova-pro-v1:0", { thinking: "none", converseFields: "nova" }],
  [
    "Mistral on Bedrock",
    "bedrock",
    "mistral.mistral-large-3-675b-instruct",
    { toolIds: "nine-alphanumerics", resultsAlone: true },
  ],
  ["Llama on Bedrock", "bedrock", "us.meta.llama3-3-70b-instruct-v1:0", { resultsAlone: true }],
  [
    "gpt-oss on Bedrock",
    "bedrock",
    "openai.gpt-oss-120b-1:0",
    { converseFields: "openai", thinking: "effort" },
  ],
  ["Claude on Vertex", "vertex", "claude-opus-4-6@default", { thinking: "adaptive", jsonSchema: false }],
  [
    "Gemini 2.5",
    "gemini",
    "gemini-2.5-pro",
    { thinking: "budget", thinkingBudget: { min: 128, max: 32_768 } },
  ],
  [
    "Gemini that may stop thinking",
    "gemini",
    "gemini-2.5-flash",
    { thinkingBudget: { min: 0, max: 24_576 } },
  ],
  [
    "Gemini 3",
    "gemini",
    "gemini-3-pro-preview",
    { thinking: "level", efforts: ["low", "high"], wantsThoughtSignatures: true },
  ],
  ["a Gemini that nobody knew of", "gemini", "gemini-4-pro", { thinking: "level" }],
  ["Gemini 2.0 knows no JSON Schema", "gemini", "gemini-2.0-flash", { schemas: "openapi", thinking: "none" }],
  ["Gemma has no system prompt", "gemini", "gemma-3-27b-it", { systemRole: "user", tools: false }],
  [
    "Qwen",
    "dashscope",
    "qwen-plus",
    { thinking: "budget", thinkingField: "enable_thinking", thinkingBudget: { min: 0, max: 81_920 } },
  ],
  ["open Qwen 3 thinks only in streams", "dashscope", "qwen3-32b", { requires: { enable_thinking: false } }],
  ["Qwen that sees", "dashscope", "qwen-vl-max", { multimodalPath: true }],
  ["images at once", "dashscope", "qwen-image-plus", { multimodalPath: true }],
  ["a list of one image", "dashscope", "wan2.5-i2i-preview", { imageList: true }],
  ["texts of one call", "dashscope", "text-embedding-v4", { embeddingTexts: 10 }],
  [
    "DeepSeek",
    "deepseek",
    "deepseek-v4-pro",
    { wantsReasoningBack: true, jsonSchema: false, maxTokensField: "max_tokens" },
  ],
  [
    "Kimi",
    "moonshot",
    "kimi-k2.6",
    { thinking: "switch", wantsReasoningBack: true, temperature: { min: 0, max: 1 } },
  ],
  ["GLM", "zhipu", "glm-4.6", { thinking: "switch", jsonSchema: false }],
  [
    "Mistral",
    "mistral",
    "mistral-large-2512",
    { toolIds: "nine-alphanumerics", maxTokensField: "max_tokens" },
  ],
  ["Groq", "groq", "llama-3.3-70b-versatile", { refuses: ["logprobs", "logit_bias", "top_logprobs"] }],
  ["Grok that reasons", "xai", "grok-4.3", { refuses: ["presence_penalty", "frequency_penalty", "stop"] }],
  ["Cohere", "cohere", "command-a-reasoning-08-2025", { efforts: ["none", "high"] }],
  ["Perplexity", "perplexity", "sonar-pro", { tools: false }],
  [
    "Claude behind OpenRouter is asked by effort",
    "openrouter",
    "anthropic/claude-sonnet-4.6",
    { contextWindow: 1_000_000 },
  ],
  ["a model that nobody knows", "openai-compatible", "my-model", {}],
];

describe("traits", () => {
  test.each(rows)("%s: %s %s", (_, provider, model, expected) => {
    expect(shippedCatalogue.traits(provider, model)).toMatchObject(expected);
  });

  const absent: readonly (readonly [string, ProviderId, string, keyof ModelTraits])[] = [
    ["Grok that does not reason takes penalties", "xai", "grok-4.20-0309-non-reasoning", "refuses"],
    ["Claude takes a temperature before 4.7", "anthropic", "claude-sonnet-4-5-20250929", "refuses"],
    ["a chat model of GPT-5's takes a temperature", "openai-compatible", "gpt-5-chat-latest", "efforts"],
    [
      "Claude elsewhere is not told what Anthropic's own is",
      "openai-compatible",
      "claude-opus-4-7",
      "thinking",
    ],
    ["names of an object's own members are names like any", "openai-compatible", "__proto__", "thinking"],
  ];
  test.each(absent)("%s", (_, provider, model, field) => {
    expect(shippedCatalogue.traits(provider, model)[field]).toBeUndefined();
  });

  test("are remembered of no more names than a thousand", () => {
    const catalogue = new ModelCatalogue();
    const first = catalogue.traits("openai", "gpt-4o");
    expect(catalogue.traits("openai", "gpt-4o")).toBe(first);
    for (let index = 0; index < 1_000; index += 1) catalogue.traits("openai", `name-${index}`);
    expect(catalogue.traits("openai", "gpt-4o")).not.toBe(first);
  });
});

describe("what an administrator says", () => {
  const origin = { source: "contract", date: "2026-11-01" };
  const own = (shipped: OwnModelData["shipped"]): OwnModelData => ({
    shipped,
    providers: {
      openai: [
        { name: "gpt-4o", price: { input: 1 }, traits: { tools: false }, ...origin },
        { name: "ours", contextWindow: 5, price: { output: 7 }, ...origin },
      ],
    },
  });

  test("goes over what ships, field by field, and adds what is new", () => {
    const catalogue = new ModelCatalogue(own("all"));
    expect(catalogue.models("openai").get("gpt-4o")).toMatchObject({
      label: "GPT-4o",
      contextWindow: 128_000,
      price: { input: 1 },
      ...origin,
    });
    expect(catalogue.price("openai", "gpt-4o")).toMatchObject({ input: 1, cachedInput: 1, output: 0 });
    expect(catalogue.price("openai", "ours")).toMatchObject({ input: 0, output: 7, reasoning: 7 });
    expect(catalogue.price("openai", "o3")).toMatchObject({ input: 2, cachedInput: 0.5, output: 8 });
    expect(catalogue.traits("openai", "gpt-4o")).toMatchObject({ tools: false, thinking: "none" });
    expect(catalogue.traits("openai", "ours")).toMatchObject({ contextWindow: 5 });
  });

  test("may leave what ships without its prices", () => {
    const catalogue = new ModelCatalogue(own("without-prices"));
    expect(catalogue.price("openai", "o3")).toBeUndefined();
    expect(catalogue.price("openai", "ours")).toMatchObject({ output: 7 });
    expect(catalogue.models("openai").get("o3")).toMatchObject({ contextWindow: 200_000 });
  });

  test("may stand in the place of all that ships; quirks of names stay", () => {
    const catalogue = new ModelCatalogue(own("none"));
    expect([...catalogue.models("openai").keys()]).toEqual(["gpt-4o", "ours"]);
    expect(catalogue.models("anthropic").size).toBe(0);
    expect(catalogue.traits("openai", "o3")).toMatchObject({ maxTokensField: "max_completion_tokens" });
  });
});

test.each(providerIds)("the data of %s holds together", (provider) => {
  const models = shippedModels(provider);
  expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
  for (const model of models) {
    expect(model.name).not.toBe("");
    expect(model.source).not.toBe("");
    expect(model.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const amount of Object.values(model.price ?? {})) expect(amount).toBeGreaterThanOrEqual(0);
    for (const tokens of [model.contextWindow, model.maxOutputTokens])
      if (tokens !== undefined) expect(Number.isSafeInteger(tokens) && tokens > 0).toBe(true);
    // What a translator would be told of it makes sense.
    const { thinking, efforts, thinkingBudget } = shippedCatalogue.traits(provider, model.name);
    if (thinking === "effort" || thinking === "adaptive") expect(efforts).not.toEqual([]);
    if (thinkingBudget !== undefined) expect(thinkingBudget.min).toBeLessThanOrEqual(thinkingBudget.max);
  }
});
