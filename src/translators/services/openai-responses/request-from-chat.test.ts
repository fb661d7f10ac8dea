// What a chat becomes for a service that speaks the Responses protocol, one row each.
import { expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { GatewayError } from "../../../core/errors.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { responsesService } from "./openai-responses-service.ts";

function sent(
  fields: Partial<ChatRequest>,
  traits: ModelTraits = {},
): { body: JsonObject; warnings: string[] } {
  const context = contextOf({ traits });
  const { body, path } = responsesService.request(chatRequest(fields), context);
  expect(path).toBe("/v1/responses");
  return { body, warnings: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

const plain = { model: "model-x", input: [{ role: "user", content: "Hi" }], store: false };
const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } } as const;
const flat = { type: "function", name: "f", parameters: { type: "object" }, strict: false };
const thinker: ModelTraits = { thinking: "effort", efforts: ["minimal", "low", "medium", "high"] };

const rows: [string, Partial<ChatRequest>, JsonObject, string[]?, ModelTraits?][] = [
  ["a plain question", {}, {}],
  ["a stream", { stream: true }, { stream: true }],
  ["max_tokens", { max_tokens: 99 }, { max_output_tokens: 99 }],
  [
    "a bound below the least",
    { max_completion_tokens: 3 },
    { max_output_tokens: 16 },
    ["max_completion_tokens;clamped"],
  ],
  [
    "a bound above the model's",
    { max_tokens: 99 },
    { max_output_tokens: 50 },
    ["max_tokens;clamped"],
    { maxOutputTokens: 50 },
  ],
  [
    "defect 6: zeros and false",
    { temperature: 0, top_p: 0, tools: [tool], parallel_tool_calls: false },
    { temperature: 0, top_p: 0, tools: [flat], parallel_tool_calls: false },
  ],
  [
    "a parameter that the model refuses",
    { temperature: 1 },
    {},
    ["temperature;dropped"],
    { refuses: ["temperature"] },
  ],
  [
    "temperature or top_p",
    { temperature: 1, top_p: 0.5 },
    { temperature: 1 },
    ["top_p;dropped"],
    { temperatureOrTopP: true },
  ],
  [
    "a temperature out of range",
    { temperature: 2 },
    { temperature: 1 },
    ["temperature;clamped"],
    { temperature: { min: 0, max: 1 } },
  ],
  [
    "what the protocol lacks",
    { stop: ["x"], seed: 1, top_k: 4, presence_penalty: 1, frequency_penalty: 0, logit_bias: { 1: 2 } },
    {},
    ["stop;dropped", "seed;dropped", "top_k;dropped", "presence_penalty;dropped", "logit_bias;dropped"],
  ],
  [
    "a strict tool",
    { tools: [{ type: "function", function: { name: "f", description: "d", strict: true } }] },
    {
      tools: [
        {
          type: "function",
          name: "f",
          description: "d",
          parameters: { type: "object", properties: {} },
          strict: true,
        },
      ],
    },
  ],
  [
    "defect 5: a required tool",
    { tools: [tool], tool_choice: "required" },
    { tools: [flat], tool_choice: "required" },
  ],
  [
    "defect 5: a forced tool",
    { tools: [tool], tool_choice: { type: "function", function: { name: "f" } } },
    { tools: [flat], tool_choice: { type: "function", name: "f" } },
  ],
  [
    "allowed tools",
    {
      tools: [tool],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "f" } }] },
      },
    },
    {
      tools: [flat],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] },
    },
  ],
  [
    "tools for a model without them",
    { tools: [tool], tool_choice: "auto" },
    {},
    ["tools;dropped"],
    { tools: false },
  ],
  [
    "a schema",
    { response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } } },
    { text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: false } } },
  ],
  [
    "a schema for a model without them",
    { response_format: { type: "json_schema", json_schema: { name: "n" } } },
    { text: { format: { type: "json_object" } } },
    ["response_format;rewritten"],
    { jsonSchema: false },
  ],
  ["verbosity", { verbosity: "low" }, { text: { verbosity: "low" } }],
  [
    "logprobs",
    { logprobs: true, top_logprobs: 2 },
    { include: ["message.output_text.logprobs"], top_logprobs: 2 },
  ],
  [
    "an effort",
    { reasoning_effort: "high" },
    { reasoning: { effort: "high" }, include: ["reasoning.encrypted_content"] },
  ],
  [
    "an effort that the model lacks",
    { reasoning_effort: "max" },
    { reasoning: { effort: "high" }, include: ["reasoning.encrypted_content"] },
    ["reasoning_effort;clamped"],
    thinker,
  ],
  [
    "an effort for a model that does not think",
    { reasoning_effort: "high" },
    {},
    ["reasoning_effort;dropped"],
    { thinking: "none" },
  ],
  [
    "a budget",
    { thinking: { type: "enabled", budget_tokens: 5000 } },
    { reasoning: { effort: "medium", summary: "auto" }, include: ["reasoning.encrypted_content"] },
    ["thinking.budget_tokens;rewritten"],
  ],
  [
    "adaptive thinking",
    { thinking: { type: "adaptive" }, reasoning_effort: "low" },
    { reasoning: { effort: "low", summary: "auto" }, include: ["reasoning.encrypted_content"] },
  ],
  [
    "thinking that nobody reads",
    { thinking: { type: "adaptive", display: "omitted" }, reasoning_effort: "low" },
    { reasoning: { effort: "low" }, include: ["reasoning.encrypted_content"] },
  ],
  ["no thinking", { thinking: { type: "disabled" } }, { reasoning: { effort: "none" } }],
  [
    "no thinking for a model that always thinks",
    { thinking: { type: "disabled" } },
    { reasoning: { effort: "minimal" }, include: ["reasoning.encrypted_content"] },
    ["thinking;clamped"],
    thinker,
  ],
  ["a model that thinks unasked", {}, { include: ["reasoning.encrypted_content"] }, [], thinker],
  [
    "account",
    { user: "u", service_tier: "flex", metadata: { a: "b" } },
    { user: "u", service_tier: "flex", metadata: { a: "b" } },
  ],
  [
    "others",
    { others: { prompt_cache_key: "k", safety_identifier: "s", unheard_of: 1 } },
    { prompt_cache_key: "k", safety_identifier: "s" },
    ["unheard_of;dropped"],
  ],
  [
    "a search on the web",
    {
      others: {
        web_search_options: {
          search_context_size: "low",
          user_location: { type: "approximate", approximate: { country: "DE" } },
        },
      },
    },
    {
      tools: [
        {
          type: "web_search",
          search_context_size: "low",
          user_location: { type: "approximate", country: "DE" },
        },
      ],
    },
  ],
  ["what the model requires", {}, { truncation: "auto" }, [], { requires: { truncation: "auto" } }],
  [
    "defect 17: system prompts before and within",
    {
      messages: [
        { role: "system", content: "A" },
        {
          role: "developer",
          content: [
            { type: "text", text: "B" },
            { type: "text", text: "C" },
          ],
        },
        { role: "user", content: "Hi" },
        { role: "system", content: "D" },
      ],
    },
    {
      instructions: "A\n\nB\n\nC",
      input: [
        { role: "user", content: "Hi" },
        { role: "system", content: "D" },
      ],
    },
  ],
  [
    "a system prompt for a model without one",
    {
      messages: [
        { role: "system", content: "A" },
        { role: "user", content: "Hi" },
      ],
    },
    {
      input: [
        { role: "user", content: "A" },
        { role: "user", content: "Hi" },
      ],
    },
    [],
    { systemRole: "user" },
  ],
  [
    "parts of a user's message",
    {
      messages: [
        {
          role: "user",
          name: "Ann",
          content: [
            { type: "text", text: "Look", cache_control: { type: "ephemeral" } },
            { type: "image_url", image_url: { url: "https://a/b.png", detail: "low" } },
            { type: "image_url", image_url: { url: "", file_id: "file_1" } },
            { type: "file", file: { file_data: "data:application/pdf;base64,AA==" } },
            { type: "file", file: { text: "words", title: "Title" } },
          ],
        },
      ],
    },
    {
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Look" },
            { type: "input_image", detail: "low", image_url: "https://a/b.png" },
            { type: "input_image", detail: "auto", file_id: "file_1" },
            { type: "input_file", file_data: "data:application/pdf;base64,AA==", filename: "document" },
            { type: "input_text", text: "Title\n\nwords" },
          ],
        },
      ],
    },
    ["messages.0.name;dropped", "cache_control;dropped"],
  ],
  [
    "defect 9: a turn with its own state, in its order",
    {
      messages: [
        {
          role: "assistant",
          content: "So",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "" } }],
          reasoning_details: [
            { type: "thinking", index: 0, text: "Hm.", data: "d0", id: "rs_0", format: "responses" },
            { type: "thinking", index: 2, data: "d2", id: "rs_2" },
            { type: "thinking", index: 3, text: "Foreign", signature: "s", format: "anthropic" },
          ],
        },
        { role: "tool", tool_call_id: "a", content: "broke", is_error: true },
        {
          role: "tool",
          tool_call_id: "b",
          content: [{ type: "image_url", image_url: { url: "https://a/b.png" } }],
        },
      ],
    },
    {
      input: [
        {
          type: "reasoning",
          id: "rs_0",
          summary: [{ type: "summary_text", text: "Hm." }],
          encrypted_content: "d0",
        },
        { role: "assistant", content: "So" },
        { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "d2" },
        { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "a", output: "The tool failed: broke" },
        {
          type: "function_call_output",
          call_id: "b",
          output: [{ type: "input_image", detail: "auto", image_url: "https://a/b.png" }],
        },
      ],
    },
    ["messages.0.reasoning_details;dropped"],
  ],
  [
    "plain thinking for a model that wants it back",
    { messages: [{ role: "assistant", content: "So", reasoning_content: "Hm." }] },
    {
      input: [
        { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] },
        { role: "assistant", content: "So" },
      ],
    },
    [],
    { wantsReasoningBack: true },
  ],
  [
    "plain thinking for all others",
    { messages: [{ role: "assistant", content: "So", reasoning_content: "Hm." }] },
    { input: [{ role: "assistant", content: "So" }] },
    ["messages.0.reasoning_content;dropped"],
  ],
];

test.each(rows)("%s", (...row) => {
  const [, fields, body, warnings = [], traits = {}] = row;
  const found = sent(fields, traits);
  expect(found.body).toEqual({ ...plain, ...body });
  expect(found.warnings).toEqual(warnings);
});

test("digits of numbers stay as they came", () => {
  const fields = parseExactJson('{"temperature":1.0,"max_tokens":1e3}') as Partial<ChatRequest>;
  expect(JSON.stringify(sent(fields).body)).toContain('"max_output_tokens":1e3,"temperature":1.0');
});

test.each<[string, Partial<ChatRequest>, string]>([
  ["several choices", { n: 2 }, "n"],
  [
    "sound",
    {
      messages: [
        { role: "user", content: [{ type: "input_audio", input_audio: { data: "", format: "wav" } }] },
      ],
    },
    "messages.0.content.0",
  ],
  [
    "a video",
    { messages: [{ role: "user", content: [{ type: "video_url", video_url: { url: "x" } }] }] },
    "messages.0.content.0",
  ],
])("refused: %s", (_name, fields, param) => {
  expect(() => sent(fields)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  expect(() => sent(fields)).toThrow(GatewayError);
});
