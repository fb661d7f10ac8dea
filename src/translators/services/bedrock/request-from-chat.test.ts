import { describe, expect, it } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { bedrockService } from "./bedrock-service.ts";
import { call, expectRow, sent, tool, toolSpec, user, type Row } from "./request-fixture.ts";

describe("tools for Converse", () => {
  const history = [
    user,
    { role: "assistant", content: null, tool_calls: [call("a")] } as const,
    { role: "tool", tool_call_id: "a", content: "1" } as const,
  ];
  it.each<Row>([
    {
      name: "defect 5: auto",
      chat: { tools: [tool], tool_choice: "auto" },
      body: { toolConfig: { tools: [toolSpec], toolChoice: { auto: {} } } },
    },
    {
      name: "defect 5: required",
      chat: { tools: [tool], tool_choice: "required" },
      body: { toolConfig: { toolChoice: { any: {} } } },
    },
    {
      name: "defect 5: one by name",
      chat: { tools: [tool], tool_choice: { type: "function", function: { name: "f" } } },
      body: { toolConfig: { toolChoice: { tool: { name: "f" } } } },
    },
    {
      name: "those that are allowed",
      chat: {
        tools: [tool, { type: "function", function: { name: "g" } }],
        tool_choice: {
          type: "allowed_tools",
          allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "g" } }] },
        },
      },
      body: { toolConfig: { tools: [{ toolSpec: { name: "g" } }], toolChoice: { any: {} } } },
    },
    {
      name: "a tool without parameters has an empty schema, one without a type gets it",
      chat: {
        tools: [
          { type: "function", function: { name: "f" } },
          { type: "function", function: { name: "g", parameters: { properties: {} } } },
        ],
      },
      body: {
        toolConfig: {
          tools: [
            { toolSpec: { inputSchema: { json: { type: "object", properties: {} } } } },
            { toolSpec: { inputSchema: { json: { type: "object", properties: {} } } } },
          ],
        },
      },
    },
    {
      name: "none with a history of calls keeps the tools",
      chat: { tools: [tool], tool_choice: "none", messages: history },
      body: { toolConfig: { tools: [toolSpec] } },
      warnings: ["tool_choice;rewritten"],
    },
    {
      name: "a history of calls without tools gets those that it names",
      chat: { messages: history },
      body: { toolConfig: { tools: [{ toolSpec: { name: "f" } }] } },
      warnings: ["tools;rewritten"],
    },
    {
      name: "strict where the model knows schemas",
      chat: {
        tools: [{ type: "function", function: { name: "f", strict: true } }],
        parallel_tool_calls: false,
      },
      body: { toolConfig: { tools: [{ toolSpec: { strict: true } }] } },
      warnings: ["parallel_tool_calls;dropped"],
    },
  ])("$name", (row) => {
    expectRow(row);
  });

  it("none without such a history leaves the tools out", () => {
    expect(sent({ tools: [tool], tool_choice: "none" }).body).not.toHaveProperty("toolConfig");
  });

  it("a name that Converse does not take is replaced, and comes back as the client wrote it", () => {
    const name = `mcp.server/${"x".repeat(70)}`;
    const chat = chatRequest({ tools: [{ type: "function", function: { name } }] });
    const text = JSON.stringify(bedrockService.request(chat, contextOf()).body);
    const sentName = /"toolSpec":\{"name":"([^"]+)"/u.exec(text)?.[1] ?? "";
    expect(sentName).toMatch(/^[A-Za-z0-9_-]{1,64}$/u);
    const toolUse = { toolUseId: "a", name: sentName, input: {} };
    const answer = bedrockService.answer(
      { output: { message: { content: [{ toolUse }] } }, stopReason: "tool_use" },
      chat,
      contextOf(),
    );
    expect(answer).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name } }] } }] });
  });
});

const claude: ModelTraits = {
  thinking: "budget",
  maxOutputTokens: 64_000,
  thinkingBudget: { min: 1024, max: 60_000 },
};
const adaptive: ModelTraits = {
  thinking: "adaptive",
  efforts: ["low", "medium", "high"],
  temperatureOrTopP: true,
};
const thinkingOf = (budget: number) => ({
  additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: budget } },
});

