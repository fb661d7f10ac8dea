// Fields of Responses requests, one row each, and what of them is refused.
import { expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { contextOf } from "../../translation-fixture.ts";
import { responsesClient } from "./openai-responses-client.ts";

function chatOf(body: JsonObject, strict = false): { chat: ChatRequest; warnings: string[] } {
  const context = contextOf({ strict });
  const whole = { model: "m", input: "Hi", ...body };
  const chat = responsesClient.request({ body: whole, model: "m", stream: body["stream"] === true }, context);
  return { chat, warnings: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

const tool = { type: "function", name: "f", parameters: { type: "object" }, strict: true };
const chatTool = { type: "function", function: { name: "f", parameters: { type: "object" }, strict: true } };
const custom = {
  type: "custom",
  name: "apply_patch",
  description: "Patches.",
  format: { type: "grammar", syntax: "lark", definition: "start: x" },
};

const fields: [string, JsonObject, Partial<ChatRequest>, string[]?][] = [
  ["a text as input", { input: "Hé" }, { messages: [{ role: "user", content: "Hé" }] }],
  [
    "instructions",
    { instructions: "Be kind." },
    {
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Hi" },
      ],
    },
  ],
  ["max_output_tokens", { max_output_tokens: 9 }, { max_completion_tokens: 9 }],
  ["defect 6: temperature and top_p of zero", { temperature: 0, top_p: 0 }, { temperature: 0, top_p: 0 }],
  ["defect 7: nothing is sent that was not asked for", {}, { others: {} }],
  [
    "defect 6: no parallel calls",
    { tools: [tool], parallel_tool_calls: false },
    { tools: [chatTool] as never, parallel_tool_calls: false },
  ],
  [
    "text.format",
    { text: { format: { type: "json_object" }, verbosity: "low" } },
    { response_format: { type: "json_object" }, verbosity: "low" },
  ],
  [
    "text.format with a schema",
    {
      text: {
        format: {
          type: "json_schema",
          name: "n",
          schema: { type: "object" },
          strict: true,
          description: "d",
        },
      },
    },
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", schema: { type: "object" }, strict: true, description: "d" },
      },
    },
  ],
  ["reasoning.effort", { reasoning: { effort: "high", summary: "auto" } }, { reasoning_effort: "high" }],
  ["reasoning.context", { reasoning: { context: "all_turns" } }, {}, ["reasoning.context;dropped"]],
  ["defect 5: tool_choice required", { tools: [tool], tool_choice: "required" }, { tool_choice: "required" }],
  ["tool_choice none", { tools: [tool], tool_choice: "none" }, { tool_choice: "none" }],
  [
    "defect 5: a forced function",
    { tools: [tool], tool_choice: { type: "function", name: "f" } },
    { tool_choice: { type: "function", function: { name: "f" } } },
  ],
  [
    "allowed tools",
    {
      tools: [tool],
      tool_choice: {
        type: "allowed_tools",
        mode: "required",
        tools: [{ type: "function", name: "f" }, { type: "web_search" }],
      },
    },
    {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] },
      },
    },
    ["tool_choice.tools.1;dropped"],
  ],
  [
    "tools of the service",
    { tools: [{ type: "web_search" }, tool] },
    { tools: [chatTool] as never },
    ["tools.0;dropped"],
  ],
  [
    "a custom tool",
    { tools: [custom], tool_choice: { type: "custom", name: "apply_patch" } },
    { tool_choice: { type: "function", function: { name: "apply_patch" } } },
    ["tools.0;rewritten"],
  ],
  [
    "a shell in a container",
    { tools: [{ type: "shell", environment: { type: "container_auto" } }] },
    {},
    ["tools.0;dropped"],
  ],
  [
    "tools in a namespace",
    { tools: [{ type: "namespace", name: "files", tools: [tool] }] },
    { tools: [{ type: "function", function: { ...chatTool.function, name: "files__f" } }] as never },
    ["tools.0;rewritten"],
  ],
  ["store", { store: true }, {}, ["store;dropped"]],
  ["store: false", { store: false }, {}, []],
  ["truncation", { truncation: "auto" }, {}, ["truncation;dropped"]],
  [
    "include",
    { include: ["reasoning.encrypted_content", "web_search_call.action.sources"] },
    {},
    ["include.1;dropped"],
  ],
  [
    "logprobs",
    { include: ["message.output_text.logprobs"], top_logprobs: 3 },
    { logprobs: true, top_logprobs: 3 },
  ],
  ["max_tool_calls", { max_tool_calls: 3 }, {}, ["max_tool_calls;dropped"]],
  [
    "account",
    { service_tier: "flex", user: "u", metadata: { a: "b" } },
    { service_tier: "flex", user: "u", metadata: { a: "b" } },
  ],
  ["others", { prompt_cache_key: "k", unheard_of: 1 }, { others: { prompt_cache_key: "k", unheard_of: 1 } }],
  [
    "nothing where null stands",
    { temperature: null, tools: null, text: null, previous_response_id: null },
    {},
  ],
];

