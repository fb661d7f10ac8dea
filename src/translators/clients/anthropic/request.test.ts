import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { contextOf } from "../../translation-fixture.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { assistant, read, tool, user } from "./request-fixture.ts";

describe("what is malformed is refused with its place", () => {
  const rows: readonly (readonly [fields: object, param: string])[] = [
    [{ max_tokens: undefined }, "max_tokens"],
    [{ max_tokens: 0 }, "max_tokens"],
    [{ max_tokens: "5" }, "max_tokens"],
    [{ messages: undefined }, "messages"],
    [{ messages: [] }, "messages"],
    [{ messages: [7] }, "messages.0"],
    [{ messages: [{ role: "tool", content: "x" }] }, "messages.0.role"],
    [{ messages: [{ role: "user" }] }, "messages.0.content"],
    [user(), "messages.0.content"],
    [user({ text: "a" }), "messages.0.content.0.type"],
    [user({ type: "text" }), "messages.0.content.0.text"],
    [user({ type: "hologram" }), "messages.0.content.0.type"],
    [user({ type: "image" }), "messages.0.content.0.source"],
    [user({ type: "image", source: { type: "fax" } }), "messages.0.content.0.source.type"],
    [
      user({ type: "image", source: { type: "base64", data: "A" } }),
      "messages.0.content.0.source.media_type",
    ],
    [user({ type: "tool_result", content: "x" }), "messages.0.content.0.tool_use_id"],
    [
      user({ type: "tool_result", tool_use_id: "a", content: [{ type: "x" }] }),
      "messages.0.content.0.content.0.type",
    ],
    [assistant({ type: "image" }), "messages.1.content.0.type"],
    [assistant({ type: "tool_use", name: "f" }), "messages.1.content.0.id"],
    [assistant({ type: "tool_use", id: "c", name: "f", input: "x" }), "messages.1.content.0.input"],
    [{ system: 7 }, "system"],
    [{ system: [{ type: "image", source: { type: "url", url: "u" } }] }, "system.0.type"],
    [{ temperature: "hot" }, "temperature"],
    [{ stop_sequences: [7] }, "stop_sequences.0"],
    [{ tools: {} }, "tools"],
    [{ tools: [{ name: "f" }] }, "tools.0.input_schema"],
    [{ tools: [{ input_schema: {} }] }, "tools.0.name"],
    [{ tool_choice: { type: "any" } }, "tool_choice"],
    [{ tools: [tool], tool_choice: { type: "tool", name: "g" } }, "tool_choice.name"],
    [{ tools: [tool], tool_choice: { type: "maybe" } }, "tool_choice.type"],
    [{ thinking: { type: "enabled" } }, "thinking.budget_tokens"],
    [{ thinking: { type: "hard" } }, "thinking.type"],
    [{ output_config: { format: { type: "xml" } } }, "output_config.format.type"],
    [{ output_format: { type: "json_schema" } }, "output_format.schema"],
    [{ metadata: { user_id: 7 } }, "metadata.user_id"],
  ];
  test.each(rows.map(([fields, param]) => [param, JSON.stringify(fields), fields] as const))(
    "%s of %s",
    (param, _text, fields) => {
      expect(() => read(fields)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
    },
  );

  test.each([
    ["a list", []],
    ["null", null],
    ["a text", "x"],
  ])("a body that is %s", (_name, body) => {
    expect(() => anthropicClient.request({ body, model: "m", stream: false }, contextOf())).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });

  test("no model", () => {
    expect(() => anthropicClient.request({ body: {}, model: undefined, stream: false }, contextOf())).toThrow(
      expect.objectContaining({ param: "model" }),
    );
  });
});

test("digits of numbers in inputs of calls stay as they were written", () => {
  const body = parseExactJson(
    '{"max_tokens":10,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{"x":1.0,"n":12345678901234567890,"e":1e3}}]}]}',
  );
  const { messages } = anthropicClient.request({ body, model: "m", stream: false }, contextOf());
  expect(messages).toMatchObject([
    { tool_calls: [{ function: { arguments: '{"x":1.0,"n":12345678901234567890,"e":1e3}' } }] },
  ]);
});

test("keys of prototypes are fields like others", () => {
  const body: unknown = JSON.parse(
    '{"max_tokens":10,"__proto__":{"a":1},"constructor":2,"messages":[{"role":"user","content":[{"type":"text","text":"a","__proto__":{"cache_control":{"type":"ephemeral"}}}]}]}',
  );
  const { messages, others } = anthropicClient.request({ body, model: "m", stream: false }, contextOf());
  expect(messages).toEqual([{ role: "user", content: "a" }]);
  expect(Object.keys(others)).toEqual(["__proto__", "constructor"]);
});

test("fields are reported by the names that the client wrote", () => {
  const context = contextOf();
  const body = {
    max_tokens: 10,
    system: "s",
    messages: [
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "x" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", content: "c" },
    ],
    tools: [{ type: "bash_20250124", name: "bash" }, tool],
    output_config: { effort: "high" },
  };
  anthropicClient.request({ body, model: "m", stream: false }, context);
  const names = [
    "messages.0",
    "messages.2.content.3",
    "messages.3.reasoning_content",
    "tools.0.function.strict",
    "stop",
    "user",
    "parallel_tool_calls",
    "reasoning_effort",
    "response_format",
    "top_p",
    "messages.99",
  ];
  expect(names.map((name) => context.notes.clientName(name))).toEqual([
    "system",
    "messages.0.content",
    "messages.1.content",
    "tools.1.function.strict",
    "stop_sequences",
    "metadata.user_id",
    "tool_choice.disable_parallel_tool_use",
    "output_config.effort",
    "output_config.format",
    "top_p",
    "messages.99",
  ]);
});
