// Every field of an OpenAI chat completion request: what the chat form has of it, and what is said to be at fault.
import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { faultOf, read } from "./request-fixture.ts";

const schema = { type: "object", properties: { a: { type: "string" } } };
const described = { name: "f", description: "d", parameters: schema, strict: true };
const tool = { type: "function", function: described };
const format = { type: "json_schema", json_schema: { name: "n", description: "d", schema, strict: true } };
const allowed = (mode: string) => ({
  type: "allowed_tools",
  allowed_tools: { mode, tools: [{ type: "function", function: { name: "f" } }] },
});

const asItIs: readonly (readonly [name: string, fields: object])[] = [
  ["temperature", { temperature: 0.5 }],
  ["top_p", { top_p: 0.25 }],
  ["top_k", { top_k: 4 }],
  ["n", { n: 2 }],
  ["seed", { seed: 7 }],
  ["presence_penalty", { presence_penalty: -2 }],
  ["frequency_penalty", { frequency_penalty: 2 }],
  ["logprobs", { logprobs: true, top_logprobs: 5 }],
  ["max_tokens", { max_tokens: 5 }],
  ["max_completion_tokens", { max_completion_tokens: 5 }],
  ["reasoning_effort", { reasoning_effort: "high" }],
  ["verbosity", { verbosity: "low" }],
  ["service_tier", { service_tier: "flex" }],
  ["user", { user: "u" }],
  ["parallel_tool_calls", { parallel_tool_calls: false }],
  ["logit_bias", { logit_bias: { "50256": -100 } }],
  ["metadata", { metadata: { a: "b" } }],
  ["stop as a list", { stop: ["a", "b"] }],
  ["tools with a forced one", { tools: [tool], tool_choice: { type: "function", function: { name: "f" } } }],
  ["tools of which some are allowed", { tools: [tool], tool_choice: allowed("auto") }],
  ["tools of which some must be called", { tools: [tool], tool_choice: allowed("required") }],
  ["tool_choice by a word", { tools: [tool], tool_choice: "required" }],
  ["response_format text", { response_format: { type: "text" } }],
  ["response_format json_object", { response_format: { type: "json_object" } }],
  ["response_format json_schema", { response_format: format }],
  ["thinking", { thinking: { type: "enabled", budget_tokens: 2_048 } }],
  ["thinking off", { thinking: { type: "disabled" } }],
  ["thinking that is summarised", { thinking: { type: "adaptive", display: "summarized" } }],
];

const others: readonly (readonly [name: string, fields: object, chat: object, notes?: readonly string[]])[] =
  [
    ["stop as one text", { stop: "a" }, { stop: ["a"] }],
    ["an empty list of stops", { stop: [] }, { stop: undefined }],
    [
      "both bounds: the newer counts",
      { max_tokens: 1, max_completion_tokens: 2 },
      { max_completion_tokens: 2, max_tokens: undefined },
    ],
    [
      "usage asked for",
      { stream_options: { include_usage: true } },
      { stream_options: { include_usage: true } },
    ],
    ["usage not asked for", { stream_options: {} }, { stream_options: { include_usage: false } }],
    ["text as the modality", { modalities: ["text"] }, { others: {} }],
    ["another modality", { modalities: ["text", "audio"] }, { others: {} }, ["modalities;dropped"]],
    [
      "a tool that runs at OpenAI",
      { tools: [tool, { type: "web_search" }] },
      { tools: [tool] },
      ["tools.1;dropped"],
    ],
    [
      "a custom tool forced",
      {
        tools: [{ type: "custom", custom: { name: "c" } }],
        tool_choice: { type: "custom", custom: { name: "c" } },
      },
      { tools: undefined, tool_choice: undefined },
      ["tools.0;dropped", "tool_choice;dropped"],
    ],
    [
      "a tool to be cached",
      { tools: [{ ...tool, cache_control: { type: "ephemeral", ttl: "1h" } }] },
      { tools: [{ ...tool, cache_control: { type: "ephemeral", ttl: "1h" } }] },
    ],
    ["an empty list of tools", { tools: [] }, { tools: undefined }],
    [
      "functions",
      { functions: [described] },
      { tools: [{ type: "function", function: described }], tool_choice: undefined },
    ],
    ["functions that are off", { functions: [described], function_call: "none" }, { tool_choice: "none" }],
    [
      "a function forced",
      { functions: [described], function_call: { name: "f" } },
      { tool_choice: { type: "function", function: { name: "f" } } },
    ],
    [
      "tools beside functions: the newer count",
      { tools: [tool], functions: [{ name: "g" }] },
      { tools: [tool] },
    ],
    [
      "fields without a place",
      { store: true, prediction: { type: "content" }, enable_thinking: false },
      { others: { store: true, prediction: { type: "content" }, enable_thinking: false } },
    ],
    [
      "null, which is as good as none",
      {
        temperature: null,
        stop: null,
        tools: null,
        tool_choice: null,
        response_format: null,
        metadata: null,
        thinking: null,
      },
      {
        temperature: undefined,
        stop: undefined,
        tools: undefined,
        tool_choice: undefined,
        response_format: undefined,
        metadata: undefined,
        thinking: undefined,
        others: {},
      },
    ],
  ];

describe("fields that the chat form has too", () => {
  test.each(asItIs)("%s", (_name, fields) => {
    const { chat, notes } = read(fields);
    expect(chat).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
      stream: false,
      others: {},
      ...fields,
    });
    expect(notes).toEqual([]);
  });
});

