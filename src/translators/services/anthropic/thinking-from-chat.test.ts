import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";
import { make, user, tool, call } from "./request-fixture.ts";

describe("thinking", () => {
  const rows: {
    readonly name: string;
    readonly fields: Partial<ChatRequest>;
    readonly traits?: ModelTraits;
    readonly thinking?: unknown;
    readonly effort?: string;
    readonly maxTokens?: number;
    readonly warnings?: readonly string[];
  }[] = [
    {
      name: "an effort is a budget, and the answer has room besides",
      fields: { reasoning_effort: "medium" },
      thinking: { type: "enabled", budget_tokens: 8192 },
      maxTokens: 12_288,
    },
    {
      name: "a model's own bound has room for both",
      fields: { reasoning_effort: "medium" },
      traits: { thinking: "budget", maxOutputTokens: 64_000 },
      thinking: { type: "enabled", budget_tokens: 8192 },
      maxTokens: 64_000,
    },
    {
      name: "the client's bound counts thinking: the budget shrinks below it",
      fields: { reasoning_effort: "high", max_completion_tokens: 10_000 },
      thinking: { type: "enabled", budget_tokens: 8000 },
      maxTokens: 10_000,
      warnings: ["reasoning_effort;clamped"],
    },
    {
      name: "no room for thinking at all",
      fields: { reasoning_effort: "low", max_tokens: 1000 },
      maxTokens: 1000,
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "a budget as the client gave it",
      fields: { thinking: { type: "enabled", budget_tokens: 2000, display: "omitted" }, max_tokens: 4000 },
      thinking: { type: "enabled", budget_tokens: 2000, display: "omitted" },
      maxTokens: 4000,
    },
    {
      name: "a budget below the least",
      fields: { thinking: { type: "enabled", budget_tokens: 10 } },
      thinking: { type: "enabled", budget_tokens: 1024 },
      maxTokens: 4096,
      warnings: ["thinking;clamped"],
    },
    {
      name: "a budget above the model's most",
      fields: { thinking: { type: "enabled", budget_tokens: 90_000 }, max_tokens: 60_000 },
      traits: { thinking: "budget", thinkingBudget: { min: 1024, max: 32_000 } },
      thinking: { type: "enabled", budget_tokens: 32_000 },
      maxTokens: 60_000,
      warnings: ["thinking;clamped"],
    },
    {
      name: "none is off",
      fields: { reasoning_effort: "none" },
      thinking: { type: "disabled" },
      maxTokens: 4096,
    },
    {
      name: "minimal is off, and said to be less than asked",
      fields: { reasoning_effort: "minimal" },
      thinking: { type: "disabled" },
      maxTokens: 4096,
      warnings: ["reasoning_effort;clamped"],
    },
    {
      name: "off",
      fields: { thinking: { type: "disabled" } },
      thinking: { type: "disabled" },
      maxTokens: 4096,
    },
    {
      name: "an effort that nobody knows",
      fields: { reasoning_effort: "constructor" },
      maxTokens: 4096,
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "a model that cannot think",
      fields: { reasoning_effort: "high" },
      traits: { thinking: "none" },
      maxTokens: 4096,
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "a model that cannot think need not be told not to",
      fields: { reasoning_effort: "none" },
      traits: { thinking: "none" },
      maxTokens: 4096,
    },
    {
      name: "a model that finds its own budget is told the effort",
      fields: { reasoning_effort: "low" },
      traits: { thinking: "adaptive" },
      thinking: { type: "adaptive" },
      effort: "low",
      maxTokens: 4096,
    },
    {
      name: "an effort that such a model may refuse is the nearest below it",
      fields: { reasoning_effort: "xhigh" },
      traits: { thinking: "adaptive" },
      thinking: { type: "adaptive" },
      effort: "high",
      maxTokens: 4096,
      warnings: ["reasoning_effort;clamped"],
    },
    {
      name: "an effort that is known to be taken",
      fields: { reasoning_effort: "xhigh" },
      traits: { thinking: "adaptive", efforts: ["low", "high", "xhigh"] },
      thinking: { type: "adaptive" },
      effort: "xhigh",
      maxTokens: 4096,
    },
    {
      name: "a budget for such a model is the effort whose bucket it is in",
      fields: { thinking: { type: "enabled", budget_tokens: 5000 } },
      traits: { thinking: "adaptive" },
      thinking: { type: "adaptive" },
      effort: "medium",
      maxTokens: 4096,
      warnings: ["thinking.budget_tokens;rewritten"],
    },
    {
      name: "a bound above the model's",
      fields: { max_completion_tokens: 99_999 },
      traits: { maxOutputTokens: 8192 },
      maxTokens: 8192,
      warnings: ["max_completion_tokens;clamped"],
    },
    {
      name: "a forced tool wins over thinking",
      fields: { reasoning_effort: "high", tools: [tool("look")], tool_choice: "required" },
      maxTokens: 4096,
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "a forced tool wins over thinking of a model that finds its own budget",
      fields: { thinking: { type: "adaptive" }, tools: [tool("look")], tool_choice: "required" },
      traits: { thinking: "adaptive" },
      maxTokens: 4096,
      warnings: ["thinking;dropped"],
    },
    {
      name: "a loop of calls that began without thinking goes on without",
      fields: {
        reasoning_effort: "high",
        messages: [
          user("Hi"),
          { role: "assistant", tool_calls: [call("a")] },
          { role: "tool", tool_call_id: "a", content: "1" },
        ],
      },
      maxTokens: 4096,
      warnings: ["reasoning_effort;dropped"],
    },
  ];
  test.each(rows)("$name", ({ fields, traits, thinking, effort, maxTokens, warnings = [] }) => {
    const made = make(fields, traits === undefined ? {} : { traits });
    expect(made.body["thinking"]).toEqual(thinking);
    expect(made.body["output_config"]).toEqual(effort === undefined ? undefined : { effort });
    expect(made.body["max_tokens"]).toBe(maxTokens);
    expect(made.warnings).toEqual(warnings);
  });
});

