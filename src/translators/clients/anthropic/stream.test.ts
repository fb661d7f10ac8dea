import { describe, expect, test } from "vitest";
import type { ChatAnswerMessage, ChatChunk, ChatDelta, FinishReason } from "../../chat/chat-answer.ts";
import { contextOf, writeStream } from "../../translation-fixture.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { readMessage, type ReadMessage } from "./message-fixture.ts";

const request = { body: {}, model: "asked", stream: true };
const head = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m" } as const;

const say = (delta: ChatDelta): ChatChunk => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: null }],
});
const end = (reason: FinishReason, rest: object = {}): ChatChunk => ({
  ...head,
  choices: [{ index: 0, delta: {}, finish_reason: reason, ...rest }],
});
const usage: ChatChunk = {
  ...head,
  choices: [],
  usage: {
    prompt_tokens: 10,
    completion_tokens: 4,
    total_tokens: 14,
    prompt_tokens_details: { cached_tokens: 6, cache_write_tokens: 1 },
  },
};
const begin = (index: number, id: string, name: string, text = ""): ChatChunk =>
  say({ tool_calls: [{ index, id, type: "function", function: { name, arguments: text } }] });
const go = (index: number, text: string): ChatChunk =>
  say({ tool_calls: [{ index, function: { arguments: text } }] });

const write = (chunks: readonly ChatChunk[]): ReadMessage =>
  readMessage(writeStream(anthropicClient, chunks, request));

/** Blocks as `type: what they say`. */
const told = ({ blocks }: ReadMessage): string[] =>
  blocks.map(({ type, text, thinking, signature, json, start }) =>
    type === "tool_use"
      ? `${type} ${String(start["id"])} ${String(start["name"])}: ${json}`
      : type === "redacted_thinking"
        ? `${type}: ${String(start["data"])}`
        : `${type}: ${text}${thinking}${signature === "" ? "" : ` (${signature})`}`,
  );

