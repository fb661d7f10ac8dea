import { describe, expect, test } from "vitest";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

const text = (said: string, more: object = {}) => ({ type: "text", text: said, ...more });

function message(fields: object): object {
  return { id: "msg_1", type: "message", role: "assistant", model: "claude-y", content: [], ...fields };
}

function read(body: unknown, fields: Partial<ChatRequest> = {}): ChatAnswer {
  const answer = anthropicService.answer(body, chatRequest(fields), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  return answer;
}

function choiceOf(fields: object): ChatAnswer["choices"][number] | undefined {
  return read(message(fields)).choices[0];
}

test("the frame of an answer", () => {
  expect(
    read(message({ content: [text("Hi")], stop_reason: "end_turn", usage: { service_tier: "standard" } })),
  ).toEqual({
    id: "msg_1",
    object: "chat.completion",
    created: 1_790_000_000,
    model: "claude-y",
    choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
    service_tier: "default",
  });
});

describe("blocks", () => {
  const rows = [
    {
      name: "defect 17: texts are put together, whatever stands between them",
      content: [text("One "), { type: "web_search_tool_result", content: [] }, text("two")],
      said: {
        content: "One two",
        server_blocks: [
          { index: 1, format: "anthropic", block: { type: "web_search_tool_result", content: [] } },
        ],
      },
    },
    {
      name: "what a text cites has its place in the whole text",
      content: [
        text("One "),
        text("two", {
          citations: [
            { type: "web_search_result_location", url: "https://x.test", title: "X", cited_text: "2" },
            { type: "char_location", cited_text: "2", document_index: 0 },
          ],
        }),
      ],
      said: {
        content: "One two",
        annotations: [
          {
            type: "url_citation",
            url_citation: { start_index: 4, end_index: 7, url: "https://x.test", title: "X" },
          },
          {
            type: "citation",
            citation: {
              start_index: 4,
              end_index: 7,
              type: "char_location",
              cited_text: "2",
              document_index: 0,
            },
          },
        ],
      },
    },
    {
      name: "defect 9: thinking keeps signatures, seals and places",
      content: [
        { type: "thinking", thinking: "Hm", signature: "s0" },
        { type: "redacted_thinking", data: "sealed" },
        text("Looking"),
        text("."),
        { type: "thinking", thinking: " more", signature: "s3" },
        { type: "tool_use", id: "toolu_1", name: "look", input: { a: 1 } },
      ],
      said: {
        content: "Looking.",
        reasoning_content: "Hm more",
        reasoning_details: [
          { type: "thinking", index: 0, text: "Hm", signature: "s0", format: "anthropic" },
          { type: "redacted_thinking", index: 1, data: "sealed", format: "anthropic" },
          { type: "thinking", index: 3, text: " more", signature: "s3", format: "anthropic" },
        ],
        tool_calls: [{ id: "toolu_1", type: "function", function: { name: "look", arguments: '{"a":1}' } }],
      },
    },
    {
      name: "calls without words have no content",
      content: [{ type: "tool_use", id: "toolu_1", name: "look", input: {} }],
      said: {
        content: null,
        tool_calls: [{ id: "toolu_1", type: "function", function: { name: "look", arguments: "{}" } }],
      },
    },
    { name: "nothing at all is an empty text", content: [], said: { content: "" } },
    { name: "what is no block is passed over", content: [null, 1, "x", text("Hi")], said: { content: "Hi" } },
  ];
  test.each(rows)("$name", ({ content, said }) => {
    expect(choiceOf({ content, stop_reason: "end_turn" })?.message).toEqual({ role: "assistant", ...said });
  });
});

describe("why it ended", () => {
  const call = [{ type: "tool_use", id: "toolu_1", name: "look", input: {} }];
  test.each([
    { reason: "end_turn", finish: "stop" },
    { reason: "stop_sequence", finish: "stop" },
    { reason: "pause_turn", finish: "stop" },
    { reason: "compaction", finish: "stop" },
    { reason: "max_tokens", finish: "length" },
    { reason: "model_context_window_exceeded", finish: "length" },
    { reason: "tool_use", content: call, finish: "tool_calls" },
    { reason: "refusal", finish: "content_filter" },
    { reason: "constructor", finish: "stop" },
    { reason: null, finish: "stop" },
    { reason: null, content: call, finish: "tool_calls" },
  ])("$reason is $finish", ({ reason, finish, content = [] }) => {
    expect(choiceOf({ content, stop_reason: reason })?.finish_reason).toBe(finish);
  });

  test("a refusal with its explanation", () => {
    const details = { type: "refusal", category: "cyber", explanation: "Not this." };
    expect(choiceOf({ stop_reason: "refusal", stop_details: details })).toEqual({
      index: 0,
      message: { role: "assistant", content: null, refusal: "Not this." },
      finish_reason: "content_filter",
    });
  });

  test("the text that it stopped at", () => {
    expect(choiceOf({ stop_reason: "stop_sequence", stop_sequence: "END" })?.stop_sequence).toBe("END");
  });
});

describe("usage", () => {
  test.each([
    { name: "none was told", usage: undefined, told: undefined },
    {
      name: "plain",
      usage: { input_tokens: 3, output_tokens: 2 },
      told: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    },
    {
      name: "defect 4: what was read from and written to a cache is part of the prompt",
      usage: {
        input_tokens: 3,
        output_tokens: 2,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 10,
      },
      told: {
        prompt_tokens: 113,
        completion_tokens: 2,
        total_tokens: 115,
        prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 10 },
      },
    },
    {
      name: "thinking",
      usage: { input_tokens: 3, output_tokens: 20, output_tokens_details: { thinking_tokens: 15 } },
      told: {
        prompt_tokens: 3,
        completion_tokens: 20,
        total_tokens: 23,
        completion_tokens_details: { reasoning_tokens: 15 },
      },
    },
  ])("$name", ({ usage, told }) => {
    expect(read(message({ usage })).usage).toEqual(told);
  });
});

