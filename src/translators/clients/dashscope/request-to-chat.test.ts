// What clients of DashScope's native generation ask for.
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import { contextOf } from "../../translation-fixture.ts";
import { dashscopeClient } from "./dashscope-client.ts";

const input = { messages: [{ role: "user", content: "Hi" }] };

function read(body: unknown): { readonly chat: JsonObject; readonly warnings: readonly string[] } {
  const context = contextOf();
  const chat = dashscopeClient.request({ body, model: "qwen-plus", stream: false }, context);
  const { messages, others, ...rest } = chat;
  const warnings = context.notes.warnings.map(({ field, action }) => `${field};${action}`);
  return { chat: { messages, others: { ...others }, ...rest }, warnings };
}

const base = { model: "qwen-plus", stream: false, messages: [{ role: "user", content: "Hi" }], others: {} };
const weather = { type: "function", function: { name: "weather", parameters: { type: "object" } } };

describe("parameters", () => {
  test.each<[name: string, parameters: JsonObject, chat: JsonObject, warnings?: readonly string[]]>([
    ["none", {}, {}],
    ["of the answer's form", { result_format: "message", incremental_output: true }, {}],
    ["bounds", { max_tokens: 5, n: 2, seed: 0 }, { max_tokens: 5, n: 2, seed: 0 }],
    ["the newer bound", { max_completion_tokens: 5 }, { max_completion_tokens: 5 }],
    [
      "of sampling",
      { temperature: 0, top_p: 0.5, top_k: 3, presence_penalty: 1 },
      { temperature: 0, top_p: 0.5, top_k: 3, presence_penalty: 1 },
    ],
    ["one end", { stop: "END" }, { stop: ["END"] }],
    [
      "several ends, one of them of tokens",
      { stop: ["END", [1, 2]] },
      { stop: ["END"] },
      ["parameters.stop;dropped"],
    ],
    [
      "tools",
      { tools: [weather], tool_choice: "none", parallel_tool_calls: false },
      { tools: [weather], tool_choice: "none", parallel_tool_calls: false },
    ],
    ["thinking", { enable_thinking: true }, { thinking: { type: "enabled" } }],
    ["much thinking", { thinking_budget: 50 }, { thinking: { type: "enabled", budget_tokens: 50 } }],
    ["no thinking", { enable_thinking: false, thinking_budget: 50 }, { thinking: { type: "disabled" } }],
    ["an effort", { reasoning_effort: "high" }, { reasoning_effort: "high" }],
    [
      "a form of JSON",
      { response_format: { type: "json_object" } },
      { response_format: { type: "json_object" } },
    ],
    [
      "that only DashScope knows",
      { enable_search: true, repetition_penalty: 1.1 },
      { others: { enable_search: true, repetition_penalty: 1.1 } },
    ],
  ])("%s are read", (_, parameters, chat, warnings = []) => {
    const seen = read({ model: "qwen-plus", input, parameters });
    expect(seen.chat).toEqual({ ...base, ...chat });
    expect(seen.warnings).toEqual(warnings);
  });

  test("keep the digits of numbers", () => {
    const body = parseExactJson(
      `{"input":{"prompt":"Hi"},"parameters":{"temperature":0.50,"seed":12345678901234567890}}`,
    );
    expect(JSON.stringify(read(body).chat)).toContain('"temperature":0.50,"seed":12345678901234567890');
  });
});

const call = (id: string | undefined): JsonObject => ({
  id,
  type: "function",
  function: { name: "weather", arguments: "{}" },
});

