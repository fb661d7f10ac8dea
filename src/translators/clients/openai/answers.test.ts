// Answers and chunks of the chat form as OpenAI's clients get them, in the form before tools as well.
import { describe, expect, test } from "vitest";
import type { ChatAnswer, ChatChunk, ChatDelta, FinishReason } from "../../chat/chat-answer.ts";
import { contextOf, writeStream } from "../../translation-fixture.ts";
import type { ClientRequest } from "../../translation.ts";
import { openaiClient } from "./openai-client.ts";

const request: ClientRequest = { body: {}, model: "m", stream: false };
const withFunctions: ClientRequest = { ...request, body: { functions: [] } };

const calls = [
  { id: "c1", type: "function" as const, function: { name: "f", arguments: "{}" } },
  { id: "c2", type: "function" as const, function: { name: "g", arguments: "{}" } },
];

function answerOf(
  message: Partial<ChatAnswer["choices"][number]["message"]>,
  finish: FinishReason = "stop",
): ChatAnswer {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m-1",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, ...message },
        finish_reason: finish,
        stop_sequence: "END",
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };
}

const answer = (given: ChatAnswer, to = request): unknown => openaiClient.answer(given, to, contextOf());

describe("whole answers", () => {
  test("have every field that OpenAI's have, and nothing that only others know", () => {
    expect(answer(answerOf({ content: "a" }))).toEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "m-1",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "a", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  test("keep calls, thinking, its state and sources", () => {
    const more = {
      tool_calls: calls,
      reasoning_content: "t",
      reasoning_details: [{ type: "thinking" as const, index: 0, text: "t", signature: "s" }],
      annotations: [{ type: "url_citation" }],
    };
    expect(answer(answerOf(more, "tool_calls"))).toMatchObject({
      choices: [{ message: more, finish_reason: "tool_calls" }],
    });
  });

  test("logprobs stay", () => {
    const given = answerOf({ content: "a" });
    const logprobs = { content: [{ token: "a" }] };
    const choices = given.choices.map((choice) => ({ ...choice, logprobs }));
    expect(answer({ ...given, choices })).toMatchObject({ choices: [{ logprobs }] });
  });

  test("to a client that knows functions only are its first call", () => {
    const found = answer(answerOf({ tool_calls: calls }, "tool_calls"), withFunctions);
    expect(found).toMatchObject({
      choices: [
        { message: { function_call: { name: "f", arguments: "{}" } }, finish_reason: "function_call" },
      ],
    });
    expect(found).not.toHaveProperty("choices.0.message.tool_calls");
  });
});

function chunk(
  delta: ChatDelta,
  { index = 0, finish = null }: { index?: number; finish?: FinishReason | null } = {},
): ChatChunk {
  return {
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index, delta, finish_reason: finish }],
  };
}

function streamed(chunks: readonly ChatChunk[], to = request): unknown[] {
  const text = writeStream(openaiClient, chunks, to);
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  const events = text.split("\n\n").slice(0, -2);
  return events.map((event) => (JSON.parse(event.slice("data: ".length)) as { choices: unknown }).choices);
}

describe("streams", () => {
  test("name the role with the first chunk of each choice, and never again", () => {
    const chunks = [
      chunk({ role: "assistant", content: "a" }),
      chunk({ content: "b" }),
      chunk({ content: "c" }, { index: 1 }),
      chunk({ content: "d" }, { index: 1 }),
      chunk({}, { finish: "stop" }),
    ];
    expect(streamed(chunks)).toEqual([
      [{ index: 0, delta: { role: "assistant", content: "a" }, finish_reason: null }],
      [{ index: 0, delta: { content: "b" }, finish_reason: null }],
      [{ index: 1, delta: { role: "assistant", content: "c" }, finish_reason: null }],
      [{ index: 1, delta: { content: "d" }, finish_reason: null }],
      [{ index: 0, delta: {}, finish_reason: "stop" }],
    ]);
  });

  test("a first chunk of nothing has an empty text, as OpenAI's", () => {
    expect(streamed([chunk({ role: "assistant" })])).toEqual([
      [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
    ]);
  });

  test("usage has no choice", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    expect(streamed([{ ...chunk({}), choices: [], usage }])).toEqual([[]]);
  });

  test("an end does not tell the stop sequence, which OpenAI does not know", () => {
    const [choice] = chunk({}, { finish: "stop" }).choices;
    if (choice === undefined) throw new Error("no choice");
    const end = { ...chunk({}), choices: [{ ...choice, stop_sequence: "END" }] };
    expect(streamed([chunk({ content: "a" }), end])[1]).toEqual([
      { index: 0, delta: {}, finish_reason: "stop" },
    ]);
  });

  test("to a client that knows functions only are pieces of its first call", () => {
    const [first, second] = calls.map((call, index) => ({ ...call, index }));
    if (first === undefined || second === undefined) throw new Error("no calls");
    const chunks = [
      chunk({ tool_calls: [first] }),
      chunk({ tool_calls: [second] }),
      chunk({}, { finish: "tool_calls" }),
    ];
    expect(streamed(chunks, withFunctions)).toEqual([
      [
        {
          index: 0,
          delta: { role: "assistant", function_call: { name: "f", arguments: "{}" } },
          finish_reason: null,
        },
      ],
      [{ index: 0, delta: {}, finish_reason: null }],
      [{ index: 0, delta: {}, finish_reason: "function_call" }],
    ]);
  });

  test("a stream that broke ends with an error and never with [DONE]", () => {
    const text = openaiClient
      .stream(request, contextOf())
      .fail({ code: "upstream_error", status: 502, message: "broke", requestId: "r" });
    expect(text).toContain('"message":"broke"');
    expect(text).not.toContain("[DONE]");
  });
});
