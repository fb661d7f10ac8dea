import { describe, expect, test } from "vitest";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatDelta } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf, readStream, type ReadStream } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";
import {
  type Event,
  sse,
  start,
  open,
  delta,
  text,
  json,
  close,
  end,
  stop,
  emptyText,
  toolUse,
} from "./stream-fixture.ts";

function deltas({ chunks }: ReadStream): ChatDelta[] {
  return chunks.flatMap(({ choices }) =>
    choices.filter((each) => each.finish_reason === null).map((each) => each.delta),
  );
}

const role: ChatDelta = { role: "assistant", content: "" };
const callDelta = (index: number, name: string, id = "toolu_1"): ChatDelta => ({
  tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }],
});
const argumentsDelta = (index: number, piece: string): ChatDelta => ({
  tool_calls: [{ index, function: { arguments: piece } }],
});

test("a text, from its first chunk to its usage", () => {
  const events = [
    start(),
    open(0, emptyText),
    { type: "ping" },
    text(0, "Hi"),
    close(0),
    end("end_turn"),
    stop,
  ];
  const head = { id: "msg_1", object: "chat.completion.chunk", created: 1_790_000_000, model: "claude-y" };
  expect(readStream(anthropicService, sse(events))).toEqual({
    chunks: [
      { ...head, choices: [{ index: 0, delta: role, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      { ...head, choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } },
    ],
    error: undefined,
  });
});

describe("events become pieces", () => {
  const rows: {
    readonly name: string;
    readonly events: readonly Event[];
    readonly pieces: readonly ChatDelta[];
  }[] = [
    {
      name: "defect 11: calls are counted by themselves, whatever blocks lie between",
      events: [
        open(0, emptyText),
        text(0, "Looking"),
        close(0),
        open(1, toolUse("a", "toolu_a")),
        json(1, ""),
        json(1, '{"x":'),
        json(1, "1}"),
        close(1),
        open(2, { type: "server_tool_use", id: "s", name: "search", input: {} }),
        json(2, '{"q":1}'),
        close(2),
        open(3, toolUse("b", "toolu_b")),
        json(3, "{}"),
        close(3),
      ],
      pieces: [
        { content: "Looking" },
        callDelta(0, "a", "toolu_a"),
        argumentsDelta(0, '{"x":'),
        argumentsDelta(0, "1}"),
        {
          server_blocks: [
            {
              index: 2,
              format: "anthropic",
              block: { type: "server_tool_use", id: "s", name: "search", input: { q: 1 } },
            },
          ],
        },
        callDelta(1, "b", "toolu_b"),
        argumentsDelta(1, "{}"),
      ],
    },
    {
      name: "calls that are written at the same time stay two",
      events: [
        open(0, toolUse("a")),
        open(1, toolUse("b")),
        json(1, "[1]"),
        json(0, "[0]"),
        close(1),
        close(0),
      ],
      pieces: [callDelta(0, "a"), callDelta(1, "b"), argumentsDelta(1, "[1]"), argumentsDelta(0, "[0]")],
    },
    {
      name: "a call without arguments has empty ones",
      events: [open(0, toolUse("a")), json(0, ""), close(0)],
      pieces: [callDelta(0, "a"), argumentsDelta(0, "{}")],
    },
    {
      name: "arguments that stand in the start of a block",
      events: [open(0, toolUse("a", "toolu_1", { x: 1 })), close(0)],
      pieces: [callDelta(0, "a"), argumentsDelta(0, '{"x":1}')],
    },
    {
      name: "defect 9: thinking, its signature, what is sealed",
      events: [
        open(0, { type: "thinking", thinking: "", signature: "" }),
        delta(0, { type: "thinking_delta", thinking: "Hm" }),
        delta(0, { type: "thinking_delta", thinking: "" }),
        delta(0, { type: "signature_delta", signature: "sig" }),
        close(0),
        open(1, { type: "redacted_thinking", data: "sealed" }),
        close(1),
        open(2, emptyText),
        close(2),
        open(3, { type: "thinking", thinking: "", signature: "" }),
        delta(3, { type: "signature_delta", signature: "sig-3" }),
        close(3),
      ],
      pieces: [
        {
          reasoning_content: "Hm",
          reasoning_details: [{ type: "thinking", index: 0, text: "Hm", format: "anthropic" }],
        },
        { reasoning_details: [{ type: "thinking", index: 0, signature: "sig", format: "anthropic" }] },
        { reasoning_details: [{ type: "redacted_thinking", index: 1, data: "sealed", format: "anthropic" }] },
        { reasoning_details: [{ type: "thinking", index: 2, signature: "sig-3", format: "anthropic" }] },
      ],
    },
    {
      name: "what a text cites, once the text is there",
      events: [
        open(0, emptyText),
        text(0, "One "),
        close(0),
        open(1, { type: "text", text: "", citations: [] }),
        delta(1, { type: "citations_delta", citation: { type: "x", url: "https://x.test", title: null } }),
        text(1, "two"),
        close(1),
      ],
      pieces: [
        { content: "One " },
        { content: "two" },
        {
          annotations: [
            {
              type: "url_citation",
              url_citation: { start_index: 4, end_index: 7, url: "https://x.test", title: "" },
            },
          ],
        },
      ],
    },
    {
      name: "what is not known is passed over",
      events: [
        { type: "brand_new" },
        open(0, emptyText),
        delta(0, { type: "brand_new_delta" }),
        delta(9, { type: "thinking_delta", thinking: "of no block" }),
        json(9, "{}"),
        close(9),
        text(0, "Hi"),
        close(0),
      ],
      pieces: [{ content: "Hi" }],
    },
    {
      name: "defect 8: the same start again begins nothing anew",
      events: [start(), open(0, emptyText), text(0, "Hi"), close(0)],
      pieces: [{ content: "Hi" }],
    },
    {
      name: "defect 8: another start in mid stream leaves its blocks to the new message, and the stream its id",
      events: [
        open(0, toolUse("a")),
        json(0, "[0"),
        open(4, toolUse("c")),
        json(4, "[4"),
        start("msg_2"),
        json(4, "a block of the message before"),
        open(0, emptyText),
        text(0, "Hi"),
        json(0, "]"),
        close(0),
        open(1, toolUse("b")),
        close(1),
      ],
      pieces: [
        callDelta(0, "a"),
        argumentsDelta(0, "[0"),
        callDelta(1, "c"),
        argumentsDelta(1, "[4"),
        { content: "Hi" },
        callDelta(2, "b"),
        argumentsDelta(2, "{}"),
      ],
    },
  ];
  test.each(rows)("$name", ({ events, pieces }) => {
    const stream = sse([start(), ...events, end("end_turn"), stop]);
    const read = readStream(anthropicService, stream);
    expect(read.error).toBeUndefined();
    expect(deltas(read)).toEqual([role, ...pieces]);
    expect(new Set(read.chunks.map(({ id }) => id)).size).toBe(1);
  });
});

describe("how it ends", () => {
  const rows = [
    { name: "of itself", events: [end("end_turn")], choice: { finish_reason: "stop" } },
    {
      name: "with calls",
      events: [open(0, toolUse("a")), close(0), end("tool_use")],
      choice: { finish_reason: "tool_calls" },
    },
    {
      name: "at a text",
      events: [end("stop_sequence", {}, { stop_sequence: "END" })],
      choice: { finish_reason: "stop", stop_sequence: "END" },
    },
    { name: "without a reason", events: [], choice: { finish_reason: "stop" } },
    { name: "refused", events: [end("refusal")], choice: { finish_reason: "content_filter" } },
  ];
  test.each(rows)("$name", ({ events, choice }) => {
    const { chunks } = readStream(anthropicService, sse([start(), ...events, stop]));
    expect(chunks.at(-2)?.choices).toEqual([{ index: 0, delta: {}, ...choice }]);
  });

  test("a refusal says why before it ends", () => {
    const why = end("refusal", {}, { stop_details: { explanation: "Not this." } });
    const read = readStream(anthropicService, sse([start(), why, stop]));
    expect(deltas(read)).toEqual([role, { refusal: "Not this." }]);
  });
});

describe("usage is told in totals", () => {
  test.each([
    {
      name: "defect 3: output is the last figure, not the sum",
      deltas: [{ output_tokens: 7 }],
      prompt: 5,
      completion: 7,
    },
    { name: "input that grew", deltas: [{ input_tokens: 61, output_tokens: 7 }], prompt: 61, completion: 7 },
    {
      name: "several reports",
      deltas: [{ output_tokens: 7 }, { output_tokens: 9 }],
      prompt: 5,
      completion: 9,
    },
    { name: "cache", deltas: [{ output_tokens: 1, cache_read_input_tokens: 10 }], prompt: 15, completion: 1 },
  ])("$name", ({ deltas: reports, prompt, completion }) => {
    const events = [start(), ...reports.map((usage) => end("end_turn", usage)), stop];
    const { chunks } = readStream(anthropicService, sse(events));
    expect(chunks.at(-1)?.usage).toMatchObject({
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    });
    expect(chunks.filter(({ choices: [choice] }) => choice?.finish_reason === "stop")).toHaveLength(1);
  });
});

describe("defect 10: what breaks a stream", () => {
  const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  const rows: {
    readonly name: string;
    readonly bytes: Buffer;
    readonly error: ReportedError;
    readonly chunks: number;
  }[] = [
    {
      name: "an error before anything",
      bytes: sse([overloaded]),
      error: { status: 529, message: "Overloaded" },
      chunks: 0,
    },
    {
      name: "an error in the midst, without the name of its event",
      bytes: sse([start(), overloaded, stop], false),
      error: { status: 529, message: "Overloaded" },
      chunks: 1,
    },
    {
      name: "no JSON",
      bytes: Buffer.concat([sse([start()]), Buffer.from("data: {oops\n\n"), sse([stop])]),
      error: { status: 502, message: "The model service answered with something that is not JSON." },
      chunks: 1,
    },
    {
      name: "an end before the end",
      bytes: sse([start(), open(0, emptyText), text(0, "Hi"), close(0), end("end_turn")]),
      error: { status: 502, message: "The answer of the model service ended before it was complete." },
      chunks: 2,
    },
    {
      name: "nothing at all",
      bytes: Buffer.alloc(0),
      error: { status: 502, message: "The answer of the model service ended before it was complete." },
      chunks: 0,
    },
  ];
  test.each(rows)("$name", ({ bytes, error, chunks }) => {
    const read = readStream(anthropicService, bytes);
    expect(read.error).toEqual(error);
    expect(read.chunks).toHaveLength(chunks);
  });
});

test("events without names, blank ones and blocks of odd shapes are read as far as they can be", () => {
  const odd = [
    sse([start(), open(0, emptyText), text(0, "Hi")], false),
    Buffer.from("data:  \n\ndata: null\n\ndata: 7\n\ndata: []\n\n"),
    sse([{ type: "content_block_start" }, { type: "content_block_delta", delta: 1 }, open(3, [])]),
    sse([{ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: 5 } }]),
    sse([{ type: "message_start", message: null }, { type: "message_delta" }, end("end_turn"), stop]),
    sse([text(0, "behind the end")]),
  ];
  const read = readStream(anthropicService, Buffer.concat(odd));
  expect(read.error).toBeUndefined();
  expect(deltas(read)).toEqual([role, { content: "Hi" }]);
});

describe("an answer that a tool had to take", () => {
  const chat = chatRequest({
    response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" } } },
  });
  const rows = [
    {
      name: "in pieces",
      events: [open(0, toolUse("answer")), json(0, '{"a":'), json(0, "1}"), close(0)],
      said: '{"a":1}',
      finish: "stop",
    },
    {
      name: "in the start of its block",
      events: [open(0, toolUse("answer", "t", { a: 1 })), close(0)],
      said: '{"a":1}',
      finish: "stop",
    },
    {
      name: "behind words",
      events: [
        open(0, emptyText),
        text(0, "Here: "),
        close(0),
        open(1, toolUse("answer")),
        json(1, '{"a":1}'),
        close(1),
      ],
      said: '{"a":1}',
      finish: "stop",
    },
    {
      name: "not taken: the words stand",
      events: [open(0, emptyText), text(0, "I cannot."), close(0)],
      said: "I cannot.",
      finish: "stop",
    },
    {
      name: "another call instead",
      events: [open(0, toolUse("look")), close(0)],
      said: "",
      finish: "tool_calls",
    },
  ];
  test.each(rows)("$name", ({ events, said, finish }) => {
    const context = contextOf({ traits: { jsonSchema: false } });
    const bytes = sse([start(), ...events, end("tool_use"), stop]);
    const { chunks } = readStream(anthropicService, bytes, { chat, context });
    const words = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? "");
    expect(words.join("")).toBe(said);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe(finish);
  });
});