describe("messages", () => {
  test.each<[name: string, input: JsonObject, messages: readonly unknown[], warnings?: readonly string[]]>([
    ["a prompt", { prompt: "Hi", messages: [] }, [{ role: "user", content: "Hi" }]],
    [
      "a prompt after a history",
      { prompt: "B", history: [{ user: "A", bot: "a" }] },
      [
        { role: "user", content: "A" },
        { role: "assistant", content: "a" },
        { role: "user", content: "B" },
      ],
    ],
    [
      "messages beside a prompt",
      { prompt: "x", messages: [{ role: "user", content: "Hi" }] },
      [{ role: "user", content: "Hi" }],
      ["input.prompt;dropped"],
    ],
    [
      "parts",
      {
        messages: [
          { role: "system", content: [{ text: "S", cache_control: { type: "ephemeral" } }] },
          {
            role: "user",
            content: [
              { image: "https://x/i.png", min_pixels: 5 },
              { audio: "data:audio/wav;base64,AA==" },
              { audio: "https://x/a.mp3?z" },
              { video: "https://x/v.mp4" },
              { video: ["https://x/1.png", "https://x/2.png"] },
              { type: "doc_url", doc_url: ["https://x/a.docx"], file_parsing_strategy: "auto" },
              { text: "What?" },
            ],
          },
          { role: "assistant", content: [] },
        ],
      },
      [
        { role: "system", content: [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }] },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "https://x/i.png" } },
            { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
            { type: "input_audio", input_audio: { data: "https://x/a.mp3?z", format: "mp3" } },
            { type: "video_url", video_url: { url: "https://x/v.mp4" } },
            { type: "image_url", image_url: { url: "https://x/1.png" } },
            { type: "image_url", image_url: { url: "https://x/2.png" } },
            { type: "file", file: { file_url: "https://x/a.docx" } },
            { type: "text", text: "What?" },
          ],
        },
        { role: "assistant", content: "" },
      ],
      [
        "input.messages.1.content.0.min_pixels;dropped",
        "input.messages.1.content.4.video;rewritten",
        "input.messages.1.content.5.file_parsing_strategy;dropped",
      ],
    ],
    [
      "calls and results",
      {
        messages: [
          { role: "assistant", content: "", tool_calls: [call("a"), call("b")], reasoning_content: "hm" },
          { role: "tool", content: "B", tool_call_id: "b" },
          { role: "tool", content: [{ text: "A" }], name: "weather" },
        ],
      },
      [
        { role: "assistant", content: "", tool_calls: [call("a"), call("b")], reasoning_content: "hm" },
        { role: "tool", tool_call_id: "b", content: "B" },
        { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "A" }] },
      ],
    ],
    [
      "a start of the answer",
      { messages: [{ role: "assistant", content: "A", partial: true }] },
      [{ role: "assistant", content: "A" }],
      ["input.messages.0.partial;dropped"],
    ],
  ])("%s are read", (_, given, messages, warnings = []) => {
    const seen = read({ model: "qwen-plus", input: given });
    expect(seen.chat["messages"]).toEqual(messages);
    expect(seen.warnings).toEqual(warnings);
  });
});

describe("a request is refused by the place that is at fault", () => {
  test.each<[param: string | undefined, body: unknown]>([
    [undefined, []],
    [undefined, 12],
    ["input", {}],
    ["input", { input: {} }],
    ["input.messages", { input: { messages: {} } }],
    ["input.messages.0", { input: { messages: [null] } }],
    ["input.messages.0.role", { input: { messages: [{ role: "bot", content: "" }] } }],
    ["input.messages.0.content", { input: { messages: [{ role: "user", content: 5 }] } }],
    ["input.messages.0.content.0", { input: { messages: [{ role: "user", content: [5] }] } }],
    [
      "input.messages.0.content.0.image",
      { input: { messages: [{ role: "user", content: [{ image: 5 }] }] } },
    ],
    ["input.messages.0.tool_call_id", { input: { messages: [{ role: "tool", content: "x" }] } }],
    ["input.history.0.bot", { input: { prompt: "a", history: [{ user: "b" }] } }],
    ["parameters", { input, parameters: [] }],
    ["parameters.temperature", { input, parameters: { temperature: "hot" } }],
    ["parameters.tools.0.function", { input, parameters: { tools: [{ type: "function" }] } }],
    ["parameters.enable_thinking", { input, parameters: { enable_thinking: "yes" } }],
    ["parameters.thinking_budget", { input, parameters: { thinking_budget: "5" } }],
  ])("%s", (param, body) => {
    const refuse = (): unknown => read(body);
    expect(refuse).toThrow(GatewayError);
    expect(refuse).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });
});