describe("blocks of a stream", () => {
  const rows: readonly (readonly [
    name: string,
    chunks: readonly ChatChunk[],
    blocks: readonly string[],
    reason?: string,
  ])[] = [
    [
      "words",
      [say({ role: "assistant" }), say({ content: "a" }), say({ content: "b" }), end("stop")],
      ["text: ab"],
    ],
    [
      "defect 8: no empty text leads",
      [say({ role: "assistant", content: "" }), begin(0, "i", "f", "{}"), end("tool_calls")],
      ["tool_use i f: {}"],
      "tool_use",
    ],
    [
      "defect 8: thoughts, then words, each in its own block",
      [say({ reasoning_content: "t" }), say({ content: "a" }), end("stop")],
      ["thinking: t", "text: a"],
    ],
    [
      "defect 8: one chunk with the last thought and the first word loses neither",
      [say({ reasoning_content: "t" }), say({ reasoning_content: "u", content: "a" }), end("stop")],
      ["thinking: tu", "text: a"],
    ],
    [
      "words, thoughts, words",
      [say({ content: "a" }), say({ reasoning_content: "t" }), say({ content: "b" }), end("stop")],
      ["text: a", "thinking: t", "text: b"],
    ],
    [
      "blocks of thinking with their signatures",
      [
        say({ reasoning_content: "t", reasoning_details: [{ type: "thinking", index: 0, text: "t" }] }),
        say({ reasoning_details: [{ type: "thinking", index: 0, signature: "s", format: "anthropic" }] }),
        say({ reasoning_details: [{ type: "redacted_thinking", index: 1, data: "d" }] }),
        say({ reasoning_content: "u", reasoning_details: [{ type: "thinking", index: 2, text: "u" }] }),
        say({ content: "a" }),
        end("stop"),
      ],
      ["thinking: t (s)", "redacted_thinking: d", "thinking: u", "text: a"],
    ],
    [
      "plain thoughts whose signature comes apart",
      [
        say({ reasoning_content: "t" }),
        say({ reasoning_details: [{ type: "thinking", index: 0, signature: "s" }] }),
        end("stop"),
      ],
      ["thinking: t (s)"],
    ],
    [
      "calls one after the other",
      [begin(0, "i", "f"), go(0, '{"x"'), go(0, ":1}"), begin(1, "j", "g"), go(1, "{}"), end("tool_calls")],
      ['tool_use i f: {"x":1}', "tool_use j g: {}"],
      "tool_use",
    ],
    [
      "defect 11: interleaved calls are told one after the other",
      [
        begin(0, "i", "f"),
        begin(1, "j", "g"),
        begin(2, "k", "h"),
        go(0, '{"x"'),
        go(1, '{"y"'),
        go(2, "{}"),
        go(0, ":1}"),
        go(1, ":2}"),
        end("tool_calls"),
      ],
      ['tool_use i f: {"x":1}', 'tool_use j g: {"y":2}', "tool_use k h: {}"],
      "tool_use",
    ],
    [
      "a call without arguments before another",
      [begin(0, "i", "f"), begin(1, "j", "g", '{"y":2}'), end("tool_calls")],
      ["tool_use i f: ", 'tool_use j g: {"y":2}'],
      "tool_use",
    ],
    [
      "brackets in texts of arguments end nothing",
      [begin(0, "i", "f"), go(0, '{"x":"}{\\"}"'), begin(1, "j", "g", "{}"), go(0, "}"), end("tool_calls")],
      ['tool_use i f: {"x":"}{\\"}"}', "tool_use j g: {}"],
      "tool_use",
    ],
    [
      "words while a call is not complete come behind it",
      [
        begin(0, "i", "f"),
        go(0, '{"x"'),
        say({ content: "a" }),
        go(0, ":1}"),
        say({ content: "b" }),
        end("tool_calls"),
      ],
      ['tool_use i f: {"x":1}', "text: ab"],
      "tool_use",
    ],
    [
      "words behind a complete call",
      [begin(0, "i", "f", "{}"), say({ content: "a" }), end("tool_calls")],
      ["tool_use i f: {}", "text: a"],
      "tool_use",
    ],
    [
      "calls count more than the reason",
      [begin(0, "i", "f", "{}"), end("stop")],
      ["tool_use i f: {}"],
      "tool_use",
    ],
    ["a refusal in words", [say({ refusal: "No." }), end("stop")], ["text: No."]],
    ["length", [say({ content: "a" }), end("length")], ["text: a"], "max_tokens"],
    ["content_filter", [end("content_filter")], [], "refusal"],
    [
      "ids have the characters that clients take",
      [begin(0, "functions.f:0", "f", "{}"), end("tool_calls")],
      ["tool_use toolu_as_ZnVuY3Rpb25zLmY6MA f: {}"],
      "tool_use",
    ],
  ];

  test.each(rows.map((row) => [row[0], row] as const))(
    "%s",
    (_name, [, chunks, blocks, reason = "end_turn"]) => {
      for (const all of [chunks, [...chunks, usage]]) {
        const message = write(all);
        expect(told(message)).toEqual(blocks);
        expect(message).toMatchObject({
          complete: true,
          stopReason: reason,
          model: "m",
          id: "msg_000000000000000000000001",
        });
      }
    },
  );

  test("the second call is told while it still comes in, once the first is complete", () => {
    const stream = anthropicClient.stream(request, contextOf());
    const early = [begin(0, "i", "f", "{}"), begin(1, "j", "g"), go(1, '{"y"')]
      .map((chunk) => stream.chunk(chunk))
      .join("");
    expect(told(readMessage(early))).toEqual(["tool_use i f: {}", 'tool_use j g: {"y"']);
  });

  test("a stop sequence is named", () => {
    expect(write([say({ content: "a" }), end("stop", { stop_sequence: "END" })])).toMatchObject({
      stopReason: "stop_sequence",
      stopSequence: "END",
    });
  });

  test("citations of the web stand with the text", () => {
    const annotations = [{ type: "url_citation", url_citation: { url: "https://a", title: "A" } }];
    const { blocks } = write([say({ content: "a" }), say({ annotations }), end("stop")]);
    expect(blocks[0]?.citations).toEqual([
      {
        type: "web_search_result_location",
        url: "https://a",
        title: "A",
        cited_text: "",
        encrypted_index: "",
      },
    ]);
  });
});