describe("sampling", () => {
  const rows: {
    readonly name: string;
    readonly fields: Partial<ChatRequest>;
    readonly traits?: ModelTraits;
    readonly made: Record<string, unknown>;
    readonly warnings?: readonly string[];
  }[] = [
    {
      name: "defect 6: zero is a value, and one text to stop at is one",
      fields: { temperature: 0, top_p: 0, stop: ["x"] },
      made: { temperature: 0, top_p: 0, stop_sequences: ["x"] },
    },
    { name: "defect 7: what was not said is not sent", fields: {}, made: {} },
    {
      name: "too hot",
      fields: { temperature: 1.7 },
      made: { temperature: 1 },
      warnings: ["temperature;clamped"],
    },
    {
      name: "too hot for a model of its own range",
      fields: { temperature: 1.7 },
      traits: { temperature: { min: 0, max: 1.5 } },
      made: { temperature: 1.5 },
      warnings: ["temperature;clamped"],
    },
    {
      name: "temperature before top_p where a model takes one of them",
      fields: { temperature: 0.5, top_p: 0.9 },
      traits: { temperatureOrTopP: true },
      made: { temperature: 0.5 },
      warnings: ["top_p;dropped"],
    },
    {
      name: "top_p alone",
      fields: { top_p: 0.9 },
      traits: { temperatureOrTopP: true },
      made: { top_p: 0.9 },
    },
    {
      name: "thinking wins over all of them",
      fields: { reasoning_effort: "low", temperature: 0.5, top_p: 0.9, top_k: 5 },
      made: {},
      warnings: ["temperature;dropped", "top_p;dropped", "top_k;dropped"],
    },
    {
      name: "the temperature that it thinks with",
      fields: { reasoning_effort: "low", temperature: 1 },
      made: {},
    },
    {
      name: "what a model refuses",
      fields: { temperature: 0.5, top_p: 0.9, top_k: 5, stop: ["x"] },
      traits: { refuses: ["temperature", "top_p", "top_k", "stop"] },
      made: {},
      warnings: ["stop;dropped", "temperature;dropped", "top_p;dropped", "top_k;dropped"],
    },
    { name: "top_k among other fields", fields: { others: { top_k: 5 } }, made: { top_k: 5 } },
    {
      name: "a blank to stop at",
      fields: { stop: ["\n", "x"] },
      made: { stop_sequences: ["x"] },
      warnings: ["stop;dropped"],
    },
  ];
  test.each(rows)("$name", ({ fields, traits, made, warnings = [] }) => {
    const { body, warnings: noted } = make(fields, traits === undefined ? {} : { traits });
    const { temperature, top_p, top_k, stop_sequences } = body;
    expect({ temperature, top_p, top_k, stop_sequences }).toEqual(made);
    expect(noted.toSorted()).toEqual(warnings.toSorted());
  });

  test("digits of numbers stay", () => {
    // Raw numbers stand where numbers do.
    const fields = parseExactJson(
      '{"temperature":0.70,"top_p":1.0,"max_tokens":100.0}',
    ) as Partial<ChatRequest>;
    const { body } = anthropicService.request(chatRequest(fields), contextOf());
    expect(JSON.stringify(body)).toContain('"max_tokens":100.0');
    expect(JSON.stringify(body)).toContain('"temperature":0.70,"top_p":1.0');
  });
});