test.each(fields)("%s", (_name, body, wanted, warnings = []) => {
  const found = chatOf(body);
  expect(found.chat).toMatchObject(wanted);
  expect(found.warnings).toEqual(warnings);
});

test("digits of numbers stay as they came", () => {
  const body = parseExactJson('{"model":"m","input":"Hi","temperature":1.0,"max_output_tokens":1e3}');
  const chat = responsesClient.request({ body, model: "m", stream: false }, contextOf());
  expect(JSON.stringify(chat)).toContain('"max_completion_tokens":1e3,"temperature":1.0');
});

test("in strict mode what cannot be said is refused", () => {
  expect(() => chatOf({ truncation: "auto" }, true)).toThrow(GatewayError);
});

const refused: [string, JsonObject, string][] = [
  ["previous_response_id", { previous_response_id: "resp_1" }, "previous_response_id"],
  ["a conversation", { conversation: { id: "conv_1" } }, "conversation"],
  ["background", { background: true }, "background"],
  ["a kept prompt", { prompt: { id: "pmpt_1" } }, "prompt"],
  ["no input", { input: undefined }, "input"],
  ["input of a wrong type", { input: 1 }, "input"],
  ["an item that is no object", { input: ["Hi"] }, "input.0"],
  ["a reference to an item", { input: [{ type: "item_reference", id: "msg_1" }] }, "input.0"],
  ["an item without type and role", { input: [{ id: "msg_1" }] }, "input.0"],
  ["a compaction", { input: [{ type: "compaction", encrypted_content: "x" }] }, "input.0"],
  ["an unknown item", { input: [{ type: "telepathy" }] }, "input.0.type"],
  ["an unknown role", { input: [{ role: "king", content: "x" }] }, "input.0.role"],
  ["an unknown part", { input: [{ role: "user", content: [{ type: "input_smell" }] }] }, "input.0.content.0"],
  [
    "an image of an assistant",
    { input: [{ role: "assistant", content: [{ type: "input_image", image_url: "x" }] }] },
    "input.0.content",
  ],
  [
    "an image without address",
    { input: [{ role: "user", content: [{ type: "input_image" }] }] },
    "input.0.content.0",
  ],
  [
    "a call without id",
    { input: [{ type: "function_call", name: "f", arguments: "{}" }] },
    "input.0.call_id",
  ],
  ["an output without id", { input: [{ type: "function_call_output", output: "" }] }, "input.0.call_id"],
  ["tools that are no list", { tools: {} }, "tools"],
  ["an unknown kind of tool", { tools: [{ type: "crystal_ball" }] }, "tools.0.type"],
  ["a function without name", { tools: [{ type: "function" }] }, "tools.0.name"],
  [
    "a forced tool of the service",
    { tools: [{ type: "web_search" }], tool_choice: { type: "web_search" } },
    "tool_choice",
  ],
  [
    "a required tool where none is left",
    { tools: [{ type: "web_search" }], tool_choice: "required" },
    "tool_choice",
  ],
  ["an unknown tool_choice", { tool_choice: "maybe" }, "tool_choice"],
  [
    "a schema that is none",
    { text: { format: { type: "json_schema", name: "n", schema: 1 } } },
    "text.format.schema",
  ],
  ["a temperature in words", { temperature: "hot" }, "temperature"],
  ["a prototype for a type", { tools: [{ type: "__proto__" }] }, "tools.0.type"],
];

test.each(refused)("refused: %s", (_name, body, param) => {
  expect(() => chatOf(body)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
});