describe("figures and endings", () => {
  const figures = {
    input_tokens: 3,
    cache_creation_input_tokens: 1,
    cache_read_input_tokens: 6,
    output_tokens: 4,
  };

  test("defect 4: what was read from and written to a cache is counted apart", () => {
    expect(write([say({ content: "a" }), end("stop"), usage]).usage).toEqual(figures);
  });

  test("usage ends the message at once, and once", () => {
    const stream = anthropicClient.stream(request, contextOf());
    const text = [say({ content: "a" }), end("stop"), usage].map((chunk) => stream.chunk(chunk)).join("");
    expect(readMessage(text).complete).toBe(true);
    expect(stream.end() + stream.chunk(say({ content: "b" }))).toBe("");
  });

  test("figures come with the end, never with the start", () => {
    const stream = anthropicClient.stream(request, contextOf());
    expect(readMessage(stream.chunk(usage) + stream.chunk(say({ content: "a" }))).usage).toMatchObject({
      input_tokens: 0,
    });
  });

  test("defect 10: an answer that breaks off ends with an error and no message_stop", () => {
    const stream = anthropicClient.stream(request, contextOf());
    const said = stream.chunk(say({ content: "a" }));
    const text =
      said +
      stream.fail({ status: 502, code: "upstream_error", message: "Cut.", requestId: "r" }) +
      stream.end();
    const message = readMessage(text);
    expect(message).toMatchObject({ complete: false, error: { type: "api_error", message: "Cut." } });
  });

  test.each([
    ["a role", [say({ role: "assistant" })]],
    ["nothing", []],
  ])("an answer of %s, and not why it ended, has no stop reason", (_name, chunks) => {
    expect(write(chunks)).toMatchObject({ complete: true, stopReason: null, blocks: [] });
  });

  test("defect 2: two streams at a time do not know of each other", () => {
    const context = contextOf();
    const [left, right] = [
      anthropicClient.stream(request, context),
      anthropicClient.stream(request, context),
    ];
    const texts = ["", ""];
    for (const chunk of [say({ content: "a" }), begin(0, "i", "f", "{}"), end("stop"), usage]) {
      texts[0] += left.chunk(chunk);
      if (chunk.choices.length > 0) texts[1] += right.chunk(chunk);
    }
    expect(readMessage(texts[0] ?? "")).toMatchObject({ id: "msg_000000000000000000000001", usage: figures });
    const other = readMessage((texts[1] ?? "") + right.end());
    expect(other).toMatchObject({ id: "msg_000000000000000000000002", usage: { output_tokens: 0 } });
  });
});

describe("whole answers", () => {
  const answer = (
    message: Partial<ChatAnswerMessage>,
    finish: FinishReason = "stop",
    rest: object = {},
  ): object =>
    anthropicClient.answer(
      {
        ...head,
        object: "chat.completion",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: null, ...message },
            finish_reason: finish,
            ...rest,
          },
        ],
        ...(usage.usage === undefined ? {} : { usage: usage.usage }),
      },
      request,
      contextOf(),
    );

  test("everything in its place", () => {
    expect(
      answer(
        {
          content: "a",
          reasoning_content: "t",
          tool_calls: [{ id: "i", type: "function", function: { name: "f", arguments: '{"x":1.0}' } }],
        },
        "tool_calls",
      ),
    ).toEqual({
      id: "msg_000000000000000000000001",
      type: "message",
      role: "assistant",
      model: "m",
      content: [
        { type: "thinking", thinking: "t", signature: "" },
        { type: "text", text: "a" },
        { type: "tool_use", id: "i", name: "f", input: expect.anything() },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: {
        input_tokens: 3,
        cache_creation_input_tokens: 1,
        cache_read_input_tokens: 6,
        output_tokens: 4,
      },
    });
  });

  test("digits of numbers in inputs stay as they were written", () => {
    const calls = [
      { id: "i", type: "function", function: { name: "f", arguments: '{"x":1.0,"n":12345678901234567890}' } },
    ] as const;
    expect(JSON.stringify(answer({ tool_calls: calls }))).toContain(
      '"input":{"x":1.0,"n":12345678901234567890}',
    );
  });

  test.each<readonly [string, Partial<ChatAnswerMessage>, FinishReason, object, object]>([
    ["length without words", {}, "length", {}, { content: [], stop_reason: "max_tokens" }],
    ["blocked", {}, "content_filter", {}, { content: [], stop_reason: "refusal" }],
    [
      "a stop sequence",
      { content: "a" },
      "stop",
      { stop_sequence: "END" },
      { stop_reason: "stop_sequence", stop_sequence: "END" },
    ],
    [
      "a call, whatever the reason",
      { tool_calls: [{ id: "i", type: "function", function: { name: "f", arguments: "" } }] },
      "stop",
      {},
      { stop_reason: "tool_use", content: [{ type: "tool_use", input: {} }] },
    ],
  ])("%s", (...[, message, finish, rest, expected]) => {
    expect(answer(message, finish, rest)).toMatchObject(expected);
  });

  test("no choice: no content and no reason", () => {
    expect(
      anthropicClient.answer({ ...head, object: "chat.completion", choices: [] }, request, contextOf()),
    ).toMatchObject({
      content: [],
      stop_reason: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });
});
