import { describe, expect, test } from "vitest";
import type { AnswerKind } from "./wire.ts";
import { wires } from "./wires.ts";

const wire = wires["openai-responses"];
const usage = {
  input_tokens: 9,
  output_tokens: 4,
  input_tokens_details: { cached_tokens: 2 },
  output_tokens_details: { reasoning_tokens: 1 },
};
const counted = {
  inputTokens: 9,
  outputTokens: 4,
  cachedInputTokens: 2,
  cacheWriteTokens: 0,
  reasoningTokens: 1,
  estimated: false,
};
const output = [{ type: "message", content: [] }];
const judge = (value: unknown, kind: AnswerKind = "generation") =>
  wire.judge(Buffer.from(JSON.stringify(value)), kind);
const read = (type: string, rest: object = {}, named = true) => {
  const reader = wire.reader();
  const meaning = reader.read(named ? type : "", Buffer.from(JSON.stringify({ type, ...rest })));
  return { meaning, reader };
};

describe("the first event of a stream, named or not,", () => {
  test.each([
    ["an item", "response.output_item.added", {}],
    ["a text", "response.output_text.delta", { delta: "a" }],
    ["an end with output", "response.completed", { response: { output } }],
    [
      "an end that came too soon",
      "response.incomplete",
      { response: { output: [], incomplete_details: { reason: "content_filter" } } },
    ],
  ])("is semantic with %s", (_, type, rest) => {
    expect(read(type, rest).meaning).toBe("semantic");
    expect(read(type, rest, false).meaning).toBe("semantic");
  });

  test.each([
    ["the response made", "response.created", { response: { error: null } }],
    ["the response queued", "response.queued", {}],
    ["the response begun", "response.in_progress", {}],
    ["an end without output", "response.completed", { response: { output: [] } }],
    ["a ping", "ping", {}],
  ])("is noise with %s", (_, type, rest) => {
    expect(read(type, rest).meaning).toBe("noise");
    expect(read(type, rest, false).meaning).toBe("noise");
  });

  test.each([
    ["an error", "error", { code: "rate_limit_exceeded", message: "m", param: null }, 429],
    ["an error inside", "error", { error: { code: "server_error", message: "m" } }, 500],
    ["a failure", "response.failed", { response: { error: { code: "server_error", message: "m" } } }, 500],
    ["an overload", "error", { error: { type: "overloaded_error", message: "m" } }, 503],
  ])("is an error with %s", (_, type, rest, status) => {
    for (const named of [true, false]) {
      const { meaning, reader } = read(type, rest, named);
      expect(meaning).toBe("error");
      expect(reader.error).toEqual({ status, message: "m" });
    }
  });

  test.each([
    ["HTML", "<p>", "error"],
    ["blank data", " ", "noise"],
    ["the end of a chat", "[DONE]", "noise"],
  ])("may be %s", (_, data, meaning) => {
    expect(wire.reader().read("", Buffer.from(data))).toBe(meaning);
  });
});

describe("the end of a stream", () => {
  test.each([
    ["response.completed", undefined],
    ["response.incomplete", undefined],
    ["response.failed", "m"],
  ])("is %s, with its usage", (type, message) => {
    const reader = wire.reader();
    expect(reader.read("response.output_text.delta", Buffer.from("{}"))).toBe("semantic");
    expect(reader.finished).toBe(false);
    reader.read(type, Buffer.from(JSON.stringify({ response: { usage, error: message && { message } } })));
    expect(reader).toMatchObject({ finished: true, usage: counted });
    expect(reader.error?.message).toBe(message);
  });

  test("is not seen in the text of an event", () => {
    const reader = wire.reader();
    reader.read("response.output_item.added", Buffer.from("{}"));
    expect(reader.read("response.output_text.delta", Buffer.from('{"delta":"response.completed"}'))).toBe(
      "semantic",
    );
    expect(reader.finished).toBe(false);
  });
});

describe("a whole answer", () => {
  test.each([
    ["a response", "generation", { id: "r", status: "completed", output, error: null, usage }, "answer"],
    ["a response cut short", "generation", { id: "r", status: "incomplete", output: [] }, "answer"],
    ["a response in the background", "generation", { id: "r", status: "queued", output: [] }, "answer"],
    ["a response without output", "generation", { id: "r", status: "completed", output: [] }, "empty"],
    ["nothing", "generation", {}, "empty"],
    ["a failed response", "generation", { id: "r", status: "failed", output: [], error: null }, "error"],
    ["an error", "generation", { error: { message: "m" } }, "error"],
    [
      "a failed response read again",
      "object",
      { id: "r", status: "failed", error: { message: "m" } },
      "answer",
    ],
    ["an error to the question for one", "object", { error: { message: "m" } }, "error"],
    ["a count of tokens", "json", { object: "response.input_tokens", input_tokens: 11 }, "answer"],
  ] as const)("%s, as %s, is judged", (_, kind, value, verdict) => {
    expect(judge(value, kind)).toMatchObject({ kind: verdict });
  });

  test("tells its usage", () => {
    expect(judge({ status: "completed", output, usage })).toEqual({ kind: "answer", usage: counted });
  });
});
