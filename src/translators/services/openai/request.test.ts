import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { ChatMessage, ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { ask } from "./ask-fixture.ts";
import { openaiService } from "./openai-service.ts";

const tool: ChatTool = {
  type: "function",
  function: { name: "f", parameters: { type: "object", properties: {} } },
};
const schema = { type: "object", properties: { a: { type: "string" } } };
const format = { type: "json_schema", json_schema: { name: "n", schema } } as const;

describe("fields", () => {
  const rows: readonly (readonly [
    name: string,
    chat: Partial<ChatRequest>,
    traits: ModelTraits,
    sent: object,
    notes?: readonly string[],
  ])[] = [
    [
      "a stream asks for its usage",
      { stream: true },
      {},
      { stream: true, stream_options: { include_usage: true } },
    ],
    [
      "defect 6: zeros and false are values",
      { temperature: 0, top_p: 0, tools: [tool], parallel_tool_calls: false },
      {},
      { temperature: 0, top_p: 0, parallel_tool_calls: false },
    ],
    [
      "defect 7: what was not said is not sent",
      {},
      {},
      { top_p: undefined, temperature: undefined, stream: undefined },
    ],
    [
      "the bound as it was spelled",
      { max_tokens: 5 },
      {},
      { max_tokens: 5, max_completion_tokens: undefined },
    ],
    [
      "the bound as the model wants it",
      { max_tokens: 5 },
      { maxTokensField: "max_completion_tokens" },
      { max_completion_tokens: 5, max_tokens: undefined },
    ],
    [
      "the bound within the model's",
      { max_tokens: 64_000 },
      { maxOutputTokens: 16_384 },
      { max_tokens: 16_384 },
      ["max_tokens;clamped"],
    ],
    [
      "temperature within the model's",
      { temperature: 1.9 },
      { temperature: { min: 0, max: 1 } },
      { temperature: 1 },
      ["temperature;clamped"],
    ],
    [
      "one of temperature and top_p",
      { temperature: 0.5, top_p: 0.5 },
      { temperatureOrTopP: true },
      { temperature: 0.5, top_p: undefined },
      ["top_p;dropped"],
    ],
    [
      "what the model refuses",
      { temperature: 1, stream: true },
      { refuses: ["temperature", "stream_options"] },
      { temperature: undefined, stream_options: undefined },
      ["temperature;dropped"],
    ],
    ["what the model requires", {}, { requires: { max_tokens: 100 } }, { max_tokens: 100 }],
    ["top_k has no field", { top_k: 5 }, {}, { top_k: undefined }, ["top_k;dropped"]],
    [
      "four stops at most",
      { stop: ["a", "b", "c", "d", "e"] },
      {},
      { stop: ["a", "b", "c", "d"] },
      ["stop;clamped"],
    ],
    [
      "a user of 64 characters at most",
      { user: "u".repeat(80) },
      {},
      { user: "u".repeat(64) },
      ["user;clamped"],
    ],
    [
      "fields that only OpenAI knows",
      { others: { prompt_cache_key: "k", store: false, mystery: 1 } },
      {},
      { prompt_cache_key: "k", store: false, mystery: undefined },
      ["mystery;dropped"],
    ],
    [
      "defect 5: a forced tool",
      { tools: [tool], tool_choice: { type: "function", function: { name: "f" } } },
      {},
      { tool_choice: { type: "function", function: { name: "f" } } },
    ],
    ["defect 5: any tool", { tools: [tool], tool_choice: "required" }, {}, { tool_choice: "required" }],
    [
      "no choice without tools",
      { tool_choice: "none", parallel_tool_calls: false },
      {},
      { tool_choice: undefined, parallel_tool_calls: undefined },
    ],
    ["a model without tools", { tools: [tool] }, { tools: false }, { tools: undefined }, ["tools;dropped"]],
    [
      "a tool without parameters",
      { tools: [{ type: "function", function: { name: "f" } }] },
      {},
      { tools: [tool] },
    ],
    [
      "a tool whose object has no properties",
      { tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }] },
      {},
      { tools: [tool] },
    ],
    ["a schema as it is", { response_format: format }, {}, { response_format: format }],
    [
      "a schema in words",
      { response_format: format },
      { jsonSchema: false },
      { response_format: { type: "json_object" } },
      ["response_format;rewritten"],
    ],
  ];

  test.each(rows.map((row) => [row[0], row] as const))("%s", (_name, [, chat, traits, sent, notes = []]) => {
    const asked = ask(chat, traits);
    for (const [name, value] of Object.entries(sent)) expect(asked.body[name], name).toEqual(value);
    expect(asked.notes).toEqual(notes);
  });

  test("a schema in words stands behind the system prompt", () => {
    const messages: ChatMessage[] = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "a" },
    ];
    const { body } = ask({ messages, response_format: format }, { jsonSchema: false });
    expect(JSON.stringify(body["messages"])).toContain(`Be brief.\\n\\nAnswer with one JSON object`);
    expect(JSON.stringify(body["messages"])).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1));
  });

  test.each<readonly [string, ModelTraits, object]>([
    ["developer", { systemRole: "developer" }, { role: "developer", content: "s" }],
    ["user", { systemRole: "user" }, { role: "user", content: "s" }],
  ])("a system prompt as %s", (_name, traits, sent) => {
    const { body } = ask({ messages: [{ role: "system", content: "s" }] }, traits);
    expect(body["messages"]).toEqual([sent]);
  });

  test("digits of numbers stay as they were written", () => {
    // The parsed text stands where the chat form has numbers.
    const fields = parseExactJson(
      '{"temperature":1.0,"seed":12345678901234567890,"max_tokens":1e3}',
    ) as Partial<ChatRequest>;
    expect(JSON.stringify(ask(fields).body)).toContain(
      '"max_tokens":1e3,"temperature":1.0,"seed":12345678901234567890',
    );
  });
});

test("strict: what cannot be said is refused by the name of the field", () => {
  const context = contextOf({ strict: true });
  expect(() => openaiService.request(chatRequest({ top_k: 5 }), context)).toThrow(
    expect.objectContaining({ code: "invalid_request", param: "top_k" }),
  );
});

test("fields that the Model API lets through pass", () => {
  const context = contextOf({ passFields: ["top_k", "mystery"] });
  const { body } = openaiService.request(chatRequest({ top_k: 5, others: { mystery: 1 } }), context);
  expect(body).toMatchObject({ top_k: 5, mystery: 1 });
  expect(context.notes.warnings).toEqual([]);
});
