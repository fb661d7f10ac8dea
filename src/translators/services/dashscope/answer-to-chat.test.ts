// What comes back from DashScope in shapes that were not recorded: whole answers, streams, errors.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/json-value.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { dashscopeService } from "./dashscope-service.ts";

function answer(body: unknown): unknown {
  return dashscopeService.answer(body, chatRequest({}), contextOf());
}

describe("a whole answer", () => {
  test("with calls says that it ended with them, and counts what was cached", () => {
    const body = {
      request_id: "r",
      code: "",
      output: {
        text: null,
        finish_reason: null,
        choices: [
          {
            finish_reason: "stop",
            logprobs: { content: [] },
            message: {
              content: "",
              tool_calls: [{ id: "", type: "function", function: { name: "weather", arguments: "" } }],
            },
          },
        ],
        search_info: { search_results: [{ url: "https://x/", title: "X", index: 1 }] },
      },
      usage: {
        input_tokens: 9,
        output_tokens: 2,
        total_tokens: 11,
        video_tokens: 3,
        prompt_tokens_details: { cached_tokens: 4, cache_creation_input_tokens: 1 },
        output_tokens_details: { reasoning_tokens: 1 },
      },
    };
    expect(answer(body)).toEqual({
      id: "r",
      object: "chat.completion",
      created: 1_790_000_000,
      model: "model-x",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                id: "call_000000000000000000000001",
                type: "function",
                function: { name: "weather", arguments: "{}" },
              },
            ],
            annotations: [
              {
                type: "url_citation",
                url_citation: { url: "https://x/", title: "X", start_index: 0, end_index: 0 },
              },
            ],
          },
          finish_reason: "tool_calls",
          logprobs: { content: [] },
        },
      ],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 2,
        total_tokens: 11,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 1, video_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
  });

  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "content_filter"],
    ["null", "stop"],
    ["eos", "stop"],
    ["constructor", "stop"],
  ])("that ended with %s ends with %s", (reason, expected) => {
    const body = { output: { text: "a", finish_reason: reason } };
    expect(answer(body)).toMatchObject({
      choices: [{ message: { content: "a" }, finish_reason: expected }],
    });
  });

  test.each([
    ["an error", { code: "Throttling.RateQuota", message: "slow" }, { status: 429, message: "slow" }],
    ["nothing", {}, { status: 502 }],
    ["a list", [], { status: 502 }],
    ["null", null, { status: 502 }],
    ["no choice", { output: { choices: [] } }, { status: 502 }],
  ])("that is %s is an error", (_, body, expected) => {
    expect(answer(body)).toMatchObject(expected);
  });

  test("with pictures shows them", () => {
    const content = [{ text: "Here: " }, { image: "https://x/i.png" }, 7];
    expect(answer({ output: { choices: [{ finish_reason: "stop", message: { content } }] } })).toMatchObject({
      choices: [{ message: { content: "Here: ![image](https://x/i.png)" } }],
    });
  });
});

test.each([
  [
    "DashScope's own",
    400,
    '{"code":"InvalidParameter","message":"m","request_id":"r"}',
    "m",
    "InvalidParameter",
  ],
  ["of its OpenAI paths", 404, '{"error":{"code":"model_not_found","message":"m"}}', "m", "model_not_found"],
  ["an event", 400, 'id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"C","message":"m"}\n\n', "m", "C"],
  ["a bare text", 500, "broken", "broken", undefined],
  ["a bare error", 500, '{"error":"broken"}', "broken", undefined],
  ["a page", 502, "<html>x</html>", "The model service answered with status 502.", undefined],
  ["nothing", 503, "", "The model service answered with status 503.", undefined],
])("an error that is %s is read", (_, status, body, ...[message, code]) => {
  expect(dashscopeService.error(status, body)).toEqual({
    message,
    ...(code === undefined ? {} : { code }),
  });
});

/** Frames as DashScope writes them. */
function frames(...outputs: readonly JsonObject[]): Buffer {
  const texts = outputs.map((output, at) => {
    const { usage, ...rest } = output;
    const data = JSON.stringify({ output: rest, usage, request_id: "r" });
    return `id:${at + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${data}\n\n`;
  });
  return Buffer.from(texts.join(""));
}

const event = (message: JsonObject, finish = "null", tokens?: number): JsonObject => ({
  choices: [{ message: { role: "assistant", ...message }, finish_reason: finish }],
  ...(tokens === undefined ? {} : { usage: { input_tokens: 1, output_tokens: tokens } }),
});

function textOf(bytes: Buffer): string {
  return readStream(dashscopeService, bytes)
    .chunks.map(({ choices }) => choices[0]?.delta.content ?? "")
    .join("");
}

