// Messages of an OpenAI chat completion request: what the chat form has of them, and what is said to be at fault.
import { describe, expect, test } from "vitest";
import { faultOf, read, readOne } from "./request-fixture.ts";

const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
const signed = { google: { thought_signature: "s" } };

const asItIs: readonly (readonly [name: string, message: object])[] = [
  ["a system prompt", { role: "system", content: "s" }],
  ["a developer's", { role: "developer", content: [{ type: "text", text: "s" }], name: "dev" }],
  ["words with a name", { role: "user", content: "Hi", name: "ann" }],
  [
    "a picture",
    {
      role: "user",
      content: [
        { type: "text", text: "a" },
        { type: "image_url", image_url: { url: "https://x/a.png", detail: "low" } },
      ],
    },
  ],
  [
    "a picture by its id",
    { role: "user", content: [{ type: "image_url", image_url: { url: "", file_id: "file-1" } }] },
  ],
  [
    "sound",
    { role: "user", content: [{ type: "input_audio", input_audio: { data: "AA==", format: "wav" } }] },
  ],
  ["a film", { role: "user", content: [{ type: "video_url", video_url: { url: "https://x/a.mp4" } }] }],
  ["a file by its id", { role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] }],
  [
    "a file with its bytes",
    {
      role: "user",
      content: [{ type: "file", file: { file_data: "data:application/pdf;base64,AA==", filename: "a.pdf" } }],
    },
  ],
  [
    "a part to be cached",
    { role: "user", content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] },
  ],
  ["an answer", { role: "assistant", content: "a" }],
  ["a refusal", { role: "assistant", content: null, refusal: "no" }],
  ["a refusal as a part", { role: "assistant", content: [{ type: "refusal", refusal: "no" }] }],
  ["calls", { role: "assistant", content: null, tool_calls: [call, { ...call, id: "c2" }] }],
  ["a signed call", { role: "assistant", content: "a", tool_calls: [{ ...call, extra_content: signed }] }],
  ["thinking", { role: "assistant", content: "a", reasoning_content: "t" }],
  [
    "signed thinking",
    {
      role: "assistant",
      content: "a",
      reasoning_details: [{ type: "thinking", index: 0, text: "t", signature: "s", format: "anthropic" }],
    },
  ],
  [
    "sealed thinking",
    {
      role: "assistant",
      content: "a",
      reasoning_details: [{ type: "redacted_thinking", index: 2, data: "d", format: "anthropic" }],
    },
  ],
  [
    "a block of a service's tool",
    {
      role: "assistant",
      content: "a",
      server_blocks: [{ index: 0, format: "anthropic", block: { type: "server_tool_use" } }],
    },
  ],
  ["a result", { role: "tool", tool_call_id: "c1", content: "r" }],
  [
    "a failed result with parts",
    {
      role: "tool",
      tool_call_id: "c1",
      content: [{ type: "text", text: "r" }],
      is_error: true,
      cache_control: { type: "ephemeral", ttl: "1h" },
    },
  ],
];

const changed: readonly (readonly [name: string, message: object, chat: object])[] = [
  ["an answer of nothing", { role: "assistant" }, { role: "assistant", content: null }],
  [
    "an empty list of calls",
    { role: "assistant", content: "a", tool_calls: [] },
    { role: "assistant", content: "a" },
  ],
  [
    "arguments left out",
    { role: "assistant", tool_calls: [{ id: "c", function: { name: "f" } }] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "" } }],
    },
  ],
  [
    "a signature where it once stood",
    { role: "assistant", tool_calls: [{ ...call, ...signed }] },
    { role: "assistant", content: null, tool_calls: [{ ...call, extra_content: signed }] },
  ],
  [
    "thinking as OpenRouter calls it",
    { role: "assistant", content: "a", reasoning: "t" },
    { role: "assistant", content: "a", reasoning_content: "t" },
  ],
  [
    "a summary of another maker's thinking",
    {
      role: "assistant",
      content: "a",
      reasoning_details: [{ type: "reasoning.summary", summary: "t", index: 0 }],
    },
    { role: "assistant", content: "a", reasoning_details: [{ type: "thinking", index: 0, text: "t" }] },
  ],
  [
    "another maker's sealed thinking",
    { role: "assistant", content: "a", reasoning_details: [{ type: "reasoning.encrypted", data: "d" }] },
    {
      role: "assistant",
      content: "a",
      reasoning_details: [{ type: "redacted_thinking", index: 0, data: "d" }],
    },
  ],
  [
    "a place that is none",
    { role: "assistant", content: "a", reasoning_details: [{ type: "thinking", text: "t", index: 1e300 }] },
    { role: "assistant", content: "a", reasoning_details: [{ type: "thinking", text: "t", index: 0 }] },
  ],
  [
    "details that say nothing",
    { role: "assistant", content: "a", reasoning_details: [1, { type: "x" }] },
    { role: "assistant", content: "a" },
  ],
  [
    "blocks that are none",
    { role: "assistant", content: "a", server_blocks: [1, { index: 0 }] },
    { role: "assistant", content: "a" },
  ],
  [
    "a result of nothing",
    { role: "tool", tool_call_id: "c", content: null },
    { role: "tool", tool_call_id: "c", content: "" },
  ],
  [
    "members of parts that are null",
    {
      role: "user",
      content: [{ type: "image_url", image_url: { url: "u", detail: null }, cache_control: null }],
    },
    { role: "user", content: [{ type: "image_url", image_url: { url: "u" } }] },
  ],
];

