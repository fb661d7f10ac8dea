import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { ChatMessage, ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";

interface Asked {
  readonly body: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

function ask(chat: Partial<ChatRequest>, traits: ModelTraits = {}): Asked {
  const context = contextOf({ traits });
  const { body, path } = openaiService.request(chatRequest(chat), context);
  expect(path).toBe("/v1/chat/completions");
  return { body, notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

const call = (id: string, rest: object = {}) =>
  ({ id, type: "function", function: { name: "f", arguments: "{}" }, ...rest }) as const;
const tool: ChatTool = {
  type: "function",
  function: { name: "f", parameters: { type: "object", properties: {} } },
};
const pixel = "data:image/png;base64,AAAA";
const image = { type: "image_url", image_url: { url: pixel } } as const;
const schema = { type: "object", properties: { a: { type: "string" } } };
const format = { type: "json_schema", json_schema: { name: "n", schema } } as const;

describe("messages", () => {
  const rows: readonly (readonly [
    name: string,
    messages: readonly ChatMessage[],
    sent: unknown,
    notes?: readonly string[],
  ])[] = [
    [
      "system texts are one text",
      [
        {
          role: "system",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b", cache_control: { type: "ephemeral" } },
          ],
        },
        { role: "user", content: "c" },
      ],
      [
        { role: "system", content: "a\n\nb" },
        { role: "user", content: "c" },
      ],
      ["cache_control;dropped"],
    ],
    [
      "defect 17: several texts of a user are all said",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
      [{ role: "user", content: "a\n\nb" }],
    ],
    [
      "texts beside an image stay parts",
      [{ role: "user", content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }, image] }],
      [{ role: "user", content: [{ type: "text", text: "a" }, image] }],
      ["cache_control;dropped"],
    ],
    [
      "images in results of tools follow the last result",
      [
        { role: "assistant", tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "x" }, image] },
        { role: "tool", tool_call_id: "b", content: [image] },
        { role: "user", content: "c" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: "x" },
        { role: "tool", tool_call_id: "b", content: "The result follows in the next message." },
        {
          role: "user",
          content: [
            { type: "text", text: "Belongs to the result of tool call a:" },
            image,
            { type: "text", text: "Belongs to the result of tool call b:" },
            image,
          ],
        },
        { role: "user", content: "c" },
      ],
      ["messages.1.content;rewritten", "messages.2.content;rewritten"],
    ],
    [
      "a failed tool says so",
      [{ role: "tool", tool_call_id: "a", content: "no such file", is_error: true }],
      [{ role: "tool", tool_call_id: "a", content: "Error: no such file" }],
    ],
    [
      "thinking is left out where it is not wanted",
      [
        {
          role: "assistant",
          content: "a",
          reasoning_content: "t",
          reasoning_details: [{ type: "thinking", index: 0, text: "t", signature: "s" }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: "a" },
        { role: "user", content: "b" },
      ],
      ["messages.0.reasoning_content;dropped"],
    ],
    [
      "a turn that is only calls has no text, and empty arguments are an object",
      [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "" } }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a")] },
        { role: "user", content: "b" },
      ],
    ],
    [
      "Google's state is for Google",
      [
        {
          role: "assistant",
          tool_calls: [call("a", { extra_content: { google: { thought_signature: "s" } } })],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a")] },
        { role: "user", content: "b" },
      ],
    ],
    [
      "what the last turn began is not gone on with",
      [
        { role: "user", content: "b" },
        { role: "assistant", content: "{" },
      ],
      [
        { role: "user", content: "b" },
        { role: "assistant", content: "{" },
      ],
      ["messages.1;rewritten"],
    ],
    [
      "blocks of the service's own tools have no place",
      [
        {
          role: "assistant",
          content: "a",
          server_blocks: [{ index: 0, format: "anthropic", block: { type: "server_tool_use" } }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: "a" },
        { role: "user", content: "b" },
      ],
      ["messages.0.server_blocks;dropped"],
    ],
    [
      "documents: texts become texts, bytes become files",
      [
        {
          role: "user",
          content: [
            { type: "file", file: { text: "words", title: "T", context: "C" } },
            {
              type: "file",
              file: {
                file_data: "data:application/pdf;base64,AAAA",
                filename: "a.pdf",
                citations: { enabled: true },
              },
            },
            { type: "file", file: { file_data: "data:application/pdf;base64,AAAA" } },
          ],
        },
      ],
      [
        {
          role: "user",
          content: [
            { type: "text", text: "T\nC\n\nwords" },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
            {
              type: "file",
              file: { filename: "document.pdf", file_data: "data:application/pdf;base64,AAAA" },
            },
          ],
        },
      ],
      ["messages.0.content.1.citations;dropped"],
    ],
  ];

  test.each(rows)("%s", (_name, messages, sent, notes = []) => {
    const asked = ask({ messages });
    expect(asked.body["messages"]).toEqual(sent);
    expect(asked.notes).toEqual(notes);
  });

  test("an image of the service's own files is refused with its place", () => {
    const messages: ChatMessage[] = [
      { role: "user", content: [{ type: "image_url", image_url: { url: "", file_id: "f" } }] },
    ];
    expect(() => ask({ messages })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "messages.0.content.0" }),
    );
  });

  test("a document that is named by URL is asked for, and sent as bytes", () => {
    const url = "https://example.com/a.pdf";
    const messages: ChatMessage[] = [{ role: "user", content: [{ type: "file", file: { file_url: url } }] }];
    const chat = chatRequest({ messages });
    expect(openaiService.media?.(chat, contextOf())).toEqual([{ url, param: "messages.0.content.0" }]);
    const context = contextOf({ media: new Map([[url, { type: "application/pdf", base64: "AAAA" }]]) });
    expect(openaiService.request(chat, context).body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,AAAA" } },
        ],
      },
    ]);
  });
});

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

  test.each(rows)("%s", (_name, chat, traits, sent, notes = []) => {
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

describe("ids of calls", () => {
  const idsFor = (id: string, traits: ModelTraits): unknown[] => {
    const { body } = ask(
      {
        messages: [
          { role: "assistant", tool_calls: [call(id)] },
          { role: "tool", tool_call_id: id, content: "x" },
        ],
      },
      traits,
    );
    // What is sent is known here.
    const [turn, result] = body["messages"] as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    return [turn?.tool_calls?.[0]?.id, result?.tool_call_id];
  };

  test.each<readonly [string, string, ModelTraits, RegExp]>([
    ["stay as they are", "toolu_01A", {}, /^toolu_01A$/],
    ["are shortened where they are too long", "x".repeat(60), {}, /^call_[0-9a-f]{24}$/],
    [
      "are nine letters and digits for Mistral",
      "toolu_01A",
      { toolIds: "nine-alphanumerics" },
      /^[0-9a-f]{9}$/,
    ],
    ["of Mistral's own stay", "abcDEF123", { toolIds: "nine-alphanumerics" }, /^abcDEF123$/],
  ])("%s", (_name, id, traits, expected) => {
    const [sent, answered] = idsFor(id, traits);
    expect(sent).toMatch(expected);
    expect(answered).toBe(sent);
  });
});

describe("how much to think", () => {
  const enabled = (budget: number): Partial<ChatRequest> => ({
    thinking: { type: "enabled", budget_tokens: budget },
  });
  const rows: readonly (readonly [
    name: string,
    chat: Partial<ChatRequest>,
    traits: ModelTraits,
    sent: object,
    notes?: readonly string[],
  ])[] = [
    [
      "a small budget is a low effort",
      enabled(4_095),
      {},
      { reasoning_effort: "low" },
      ["thinking;rewritten"],
    ],
    ["a middling one is medium", enabled(4_096), {}, { reasoning_effort: "medium" }, ["thinking;rewritten"]],
    ["a large one is high", enabled(16_384), {}, { reasoning_effort: "high" }, ["thinking;rewritten"]],
    [
      "an effort is an effort",
      { thinking: { type: "adaptive" }, reasoning_effort: "medium" },
      {},
      { reasoning_effort: "medium" },
    ],
    [
      "the greatest is xhigh",
      { thinking: { type: "adaptive" }, reasoning_effort: "max" },
      {},
      { reasoning_effort: "xhigh" },
      ["reasoning_effort;clamped"],
    ],
    [
      "the greatest stays where it is known",
      { reasoning_effort: "max" },
      { thinking: "effort", efforts: ["low", "max"] },
      { reasoning_effort: "max" },
    ],
    [
      "the nearest weaker one",
      { reasoning_effort: "xhigh" },
      { thinking: "effort", efforts: ["low", "medium", "high"] },
      { reasoning_effort: "high" },
      ["reasoning_effort;clamped"],
    ],
    [
      "adaptive without an effort is the model's own way",
      { thinking: { type: "adaptive" } },
      {},
      { reasoning_effort: undefined },
      ["thinking;rewritten"],
    ],
    [
      "off is not said to a model that may not know the word",
      { thinking: { type: "disabled" } },
      {},
      { reasoning_effort: undefined },
    ],
    [
      "off, where it is an effort",
      { thinking: { type: "disabled" } },
      { thinking: "effort", efforts: ["none", "low"] },
      { reasoning_effort: "none" },
    ],
    [
      "off, where the least is some",
      { thinking: { type: "disabled" } },
      { thinking: "effort", efforts: ["minimal", "low"] },
      { reasoning_effort: "minimal" },
    ],
    [
      "a model that cannot",
      enabled(2_000),
      { thinking: "none" },
      { reasoning_effort: undefined, thinking: undefined },
      ["thinking;dropped"],
    ],
    [
      "a switch (GLM, Kimi)",
      enabled(2_000),
      { thinking: "switch" },
      { thinking: { type: "enabled" }, reasoning_effort: undefined },
      ["thinking;rewritten"],
    ],
    [
      "a switch, off",
      { thinking: { type: "disabled" } },
      { thinking: "switch" },
      { thinking: { type: "disabled" } },
    ],
    [
      "a switch with a budget (Qwen)",
      enabled(2_000),
      { thinking: "budget", thinkingField: "enable_thinking" },
      { enable_thinking: true, thinking_budget: 2_000 },
    ],
    [
      "a budget within the model's",
      enabled(90_000),
      { thinking: "budget", thinkingField: "enable_thinking", thinkingBudget: { min: 1, max: 30_000 } },
      { thinking_budget: 30_000 },
      ["thinking;clamped"],
    ],
    [
      "an effort as a budget",
      { reasoning_effort: "medium" },
      { thinking: "budget", thinkingField: "enable_thinking" },
      { enable_thinking: true, thinking_budget: 8_192 },
      ["reasoning_effort;rewritten"],
    ],
    [
      "a forced tool wins over thinking",
      { ...enabled(2_000), tools: [tool], tool_choice: "required" },
      { thinking: "switch" },
      { thinking: { type: "disabled" }, tool_choice: "required" },
      ["thinking;dropped"],
    ],
    [
      "nothing asked, nothing said",
      {},
      { thinking: "switch" },
      { thinking: undefined, reasoning_effort: undefined },
    ],
  ];

  test.each(rows)("%s", (_name, chat, traits, sent, notes = []) => {
    const asked = ask(chat, traits);
    for (const [name, value] of Object.entries(sent)) expect(asked.body[name], name).toEqual(value);
    expect(asked.notes).toEqual(notes);
  });

  test("defect 9: thoughts of earlier turns go back where they are wanted", () => {
    const messages: ChatMessage[] = [
      {
        role: "assistant",
        reasoning_details: [{ type: "thinking", index: 0, text: "t" }],
        tool_calls: [call("a")],
      },
      { role: "tool", tool_call_id: "a", content: "x" },
    ];
    const { body, notes } = ask({ messages }, { wantsReasoningBack: true });
    expect(body["messages"]).toMatchObject([{ reasoning_content: "t" }, {}]);
    expect(notes).toEqual([]);
  });

  test("Google's state goes back where it is wanted", () => {
    const extra = { extra_content: { google: { thought_signature: "s" } } };
    const { body } = ask(
      { messages: [{ role: "assistant", tool_calls: [call("a", extra)] }] },
      { wantsThoughtSignatures: true },
    );
    expect(body["messages"]).toMatchObject([{ tool_calls: [extra] }]);
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