describe("parameters for Converse", () => {
  it.each<Row>([
    {
      name: "defect 6: zeros and a single stop are sent as they are",
      chat: { temperature: 0, top_p: 0, max_tokens: 5, stop: ["x"], seed: 0, presence_penalty: 0 },
      body: { inferenceConfig: { temperature: 0, topP: 0, maxTokens: 5, stopSequences: ["x"] } },
      warnings: ["seed;dropped"],
    },
    { name: "what nobody set is not sent", chat: {}, body: { inferenceConfig: {} } },
    {
      name: "temperature is clamped to one",
      chat: { temperature: 1.5, stop: [" ", "a"] },
      body: { inferenceConfig: { temperature: 1, stopSequences: ["a"] } },
      warnings: ["temperature;clamped", "stop;dropped"],
    },
    {
      name: "a bound over the model's is clamped",
      traits: { maxOutputTokens: 100 },
      chat: { max_completion_tokens: 1000 },
      body: { inferenceConfig: { maxTokens: 100 } },
      warnings: ["max_completion_tokens;clamped"],
    },
    {
      name: "effort becomes a budget with room for the answer",
      traits: claude,
      chat: { reasoning_effort: "medium" },
      body: { ...thinkingOf(8192), inferenceConfig: { maxTokens: 12_288 } },
    },
    {
      name: "a budget stays below the bound",
      traits: claude,
      chat: { thinking: { type: "enabled", budget_tokens: 9000 }, max_tokens: 5000 },
      body: { ...thinkingOf(4999), inferenceConfig: { maxTokens: 5000 } },
      warnings: ["thinking.budget_tokens;clamped"],
    },
    {
      name: "no room for thinking",
      traits: claude,
      chat: { reasoning_effort: "high", max_tokens: 500 },
      body: { inferenceConfig: { maxTokens: 500 } },
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "thinking goes before temperature and top_p",
      traits: claude,
      chat: { reasoning_effort: "low", temperature: 0.5, top_p: 0.9, top_k: 5 },
      body: thinkingOf(2048),
      warnings: ["temperature;dropped", "top_p;dropped", "top_k;dropped"],
    },
    {
      name: "a forced tool goes before thinking",
      traits: claude,
      chat: { reasoning_effort: "low", tools: [tool], tool_choice: "required", temperature: 0.5 },
      body: { inferenceConfig: { temperature: 0.5 }, toolConfig: { toolChoice: { any: {} } } },
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "adaptive thinking takes efforts",
      traits: adaptive,
      chat: { reasoning_effort: "xhigh" },
      body: {
        additionalModelRequestFields: { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
      },
      warnings: ["reasoning_effort;clamped"],
    },
    {
      name: "temperature or top_p",
      traits: adaptive,
      chat: { temperature: 0.2, top_p: 0.5 },
      body: { inferenceConfig: { temperature: 0.2 } },
      warnings: ["top_p;dropped"],
    },
    {
      name: "effort of a model that takes it",
      traits: { thinking: "effort" },
      chat: { reasoning_effort: "high" },
      body: { additionalModelRequestFields: { reasoning_effort: "high" } },
    },
    {
      name: "Nova's own fields",
      traits: { thinking: "effort", converseFields: "nova" },
      chat: { reasoning_effort: "xhigh", top_k: 5 },
      body: {
        additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } },
      },
      warnings: ["reasoning_effort;rewritten", "top_k;dropped"],
    },
    {
      name: "Nova's top_k",
      traits: { converseFields: "nova" },
      chat: { top_k: 5 },
      body: { additionalModelRequestFields: { inferenceConfig: { topK: 5 } } },
    },
    {
      name: "a model of which nothing is known is not asked to think by an effort",
      chat: { reasoning_effort: "high", top_k: 7 },
      body: { additionalModelRequestFields: { top_k: 7 } },
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "but by a budget",
      chat: { thinking: { type: "enabled", budget_tokens: 2000 } },
      body: thinkingOf(2000),
    },
    {
      name: "thinking that is off is not sent",
      traits: claude,
      chat: { thinking: { type: "disabled" }, temperature: 0.5 },
      body: { inferenceConfig: { temperature: 0.5 } },
    },
    {
      name: "a schema for the answer",
      chat: {
        response_format: {
          type: "json_schema",
          json_schema: { name: "a", schema: { type: "object" }, description: "d", strict: true },
        },
      },
      body: {
        outputConfig: {
          textFormat: {
            type: "json_schema",
            structure: {
              jsonSchema: {
                name: "a",
                description: "d",
                schema: '{"type":"object","additionalProperties":false}',
              },
            },
          },
        },
      },
      warnings: ["response_format;rewritten"],
    },
    {
      name: "JSON of any form is asked for in words",
      chat: { response_format: { type: "json_object" } },
      body: { system: [{ text: "Answer with one JSON object and nothing else." }] },
      warnings: ["response_format;rewritten"],
    },
    {
      name: "a model that takes no schema must call a tool that has it, and does not think meanwhile",
      traits: { ...claude, jsonSchema: false },
      chat: {
        reasoning_effort: "low",
        response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } },
      },
      body: {
        toolConfig: {
          tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object" } } } }],
          toolChoice: { tool: { name: "a" } },
        },
      },
      warnings: ["response_format;rewritten", "reasoning_effort;dropped"],
    },
    {
      name: "or one of its tools",
      traits: { jsonSchema: false },
      chat: {
        tools: [tool],
        response_format: { type: "json_schema", json_schema: { name: "f", schema: { type: "object" } } },
      },
      body: {
        toolConfig: { tools: [toolSpec, { toolSpec: { name: "f_2" } }], toolChoice: { any: {} } },
      },
      warnings: ["response_format;rewritten"],
    },
    {
      name: "defect 9: a loop of tools that began without thinking goes on without",
      traits: claude,
      chat: {
        reasoning_effort: "low",
        tools: [tool],
        messages: [
          user,
          { role: "assistant", content: null, tool_calls: [call("a")] },
          { role: "tool", tool_call_id: "a", content: "1" },
        ],
      },
      body: { messages: [{}, {}, {}] },
      warnings: ["reasoning_effort;dropped"],
    },
    {
      name: "fields of Converse itself pass, and what the API lets through",
      chat: {
        others: {
          guardrailConfig: { guardrailIdentifier: "g" },
          additionalModelRequestFields: { x: 1 },
          odd: 1,
          other: 2,
        },
      },
      context: { passFields: ["odd"] },
      body: { guardrailConfig: { guardrailIdentifier: "g" }, additionalModelRequestFields: { x: 1, odd: 1 } },
      warnings: ["other;dropped"],
    },
    {
      name: "metadata and tier",
      chat: { metadata: { team: "a b", odd: "ü" }, service_tier: "flex" },
      body: { requestMetadata: { team: "a b" }, serviceTier: { type: "flex" } },
      warnings: ["metadata;dropped"],
    },
    { name: "the usual tier is not said", chat: { service_tier: "auto", n: 1, logprobs: false }, body: {} },
    {
      name: "what the model requires is put in",
      traits: { requires: { maxTokens: 9, anthropic_beta: "x" } },
      chat: {},
      body: { inferenceConfig: { maxTokens: 9 }, additionalModelRequestFields: { anthropic_beta: "x" } },
    },
  ])("$name", (row) => {
    expectRow(row);
  });

  it("several choices are refused, and everything that would be dropped in strict mode", () => {
    expect(() => sent({ n: 2 })).toThrow(expect.objectContaining({ param: "n" }));
    expect(() => sent({ seed: 1 }, { strict: true })).toThrow(expect.objectContaining({ param: "seed" }));
  });

  it("digits of parameters stay as they were written", () => {
    const { temperature } = parseExactJson('{"temperature":0.50}') as { temperature: number };
    expect(sent({ temperature }).text).toContain('"temperature":0.50');
  });

  it("the model stands in the path, whatever its name holds", () => {
    const model = "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude:0";
    expect(sent({}, { model }).path).toBe(
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.claude%3A0/converse",
    );
    expect(sent({ stream: true }, { model: "m\ud800" }).path).toBe("/model/m%EF%BF%BD/converse-stream");
  });
});
