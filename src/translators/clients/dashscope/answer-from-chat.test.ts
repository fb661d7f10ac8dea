// How clients of DashScope's native generation are answered, in each of the forms that they may ask for.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatChunk, ChatDelta, FinishReason } from "../../chat/chat-answer.ts";
import { contextOf, writeStream } from "../../translation-fixture.ts";
import type { ClientRequest } from "../../translation.ts";
import { dashscopeClient } from "./dashscope-client.ts";

const input = { messages: [{ role: "user", content: "Hi" }] };

function asked(body: unknown, stream = false): ClientRequest {
  return { body, model: "qwen-plus", stream };
}

const call = (id: string): JsonObject => ({
  id,
  type: "function",
  function: { name: "weather", arguments: "{}" },
});

const usage = {
  prompt_tokens: 9,
  completion_tokens: 3,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 1, image_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const writtenUsage = {
  total_tokens: 12,
  output_tokens: 3,
  input_tokens: 9,
  image_tokens: 2,
  prompt_tokens_details: { cached_tokens: 4, cache_creation_input_tokens: 1 },
  output_tokens_details: { reasoning_tokens: 1 },
};

function answered(body: unknown): object {
  const answer = {
    id: "r",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Yes", reasoning_content: "hm" },
        finish_reason: "stop",
      },
    ],
    usage,
  } as const;
  return dashscopeClient.answer(answer, asked(body), contextOf());
}

describe("a whole answer", () => {
  const reasoned = { reasoning_content: "hm", role: "assistant" };

  test.each<[name: string, body: JsonObject, output: JsonObject]>([
    ["unasked is a text", { input, parameters: {} }, { finish_reason: "stop", text: "Yes" }],
    [
      "asked for as a message is one",
      { input, parameters: { result_format: "message" } },
      { choices: [{ message: { content: "Yes", ...reasoned }, index: 0, finish_reason: "stop" }] },
    ],
    [
      "with thinking is a message",
      { input, parameters: { enable_thinking: true } },
      { choices: [{ message: { content: "Yes", ...reasoned }, index: 0, finish_reason: "stop" }] },
    ],
    [
      "to parts has parts",
      { input: { messages: [{ role: "user", content: [{ text: "Hi" }] }] } },
      {
        choices: [{ message: { content: [{ text: "Yes" }], ...reasoned }, index: 0, finish_reason: "stop" }],
      },
    ],
  ])("%s", (_, body, output) => {
    expect(answered(body)).toEqual({ output, usage: writtenUsage, request_id: "r" });
  });

  test("with calls is a message though a text was asked for", () => {
    const answer = {
      id: "r",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }],
            annotations: [{ type: "url_citation", url_citation: { url: "https://x/", title: "X" } }],
          },
          finish_reason: "tool_calls",
        },
      ],
    } as const;
    expect(dashscopeClient.answer(answer, asked({ input }), contextOf())).toEqual({
      output: {
        choices: [
          {
            message: { content: "", tool_calls: [{ index: 0, ...call("a") }], role: "assistant" },
            index: 0,
            finish_reason: "tool_calls",
          },
        ],
        search_info: { search_results: [{ index: 1, title: "X", url: "https://x/" }] },
      },
      request_id: "r",
    });
  });
});

function chunk(delta: ChatDelta, finish: FinishReason | null = null): ChatChunk {
  return {
    id: "r",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

const ending: readonly ChatChunk[] = [
  chunk({}, "stop"),
  { id: "r", object: "chat.completion.chunk", created: 1, model: "m", choices: [], usage },
];

/** Data of the events, without their frames. */
function outputs(chunks: readonly ChatChunk[], parameters: JsonObject): unknown[] {
  const text = writeStream(dashscopeClient, chunks, asked({ input, parameters }, true));
  return text
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => (JSON.parse(line.slice("data:".length)) as JsonObject)["output"]);
}

describe("a stream", () => {
  const hello = [
    chunk({ role: "assistant" }),
    chunk({ content: "He" }),
    chunk({ content: "llo" }),
    ...ending,
  ];

  test("is framed as DashScope frames it, ends with its usage, and knows no [DONE]", () => {
    const text = writeStream(
      dashscopeClient,
      hello,
      asked({ input, parameters: { incremental_output: true } }, true),
    );
    expect(text).toBe(
      [
        'id:1\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"finish_reason":"null","text":"He"},"request_id":"r"}\n\n',
        'id:2\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"finish_reason":"null","text":"llo"},"request_id":"r"}\n\n',
        `id:3\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"finish_reason":"stop","text":""},"usage":${JSON.stringify(writtenUsage)},"request_id":"r"}\n\n`,
      ].join(""),
    );
  });

  test("repeats the whole text unless pieces were asked for", () => {
    expect(outputs(hello, {})).toEqual([
      { finish_reason: "null", text: "He" },
      { finish_reason: "null", text: "Hello" },
      { finish_reason: "stop", text: "Hello" },
    ]);
  });

  const calls = [
    chunk({ role: "assistant", reasoning_content: "h" }),
    chunk({ reasoning_content: "m" }),
    chunk({
      tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "weather", arguments: "" } }],
    }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }),
    chunk({}, "tool_calls"),
  ];
  const told = (message: JsonObject, finish = "null"): JsonObject => ({
    choices: [{ message: { content: "", ...message, role: "assistant" }, index: 0, finish_reason: finish }],
  });
  const piece = (id: string, called: JsonObject): JsonObject => ({
    tool_calls: [{ index: 0, id, type: "function", function: called }],
  });

  test("of pieces tells the id of a call once", () => {
    expect(outputs(calls, { result_format: "message", incremental_output: true })).toEqual([
      told({ reasoning_content: "h" }),
      told({ reasoning_content: "m" }),
      told(piece("a", { name: "weather", arguments: "" })),
      told(piece("", { arguments: '{"x"' })),
      told(piece("", { arguments: ":1}" })),
      told({}, "tool_calls"),
    ]);
  });

  test("of wholes repeats thinking and calls", () => {
    const thought = { reasoning_content: "hm" };
    const whole = (text: string): JsonObject => ({
      ...thought,
      ...piece("a", { name: "weather", arguments: text }),
    });
    expect(outputs(calls, { result_format: "message" })).toEqual([
      told({ reasoning_content: "h" }),
      told(thought),
      told(whole("")),
      told(whole('{"x"')),
      told(whole('{"x":1}')),
      told(whole('{"x":1}'), "tool_calls"),
    ]);
  });

  test("that broke ends with an event of the error", () => {
    const stream = dashscopeClient.stream(asked({ input }, true), contextOf());
    const error = { status: 502, code: "upstream_error", message: "m", requestId: "q" } as const;
    stream.chunk(chunk({ content: "a" }));
    expect(stream.fail(error)).toBe(
      'id:2\nevent:error\n:HTTP_STATUS/502\ndata:{"code":"upstream_error","message":"m","request_id":"q"}\n\n',
    );
  });
});