describe("messages that the chat form has too", () => {
  test.each(asItIs)("%s", (_name, message) => expect(readOne(message)).toEqual(message));

  test("parts without null are not copied", () => {
    const content = [{ type: "text", text: "a" }];
    expect(readOne({ role: "user", content })).toHaveProperty("content", content);
    const { messages } = read({ messages: [{ role: "user", content }] }).chat;
    expect(messages[0]?.content).toBe(content);
  });
});

describe("messages that become others", () => {
  test.each(changed)("%s", (_name, message, chat) => expect(readOne(message)).toEqual(chat));

  test("calls of the form before tools get ids, and their results find them", () => {
    const called = { role: "assistant", content: null, function_call: { name: "f x", arguments: "{}" } };
    const result = { role: "function", name: "f x", content: "r" };
    const { messages } = read({ messages: [called, result, called, result] }).chat;
    expect(
      messages.map((message) => ("tool_calls" in message ? message.tool_calls?.[0]?.id : undefined)),
    ).toEqual(["call_f_x_1", undefined, "call_f_x_2", undefined]);
    expect(messages.map((message) => ("tool_call_id" in message ? message.tool_call_id : undefined))).toEqual(
      [undefined, "call_f_x_1", undefined, "call_f_x_2"],
    );
  });

  test("a custom tool's call is one of a function, and sound of an answer has no place", () => {
    const custom = { id: "c", type: "custom", custom: { name: "p", input: "x" } };
    const { chat, notes } = read({
      messages: [{ role: "assistant", tool_calls: [custom], audio: { id: "a" } }],
    });
    expect(chat.messages[0]).toMatchObject({
      tool_calls: [{ id: "c", function: { name: "p", arguments: '{"input":"x"}' } }],
    });
    expect(notes).toEqual(["messages.0.tool_calls.0.custom;rewritten", "messages.0.audio;dropped"]);
  });
});

const part = (content: unknown) => ({ role: "user", content: [content] });
const said = (fields: object) => ({ role: "assistant", content: "a", ...fields });
const at = (rest: string): string => `messages.0.${rest}`;
const faults: readonly (readonly [name: string, message: unknown, param: string])[] = [
  ["no object", "Hi", "messages.0"],
  ["no role", { content: "Hi" }, at("role")],
  ["an unknown role", { role: "judge", content: "Hi" }, at("role")],
  ["a name", { role: "user", content: "Hi", name: 1 }, at("name")],
  ["no words", { role: "user" }, at("content")],
  ["no words of a system", { role: "system", content: null }, at("content")],
  [
    "a picture in a system prompt",
    { role: "system", content: [{ type: "image_url" }] },
    at("content.0.type"),
  ],
  ["a part", part(1), at("content.0")],
  ["the type of a part", part({ type: "smell" }), at("content.0.type")],
  ["a text", part({ type: "text" }), at("content.0.text")],
  [
    "what is to be cached",
    part({ type: "text", text: "a", cache_control: "yes" }),
    at("content.0.cache_control"),
  ],
  ["a picture", part({ type: "image_url" }), at("content.0.image_url")],
  ["its URL", part({ type: "image_url", image_url: {} }), at("content.0.image_url.url")],
  [
    "its detail",
    part({ type: "image_url", image_url: { url: "u", detail: 1 } }),
    at("content.0.image_url.detail"),
  ],
  ["a film", part({ type: "video_url", video_url: "u" }), at("content.0.video_url")],
  ["sound", part({ type: "input_audio", input_audio: { format: "wav" } }), at("content.0.input_audio.data")],
  [
    "its format",
    part({ type: "input_audio", input_audio: { data: "" } }),
    at("content.0.input_audio.format"),
  ],
  ["a file of nothing", part({ type: "file", file: { filename: "a" } }), at("content.0.file")],
  ["a file's id", part({ type: "file", file: { file_id: 1 } }), at("content.0.file.file_id")],
  ["a refusal", said({ refusal: 1 }), at("refusal")],
  ["a picture in an answer", said({ content: [{ type: "image_url" }] }), at("content.0.type")],
  ["thinking", said({ reasoning_content: 1 }), at("reasoning_content")],
  ["details of it", said({ reasoning_details: {} }), at("reasoning_details")],
  ["blocks", said({ server_blocks: 1 }), at("server_blocks")],
  ["calls", said({ tool_calls: {} }), at("tool_calls")],
  ["a call", said({ tool_calls: [1] }), at("tool_calls.0")],
  ["its id", said({ tool_calls: [{ function: { name: "f" } }] }), at("tool_calls.0.id")],
  ["its function", said({ tool_calls: [{ id: "c" }] }), at("tool_calls.0.function")],
  ["its name", said({ tool_calls: [{ id: "c", function: {} }] }), at("tool_calls.0.function.name")],
  [
    "its arguments",
    said({ tool_calls: [{ id: "c", function: { name: "f", arguments: {} } }] }),
    at("tool_calls.0.function.arguments"),
  ],
  ["a custom call", said({ tool_calls: [{ id: "c", type: "custom" }] }), at("tool_calls.0.custom")],
  ["a call of a function", said({ function_call: 1 }), at("function_call")],
  ["a result without id", { role: "tool", content: "r" }, at("tool_call_id")],
  ["a result of a function without name", { role: "function", content: "r" }, at("name")],
];

describe("what is malformed is refused by name", () => {
  test.each(faults)("%s", (_name, message, param) => {
    expect(faultOf({ messages: [message] })).toEqual({ code: "invalid_request", param });
  });
});