describe("an answer that a tool had to take", () => {
  const chat = {
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", schema: { type: "object", properties: {} } },
    },
  } as const;
  const context = () => contextOf({ traits: { jsonSchema: false } });
  const called = { type: "tool_use", id: "toolu_1", name: "answer", input: { a: 1 } };

  test.each([
    { name: "alone", content: [called], finish: "stop", calls: 0 },
    { name: "behind words", content: [text("Here: "), called], finish: "stop", calls: 0 },
    {
      name: "beside another call",
      content: [called, { ...called, name: "look" }],
      finish: "tool_calls",
      calls: 1,
    },
  ])("is the text of the answer, $name", ({ content, finish, calls }) => {
    const body = message({ content, stop_reason: "tool_use" });
    const answer = anthropicService.answer(body, chatRequest(chat), context());
    expect(answer).toMatchObject({ choices: [{ message: { content: '{"a":1}' }, finish_reason: finish }] });
    expect(JSON.stringify(answer).split('"type":"function"')).toHaveLength(calls + 1);
  });
});

describe("defect 10: errors inside a 200 and what is no message", () => {
  test.each([
    {
      name: "overloaded",
      body: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      error: { status: 529, message: "Overloaded" },
    },
    {
      name: "the gateway's own key",
      body: { type: "error", error: { type: "authentication_error", message: "no" } },
      error: { status: 502, message: "no" },
    },
    { name: "an error in words", body: { error: "broken" }, error: { status: 502, message: "broken" } },
    ...[{}, [], null, 7, "x", { content: "x" }].map((body) => ({
      name: JSON.stringify(body),
      body,
      error: {
        status: 502,
        message: "The model service answered with something that is no message of Anthropic's.",
      },
    })),
  ])("$name", ({ body, error }) => {
    expect(anthropicService.answer(body, chatRequest({}), contextOf())).toEqual(error);
  });
});

describe("bodies of error statuses", () => {
  test.each([
    {
      name: "Anthropic's",
      body: '{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too large"},"request_id":"r"}',
      error: { message: "max_tokens: too large", code: "invalid_request_error" },
    },
    { name: "a message", body: '{"message":"no"}', error: { message: "no" } },
    { name: "a detail", body: '{"detail":"no"}', error: { message: "no" } },
    { name: "an error in words", body: '{"error":"no"}', error: { message: "no" } },
    {
      name: "a code that is a status",
      body: '{"error":{"code":"429","message":"slow","param":"p"}}',
      error: { message: "slow", param: "p" },
    },
    { name: "plain text", body: " upstream broke\n", error: { message: "upstream broke" } },
    {
      name: "a page",
      body: "<html><body>502</body></html>",
      error: { message: "The model service answered with status 418." },
    },
    { name: "nothing", body: "", error: { message: "The model service answered with status 418." } },
    {
      name: "half of a JSON",
      body: '{"error":',
      error: { message: "The model service answered with status 418." },
    },
  ])("$name", ({ body, error }) => {
    expect(anthropicService.error(418, body)).toEqual(error);
  });

  test("a long text is cut", () => {
    expect(anthropicService.error(500, "x".repeat(5000)).message).toHaveLength(1000);
  });
});
