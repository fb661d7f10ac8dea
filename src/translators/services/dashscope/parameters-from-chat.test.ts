// What a chat asks for besides its messages, at DashScope, field by field.
import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { call } from "./called-fixture.ts";

const weather: ChatTool = { type: "function", function: { name: "weather", parameters: { type: "object" } } };
const time: ChatTool = { type: "function", function: { name: "time", description: "Tells the time" } };

const base = { result_format: "message" };
const forced = { type: "function", function: { name: "weather" } } as const;

interface Row {
  readonly asked: Partial<ChatRequest>;
  readonly traits?: ModelTraits;
  readonly passFields?: readonly string[];
  readonly sent: JsonObject;
  readonly warnings?: readonly string[];
}

const parameterRows: Readonly<Record<string, Row>> = {
  nothing: { asked: {}, sent: {} },
  "defect 7: no top_p, as the client set none": { asked: { temperature: 0.5 }, sent: { temperature: 0.5 } },
  "defect 6: zeros and false": {
    asked: { temperature: 0, presence_penalty: 0, seed: 0, tools: [weather], parallel_tool_calls: false },
    sent: {
      temperature: 0,
      presence_penalty: 0,
      seed: 0,
      tools: [weather],
      parallel_tool_calls: false,
    },
  },
  "a top_p of zero": { asked: { top_p: 0 }, sent: { top_p: 0.000001 }, warnings: ["top_p;clamped"] },
  "a top_p of one": { asked: { top_p: 1 }, sent: { top_p: 0.999999 }, warnings: ["top_p;clamped"] },
  "a temperature of two": {
    asked: { temperature: 2 },
    sent: { temperature: 1.999999 },
    warnings: ["temperature;clamped"],
  },
  "defect 7: stop, n, seed and top_k": {
    asked: { stop: ["END"], n: 2, seed: 7, top_k: 40 },
    sent: { stop: ["END"], n: 2, seed: 7, top_k: 40 },
  },
  "the older spelling of the bound": { asked: { max_tokens: 9 }, sent: { max_tokens: 9 } },
  "the newer spelling of the bound": {
    asked: { max_completion_tokens: 9 },
    sent: { max_completion_tokens: 9 },
  },
  "a bound above the model's": {
    asked: { max_tokens: 32_000 },
    traits: { maxOutputTokens: 8_192 },
    sent: { max_tokens: 8_192 },
    warnings: ["max_tokens;clamped"],
  },
  "the spelling that the model wants": {
    asked: { max_completion_tokens: 9 },
    traits: { maxTokensField: "max_tokens" },
    sent: { max_tokens: 9 },
  },
  logprobs: { asked: { logprobs: true, top_logprobs: 2 }, sent: { logprobs: true, top_logprobs: 2 } },
  "tools without parameters": {
    asked: { tools: [time] },
    sent: {
      tools: [
        {
          type: "function",
          function: { ...time.function, parameters: { type: "object", properties: {} } },
        },
      ],
    },
  },
  "a strict tool with a place to cache": {
    asked: {
      tools: [
        {
          type: "function",
          function: { ...weather.function, strict: true },
          cache_control: { type: "ephemeral" },
        },
      ],
    },
    sent: { tools: [weather] },
    warnings: ["tools.0.function.strict;dropped", "tools.0.cache_control;dropped"],
  },
  "defect 5: a tool that must be called": {
    asked: { tools: [weather], tool_choice: forced },
    sent: { tools: [weather], tool_choice: forced },
  },
  "defect 5: any tool that must be called": {
    asked: { tools: [weather], tool_choice: "required" },
    sent: { tools: [weather], tool_choice: "required" },
  },
  "defect 5: no tool": {
    asked: { tools: [weather], tool_choice: "none" },
    sent: { tools: [weather], tool_choice: "none" },
  },
  "allowed tools": {
    asked: {
      tools: [weather, time],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [forced] } },
    },
    sent: { tools: [weather], tool_choice: "required" },
  },
  "tools for a model without": {
    asked: { tools: [weather], tool_choice: "auto" },
    traits: { tools: false },
    sent: {},
    warnings: ["tools;dropped"],
  },
  "a choice without tools": { asked: { tool_choice: "auto" }, sent: {} },
  "a JSON object": {
    asked: { response_format: { type: "json_object" } },
    sent: { response_format: { type: "json_object" } },
  },
  "a schema": {
    asked: { response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } } },
    sent: { response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } } },
  },
  "a schema for a model without": {
    asked: { response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } } },
    traits: { jsonSchema: false },
    sent: { response_format: { type: "json_object" } },
    warnings: ["response_format;rewritten"],
  },
  "thinking off": { asked: { reasoning_effort: "none" }, sent: { enable_thinking: false } },
  "an effort": {
    asked: { reasoning_effort: "low" },
    sent: { enable_thinking: true, thinking_budget: 2_048 },
    warnings: ["reasoning_effort;rewritten"],
  },
  "a budget": {
    asked: { thinking: { type: "enabled", budget_tokens: 5_000 } },
    sent: { enable_thinking: true, thinking_budget: 5_000 },
  },
  "a budget beyond the model's": {
    asked: { thinking: { type: "enabled", budget_tokens: 99_999 } },
    traits: { thinking: "budget", thinkingBudget: { min: 1, max: 38_912 } },
    sent: { enable_thinking: true, thinking_budget: 38_912 },
    warnings: ["thinking.budget_tokens;clamped"],
  },
  "an effort for a model with efforts": {
    asked: { reasoning_effort: "xhigh" },
    traits: { thinking: "effort", efforts: ["high", "max"] },
    sent: { enable_thinking: true, reasoning_effort: "high" },
    warnings: ["reasoning_effort;rewritten"],
  },
  "a budget for a model with efforts": {
    asked: { thinking: { type: "enabled", budget_tokens: 5_000 } },
    traits: { thinking: "effort" },
    sent: { enable_thinking: true, reasoning_effort: "medium" },
    warnings: ["thinking.budget_tokens;rewritten"],
  },
  "an effort for a switch": {
    asked: { reasoning_effort: "high" },
    traits: { thinking: "switch" },
    sent: { enable_thinking: true },
    warnings: ["reasoning_effort;rewritten"],
  },
  "an effort that nobody knows": {
    asked: { reasoning_effort: "constructor" },
    sent: { enable_thinking: true },
  },
  "an effort for a model that cannot": {
    asked: { reasoning_effort: "high" },
    traits: { thinking: "none" },
    sent: {},
    warnings: ["reasoning_effort;dropped"],
  },
  "thinking in DashScope's words": {
    asked: { others: { enable_thinking: true, thinking_budget: 50 } },
    sent: { enable_thinking: true, thinking_budget: 50 },
  },
  "a forced tool, which wins over thinking": {
    asked: { reasoning_effort: "high", tools: [weather], tool_choice: "required" },
    sent: { enable_thinking: false, tools: [weather], tool_choice: "required" },
    warnings: ["reasoning_effort;dropped"],
  },
  "a forced tool for a model that thinks unasked": {
    asked: { tools: [weather], tool_choice: forced },
    traits: { thinking: "budget" },
    sent: { enable_thinking: false, tools: [weather], tool_choice: forced },
  },
  "search and other parameters of its own": {
    asked: {
      others: { enable_search: true, search_options: { forced_search: true }, repetition_penalty: 1.1 },
    },
    sent: { enable_search: true, search_options: { forced_search: true }, repetition_penalty: 1.1 },
  },
  "fields that DashScope has nothing for": {
    asked: {
      frequency_penalty: 1,
      logit_bias: { "1": 2 },
      verbosity: "low",
      service_tier: "flex",
      user: "u",
      metadata: { a: "b" },
    },
    sent: {},
    warnings: ["frequency_penalty", "logit_bias", "verbosity", "service_tier", "user", "metadata"].map(
      (field) => `${field};dropped`,
    ),
  },
  "fields that say nothing": {
    asked: { frequency_penalty: 0, logit_bias: {}, service_tier: "auto", metadata: {}, stop: [] },
    sent: {},
  },
  "fields that nobody knows, one of them let through": {
    asked: { others: { one: 1, two: 2 } },
    passFields: ["two"],
    sent: { two: 2 },
    warnings: ["one;dropped"],
  },
  "a parameter that the model refuses": {
    asked: { temperature: 0.5, seed: 1 },
    traits: { refuses: ["temperature"] },
    sent: { seed: 1 },
    warnings: ["temperature;dropped"],
  },
  "one of two that exclude each other": {
    asked: { temperature: 0.5, top_p: 0.5 },
    traits: { temperatureOrTopP: true },
    sent: { temperature: 0.5 },
    warnings: ["top_p;dropped"],
  },
  "a parameter that the model requires": {
    asked: {},
    traits: { requires: { max_tokens: 100 } },
    sent: { max_tokens: 100 },
  },
};

describe("parameters", () => {
  test.each(Object.entries(parameterRows))("%s", (_, { asked, traits, passFields, sent, warnings = [] }) => {
    const { parameters, warnings: seen } = call(asked, traits, passFields);
    expect(parameters).toEqual({ ...base, ...sent });
    expect(seen).toEqual(warnings);
  });

  test("keep the digits of numbers", () => {
    const asked = parseExactJson(
      '{"temperature":0.50,"seed":12345678901234567890,"top_p":5e-1}',
    ) as ChatRequest;
    const text = JSON.stringify(call(asked).parameters);
    expect(text).toBe(
      '{"result_format":"message","temperature":0.50,"top_p":5e-1,"seed":12345678901234567890}',
    );
  });

  test("of a stream ask for pieces, and the stream is asked for by a header", () => {
    const { parameters, headers } = call({ stream: true, tools: [weather] });
    expect(parameters).toEqual({ ...base, incremental_output: true, tools: [weather] });
    expect(headers).toEqual(["x-dashscope-sse", "enable"]);
  });
});
