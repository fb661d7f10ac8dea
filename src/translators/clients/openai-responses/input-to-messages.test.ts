// Items of Responses requests, one row each; the request of a coding agent is written by hand after what Codex sends.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { contextOf } from "../../translation-fixture.ts";
import { packState } from "./kept-state.ts";
import { responsesClient } from "./openai-responses-client.ts";

function chatOf(body: JsonObject): { chat: ChatRequest; warnings: string[] } {
  const context = contextOf();
  const chat = responsesClient.request({ body, model: "m", stream: body["stream"] === true }, context);
  return { chat, warnings: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

const custom = {
  type: "custom",
  name: "apply_patch",
  description: "Patches.",
  format: { type: "grammar", syntax: "lark", definition: "start: x" },
};

const state = packState({ type: "thinking", format: "anthropic", signature: "sig" });
const summary = [{ type: "summary_text", text: "Hm." }];

const inputs: [string, JsonObject[], object[], string[]?][] = [
  [
    "parts of a user's message",
    [
      {
        role: "user",
        content: [
          { type: "input_text", text: "Look", prompt_cache_breakpoint: { mode: "explicit" } },
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
          { type: "input_image", file_id: "file_1" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" },
          { type: "input_file", file_url: "https://a/b.pdf" },
          { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
        ],
      },
    ],
    [
      {
        role: "user",
        content: [
          { type: "text", text: "Look", cache_control: { type: "ephemeral" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
          { type: "image_url", image_url: { url: "", file_id: "file_1" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" } },
          { type: "file", file: { file_url: "https://a/b.pdf" } },
          { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
        ],
      },
    ],
  ],
  [
    "defect 17: several system messages and several texts",
    [
      { role: "system", content: "A" },
      { role: "developer", content: [{ type: "input_text", text: "B" }] },
      {
        role: "assistant",
        content: [
          { type: "output_text", text: "C", annotations: [] },
          { type: "output_text", text: "D" },
        ],
      },
    ],
    [
      { role: "system", content: "A" },
      { role: "developer", content: "B" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "C" },
          { type: "text", text: "D" },
        ],
      },
    ],
  ],
  [
    "defect 9: thinking, text, parallel calls and their results",
    [
      { type: "reasoning", id: "rs_1", summary, encrypted_content: state },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "So" }] },
      { type: "function_call", call_id: "a", name: "f", arguments: '{"x":1}' },
      { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "gAAAA" },
      { type: "function_call", call_id: "b", name: "f", arguments: "" },
      { type: "function_call_output", call_id: "a", output: "1" },
      {
        type: "function_call_output",
        call_id: "b",
        output: [{ type: "input_image", image_url: "https://a/b.png" }],
      },
    ],
    [
      {
        role: "assistant",
        content: "So",
        reasoning_content: "Hm.",
        tool_calls: [
          { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
          { id: "b", type: "function", function: { name: "f", arguments: "" } },
        ],
        reasoning_details: [
          { type: "thinking", index: 0, text: "Hm.", signature: "sig", format: "anthropic" },
          { type: "thinking", index: 3, data: "gAAAA", format: "responses", id: "rs_2" },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "1" },
      {
        role: "tool",
        tool_call_id: "b",
        content: [{ type: "image_url", image_url: { url: "https://a/b.png" } }],
      },
    ],
  ],
  [
    "a signature of Gemini's",
    [
      {
        type: "reasoning",
        summary: [],
        encrypted_content: packState({
          type: "thinking",
          format: "gemini",
          call: { id: "a", signature: "g" },
        }),
      },
      { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
    ],
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "a",
            type: "function",
            function: { name: "f", arguments: "{}" },
            extra_content: { google: { thought_signature: "g" } },
          },
        ],
      },
    ],
  ],
  [
    "thinking in plain words",
    [
      { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] },
      { role: "assistant", content: "So" },
    ],
    [
      {
        role: "assistant",
        content: "So",
        reasoning_content: "Hm.",
        reasoning_details: [{ type: "thinking", index: 0, text: "Hm.", id: "rs_1" }],
      },
    ],
  ],
  [
    "state that another version packed",
    [
      { type: "reasoning", summary, encrypted_content: "moongate-9-xyz" },
      { role: "assistant", content: "So" },
    ],
    [
      {
        role: "assistant",
        content: "So",
        reasoning_content: "Hm.",
        reasoning_details: [{ type: "thinking", index: 0, text: "Hm." }],
      },
    ],
    ["input.0.encrypted_content;dropped"],
  ],
  [
    "tools that the client runs",
    [
      { type: "custom_tool_call", call_id: "a", name: "apply_patch", input: "*** Begin" },
      {
        type: "local_shell_call",
        id: "lsh_1",
        call_id: "b",
        status: "completed",
        action: { type: "exec", command: ["ls"], env: {} },
      },
      { type: "shell_call", call_id: "c", action: { commands: ["ls"], timeout_ms: 5 } },
      { type: "apply_patch_call", call_id: "d", operation: { type: "delete_file", path: "a" } },
      { type: "custom_tool_call_output", call_id: "a", output: "done" },
      { type: "local_shell_call_output", id: "b", output: "a b" },
      {
        type: "shell_call_output",
        call_id: "c",
        output: [{ stdout: "a", stderr: "b", outcome: { type: "exit", exit_code: 1 } }],
      },
      { type: "apply_patch_call_output", call_id: "d", status: "completed", output: "gone" },
    ],
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "a",
            type: "function",
            function: { name: "apply_patch", arguments: '{"input":"*** Begin"}' },
          },
          {
            id: "b",
            type: "function",
            function: { name: "local_shell", arguments: '{"command":["ls"],"env":{}}' },
          },
          {
            id: "c",
            type: "function",
            function: { name: "shell", arguments: '{"commands":["ls"],"timeout_ms":5}' },
          },
          {
            id: "d",
            type: "function",
            function: { name: "apply_patch", arguments: '{"type":"delete_file","path":"a"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "done" },
      { role: "tool", tool_call_id: "b", content: "a b" },
      { role: "tool", tool_call_id: "c", content: "a\nb\nExit code 1." },
      { role: "tool", tool_call_id: "d", content: "gone" },
    ],
  ],
  [
    "calls of the service's own tools",
    [
      { type: "web_search_call", id: "ws_1", status: "completed" },
      { role: "user", content: "Hi" },
    ],
    [{ role: "user", content: "Hi" }],
    ["input.0;dropped"],
  ],
  [
    "thinking that led to nothing",
    [
      { type: "reasoning", summary, encrypted_content: state },
      { role: "user", content: "Hi" },
    ],
    [{ role: "user", content: "Hi" }],
    ["input.0;dropped"],
  ],
];

test.each(inputs)("input: %s", (_name, input, messages, warnings = []) => {
  const found = chatOf({ input });
  expect(found.chat.messages).toEqual(messages);
  expect(found.warnings).toEqual(warnings);
});

describe("a coding agent", () => {
  const agentTools = [
    ...Array.from({ length: 40 }, (_, index) => ({
      type: "function",
      name: `mcp_tool_${index}`,
      description: "A tool of an MCP server.",
      strict: false,
      parameters: {
        type: "object",
        properties: { path: { type: "string" } },
        required: ["path"],
        additionalProperties: false,
      },
    })),
    { type: "local_shell" },
    custom,
    { type: "web_search", external_web_access: false },
  ];
  const request = {
    model: "m",
    instructions: "You are a coding agent running in a terminal. ".repeat(400),
    input: [
      {
        type: "message",
        role: "developer",
        content: [{ type: "input_text", text: "<permissions>…</permissions>" }],
      },
      { type: "message", role: "user", content: [{ type: "input_text", text: "<environment_context>…" }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Fix the test." }] },
      { type: "reasoning", summary, content: null, encrypted_content: state },
      {
        type: "local_shell_call",
        call_id: "c1",
        status: "completed",
        action: { type: "exec", command: ["npm", "test"] },
      },
      { type: "function_call", name: "mcp_tool_1", arguments: '{"path":"a"}', call_id: "c2" },
      { type: "local_shell_call_output", call_id: "c1", output: "1 failed" },
      { type: "function_call_output", call_id: "c2", output: "contents" },
      {
        type: "reasoning",
        summary: [],
        encrypted_content: packState({ type: "redacted_thinking", format: "anthropic", data: "d" }),
      },
      {
        type: "custom_tool_call",
        call_id: "c3",
        name: "apply_patch",
        input: "*** Begin Patch",
        status: "completed",
      },
      { type: "custom_tool_call_output", call_id: "c3", output: '{"output":"ok"}' },
    ],
    tools: agentTools,
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "medium", summary: "auto" },
    store: false,
    stream: true,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: "019a",
    text: { verbosity: "medium" },
  };

  test("gets all its tools but those of the service, and its turns with their state", () => {
    const { chat, warnings } = chatOf(request);
    expect(chat.tools?.length).toBe(42);
    expect(warnings).toEqual(["tools.40;rewritten", "tools.41;rewritten", "tools.42;dropped"]);
    expect(chat.messages.map(({ role }) => role)).toEqual([
      "system",
      "developer",
      "user",
      "user",
      "assistant",
      "tool",
      "tool",
      "assistant",
      "tool",
    ]);
    expect(chat.messages[4]).toMatchObject({
      reasoning_details: [{ index: 0, signature: "sig", text: "Hm." }],
      tool_calls: [{ id: "c1" }, { id: "c2" }],
    });
    expect(chat.messages[7]).toMatchObject({
      reasoning_details: [{ type: "redacted_thinking", data: "d", format: "anthropic" }],
      tool_calls: [{ id: "c3" }],
    });
  });
});