describe("fields that become others", () => {
  test.each(others.map((row) => [row[0], row] as const))("%s", (_name, [, fields, expected, notes = []]) => {
    const found = read(fields);
    for (const [name, value] of Object.entries(expected)) {
      if (value === undefined) expect(found.chat).not.toHaveProperty(name);
      else expect(found.chat).toMatchObject({ [name]: value });
    }
    expect(found.notes).toEqual(notes);
  });

  test("numbers keep their digits", () => {
    const fields = parseExactJson(
      '{"temperature":1.0,"seed":12345678901234567890,"logit_bias":{"1":1e2}}',
    ) as object;
    const { temperature, seed, logit_bias: bias } = read(fields).chat;
    expect(JSON.stringify({ temperature, seed, bias })).toBe(
      '{"temperature":1.0,"seed":12345678901234567890,"bias":{"1":1e2}}',
    );
  });

  test("a member named like the prototype harms nobody", () => {
    const { chat } = read(JSON.parse('{"__proto__":{"temperature":2},"constructor":1}') as object);
    expect(chat.temperature).toBeUndefined();
    expect(Object.keys(chat.others).toSorted()).toEqual(["__proto__", "constructor"]);
    expect(({} as { temperature?: number }).temperature).toBeUndefined();
  });
});

const hi = [{ role: "user", content: "Hi" }];
const faults: readonly (readonly [name: string, body: unknown, param: string | undefined])[] = [
  ["a list in place of a request", [], undefined],
  ["a number", parseExactJson("1.0"), undefined],
  ["no messages", {}, "messages"],
  ["an empty list of messages", { messages: [] }, "messages"],
  ["messages that are none", { messages: "Hi" }, "messages"],
  ["temperature", { messages: hi, temperature: "1" }, "temperature"],
  ["max_tokens", { messages: hi, max_tokens: {} }, "max_tokens"],
  ["max_completion_tokens", { messages: hi, max_completion_tokens: [] }, "max_completion_tokens"],
  ["n", { messages: hi, n: true }, "n"],
  ["logprobs", { messages: hi, logprobs: 1 }, "logprobs"],
  ["parallel_tool_calls", { messages: hi, parallel_tool_calls: "no" }, "parallel_tool_calls"],
  ["user", { messages: hi, user: 1 }, "user"],
  ["reasoning_effort", { messages: hi, reasoning_effort: 1 }, "reasoning_effort"],
  ["metadata", { messages: hi, metadata: [] }, "metadata"],
  ["logit_bias", { messages: hi, logit_bias: parseExactJson("1.0") }, "logit_bias"],
  ["stream_options", { messages: hi, stream_options: 1 }, "stream_options"],
  ["stop", { messages: hi, stop: 1 }, "stop"],
  ["one of the stops", { messages: hi, stop: ["a", 1] }, "stop.1"],
  ["modalities", { messages: hi, modalities: "text" }, "modalities"],
  ["tools", { messages: hi, tools: {} }, "tools"],
  ["a tool", { messages: hi, tools: [1] }, "tools.0"],
  ["the type of a tool", { messages: hi, tools: [{}] }, "tools.0.type"],
  ["a tool without function", { messages: hi, tools: [{ type: "function" }] }, "tools.0.function"],
  [
    "a function without name",
    { messages: hi, tools: [{ type: "function", function: {} }] },
    "tools.0.function.name",
  ],
  [
    "its description",
    { messages: hi, tools: [{ type: "function", function: { name: "f", description: 1 } }] },
    "tools.0.function.description",
  ],
  [
    "its parameters",
    { messages: hi, tools: [{ type: "function", function: { name: "f", parameters: [] } }] },
    "tools.0.function.parameters",
  ],
  [
    "its strictness",
    { messages: hi, tools: [{ type: "function", function: { name: "f", strict: 1 } }] },
    "tools.0.function.strict",
  ],
  ["tool_choice", { messages: hi, tool_choice: "any" }, "tool_choice"],
  ["a choice without function", { messages: hi, tool_choice: { type: "function" } }, "tool_choice.function"],
  [
    "a choice without name",
    { messages: hi, tool_choice: { type: "function", function: {} } },
    "tool_choice.function.name",
  ],
  ["a choice without type", { messages: hi, tool_choice: {} }, "tool_choice.type"],
  [
    "the mode of allowed tools",
    { messages: hi, tool_choice: allowed("all") },
    "tool_choice.allowed_tools.mode",
  ],
  ["functions", { messages: hi, functions: {} }, "functions"],
  ["a function", { messages: hi, functions: [1] }, "functions.0"],
  ["function_call", { messages: hi, functions: [{ name: "f" }], function_call: "any" }, "function_call"],
  [
    "function_call without name",
    { messages: hi, functions: [{ name: "f" }], function_call: {} },
    "function_call.name",
  ],
  ["response_format", { messages: hi, response_format: "json" }, "response_format"],
  ["its type", { messages: hi, response_format: { type: "yaml" } }, "response_format.type"],
  [
    "its schema's holder",
    { messages: hi, response_format: { type: "json_schema" } },
    "response_format.json_schema",
  ],
  [
    "its schema's name",
    { messages: hi, response_format: { type: "json_schema", json_schema: {} } },
    "response_format.json_schema.name",
  ],
  [
    "its schema",
    { messages: hi, response_format: { type: "json_schema", json_schema: { name: "n", schema: 1 } } },
    "response_format.json_schema.schema",
  ],
  ["thinking", { messages: hi, thinking: true }, "thinking"],
  ["the type of thinking", { messages: hi, thinking: { type: "on" } }, "thinking.type"],
  [
    "its budget",
    { messages: hi, thinking: { type: "enabled", budget_tokens: "1" } },
    "thinking.budget_tokens",
  ],
];

describe("what is malformed is refused by name", () => {
  test.each(faults)("%s", (_name, body, param) => {
    expect(faultOf(body)).toEqual({ code: "invalid_request", param });
  });
});
