// Chunks put together say what a whole answer would.
import { describe, expect, test } from "vitest";
import { answerChunks } from "./answer-chunks.ts";
import type { ChatAnswer, ChatChunk, ChatDelta, FinishReason } from "./chat-answer.ts";
import { GatheredAnswer } from "./gather-chunks.ts";

const head = { id: "c", created: 1, model: "m" };

function chunk(
  delta: ChatDelta,
  { index = 0, finish = null }: { index?: number; finish?: FinishReason | null } = {},
): ChatChunk {
  return { ...head, object: "chat.completion.chunk", choices: [{ index, delta, finish_reason: finish }] };
}

function gathered(...chunks: readonly ChatChunk[]): ChatAnswer | undefined {
  const answer = new GatheredAnswer();
  for (const each of chunks) answer.add(each);
  return answer.answer;
}

const message = (...chunks: readonly ChatChunk[]) => gathered(...chunks)?.choices[0]?.message;

const rows: readonly (readonly [name: string, deltas: readonly ChatDelta[], message: object])[] = [
  ["words", [{ role: "assistant", content: "" }, { content: "He" }, { content: "y" }], { content: "Hey" }],
  ["nothing at all", [{}], { content: null }],
  ["a refusal", [{ refusal: "n" }, { refusal: "o" }], { content: null, refusal: "no" }],
  [
    "thinking",
    [{ reasoning_content: "a" }, { reasoning_content: "b" }],
    { content: null, reasoning_content: "ab" },
  ],
  [
    "blocks of thinking: texts join, the rest is replaced",
    [
      { reasoning_details: [{ type: "thinking", index: 1, text: "a", format: "anthropic" }] },
      { reasoning_details: [{ type: "redacted_thinking", index: 0, data: "d" }] },
      { reasoning_details: [{ type: "thinking", index: 1, text: "b" }] },
      { reasoning_details: [{ type: "thinking", index: 1, signature: "s" }] },
    ],
    {
      content: null,
      reasoning_details: [
        { type: "redacted_thinking", index: 0, data: "d" },
        { type: "thinking", index: 1, text: "ab", signature: "s", format: "anthropic" },
      ],
    },
  ],
  [
    "calls in any order, in pieces",
    [
      { tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "g", arguments: "" } }] },
      { tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x"' } }] },
      { tool_calls: [{ index: 0, id: "", function: { name: "", arguments: ":1.0}" } }] },
      { tool_calls: [{ index: 1, extra_content: { google: { thought_signature: "s" } } }] },
    ],
    {
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: '{"x":1.0}' } },
        {
          id: "b",
          type: "function",
          function: { name: "g", arguments: "" },
          extra_content: { google: { thought_signature: "s" } },
        },
      ],
    },
  ],
  [
    "sources and blocks of a service's tools",
    [
      { annotations: [{ a: 1 }] },
      { annotations: [{ a: 2 }], server_blocks: [{ index: 0, format: "anthropic", block: {} }] },
    ],
    {
      content: null,
      annotations: [{ a: 1 }, { a: 2 }],
      server_blocks: [{ index: 0, format: "anthropic", block: {} }],
    },
  ],
];

describe("a choice", () => {
  test.each(rows)("%s", (_name, deltas, expected) => {
    expect(message(...deltas.map((delta) => chunk(delta)))).toEqual({ role: "assistant", ...expected });
  });

  test.each<[FinishReason | null, boolean, FinishReason]>([
    ["length", true, "length"],
    ["stop", true, "stop"],
    [null, true, "tool_calls"],
    [null, false, "stop"],
  ])("an end of %s, with calls: %s, is %s", (finish, called, expected) => {
    const delta: ChatDelta = called ? { tool_calls: [{ index: 0, id: "a" }] } : { content: "a" };
    expect(gathered(chunk(delta, { finish }))?.choices[0]?.finish_reason).toBe(expected);
  });

  test("logprobs of all chunks stand in one list", () => {
    const logprobs = (token: string) => ({ content: [{ token }], refusal: null });
    const chunks = ["a", "b"].map((token): ChatChunk => ({
      ...chunk({}),
      choices: [{ index: 0, delta: { content: token }, finish_reason: null, logprobs: logprobs(token) }],
    }));
    expect(gathered(...chunks)?.choices[0]?.logprobs).toEqual({ content: [{ token: "a" }, { token: "b" }] });
  });
});

describe("an answer", () => {
  test("of no chunk is none", () => expect(gathered()).toBeUndefined());

  test("has its choices in order, and the last usage that was told", () => {
    const usage = (tokens: number) => ({
      prompt_tokens: 1,
      completion_tokens: tokens,
      total_tokens: tokens + 1,
    });
    const answer = gathered(
      chunk({ content: "b" }, { index: 1 }),
      { ...chunk({ content: "a" }), usage: usage(1) },
      { ...chunk({}), choices: [], usage: usage(2) },
    );
    expect(answer).toMatchObject({ ...head, object: "chat.completion", usage: usage(2) });
    expect(answer?.choices.map(({ index, message: said }) => [index, said.content])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
  });

  test("in chunks and put together is the same", () => {
    const whole: ChatAnswer = {
      ...head,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "a",
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
            reasoning_content: "t",
            reasoning_details: [{ type: "thinking", index: 0, text: "t", signature: "s" }],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    };
    expect(gathered(...answerChunks(whole))).toEqual(whole);
  });
});