describe("a stream", () => {
  test.each([
    ["pieces", ["He", "llo", "", ""], "Hello"],
    ["wholes", ["He", "Hello", "Hello you", "Hello you"], "Hello you"],
    ["two wholes", ["He", "Hello"], "Hello"],
    ["pieces that begin alike", ["ha", "haha", "x", ""], "hahahax"],
    ["pieces that begin alike at the end", ["ha", "haha", ""], "hahaha"],
    ["pieces that are alike", ["ha", "ha", "ha", ""], "hahaha"],
    ["one piece", ["Hello"], "Hello"],
  ])("of %s gives each word once", (_, texts, expected) => {
    const outputs = texts.map((content, at) =>
      event({ content }, at === texts.length - 1 ? "stop" : "null", at + 1),
    );
    expect(textOf(frames(...outputs))).toBe(expected);
  });

  test("of wholes gives a word once though its last event repeats the first", () => {
    expect(textOf(frames(event({ content: "Hi" }, "null", 1), event({ content: "Hi" }, "stop", 1)))).toBe(
      "Hi",
    );
  });

  test("of wholes gives thinking, text and arguments once", () => {
    const call = (text: string): JsonObject => ({
      reasoning_content: "hmm",
      content: "ok",
      tool_calls: [{ index: 0, id: "a", function: { name: "weather", arguments: text } }],
    });
    const { chunks } = readStream(
      dashscopeService,
      frames(
        event({ reasoning_content: "h" }),
        event({ reasoning_content: "hm" }),
        event({ reasoning_content: "hmm" }),
        event({ reasoning_content: "hmm", content: "o" }),
        event({ reasoning_content: "hmm", content: "ok" }),
        event(call('{"x"')),
        event(call('{"x":1}'), "tool_calls"),
      ),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", reasoning_content: "h" },
      { reasoning_content: "mm" },
      { content: "o" },
      { content: "k" },
      {
        tool_calls: [
          { index: 0, id: "a", type: "function", function: { name: "weather", arguments: '{"x"' } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] },
    ]);
  });

  test("defect 11: empty ids never take the place of real ones, and calls without index stay apart", () => {
    const piece = (id: string, name: string | undefined, text: string): JsonObject => ({
      tool_calls: [{ id, type: "function", function: { name, arguments: text } }],
    });
    const { chunks } = readStream(
      dashscopeService,
      frames(
        event(piece("a", "weather", '{"x":')),
        event(piece("", undefined, "1}")),
        event(piece("a", undefined, " ")),
        event(piece("b", undefined, "")),
        event(piece("b", "time", "{}")),
        event({}, "stop"),
      ),
    );
    expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])).toEqual([
      { index: 0, id: "a", type: "function", function: { name: "weather", arguments: '{"x":' } },
      { index: 0, function: { arguments: "1}" } },
      { index: 0, function: { arguments: " " } },
      { index: 1, id: "b", type: "function", function: { name: "time", arguments: "{}" } },
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("of several choices keeps them apart", () => {
    const both = (left: string, right: string, finish: string): JsonObject => ({
      choices: [left, right].map((content, index) => ({
        index,
        message: { content },
        finish_reason: finish,
      })),
    });
    const { chunks } = readStream(dashscopeService, frames(both("a", "b", "null"), both("c", "d", "stop")));
    expect(
      chunks.map(({ choices }) => [choices[0]?.index, choices[0]?.delta.content, choices[0]?.finish_reason]),
    ).toEqual([
      [0, "a", null],
      [1, "b", null],
      [0, "c", "stop"],
      [1, "d", "stop"],
    ]);
  });

  test.each([
    ["breaks off", frames(event({ content: "a" })), 502],
    ["says nothing", Buffer.from(""), 502],
    ["is no JSON", Buffer.from("data:<html>\n\n"), 502],
    [
      "fails after words",
      Buffer.concat([
        frames(event({ content: "a" })),
        Buffer.from('event:error\ndata:{"code":"Throttling","message":"m"}\n\n'),
      ]),
      429,
    ],
    ["fails without an event's name", Buffer.from('data:{"code":"InternalError","message":"m"}\n\n'), 500],
  ])("that %s is an error", (_, bytes, status) => {
    expect(readStream(dashscopeService, bytes).error).toMatchObject({ status });
  });

  test("defect 2: keeps nothing for the next one", () => {
    const first = frames(event({ content: "a" }, "null", 5));
    readStream(dashscopeService, first);
    const { chunks } = readStream(dashscopeService, frames(event({ content: "b" }, "stop")));
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "b" });
  });
});
