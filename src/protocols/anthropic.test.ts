import { describe, expect, test } from "vitest";
import { wires } from "./wires.ts";

const wire = wires.anthropic;
const start = (usage: object) => JSON.stringify({ type: "message_start", message: { content: [], usage } });
const delta = (usage: object) =>
  JSON.stringify({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage });

describe("the first event of a stream", () => {
  test.each([
    ["message_start", start({ input_tokens: 1 }), "noise"],
    ["ping", '{"type":"ping"}', "noise"],
    [
      "content_block_start",
      '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
      "semantic",
    ],
    ["content_block_delta", '{"type":"content_block_delta"}', "semantic"],
    ["content_block_stop", '{"type":"content_block_stop"}', "semantic"],
    ["message_delta", delta({ output_tokens: 1 }), "semantic"],
    ["message_stop", '{"type":"message_stop"}', "noise"],
    ["something_new", '{"type":"something_new"}', "noise"],
    ["error", '{"type":"error","error":{"type":"api_error","message":"m"}}', "error"],
    ["constructor", '{"type":"toString"}', "noise"],
  ])("%s", (event, data, meaning) => {
    expect(wire.reader().read(event, Buffer.from(data))).toBe(meaning);
    expect(wire.reader().read("", Buffer.from(data))).toBe(meaning);
  });

  test.each([
    ["HTML", "message_start", "<html>", "error"],
    ["blank data", "", " ", "noise"],
    ["a JSON string", "", '"x"', "noise"],
  ])("%s where JSON is due", (_, event, data, meaning) => {
    expect(wire.reader().read(event, Buffer.from(data))).toBe(meaning);
  });
});

test.each([
  ["invalid_request_error", 400],
  ["authentication_error", 502],
  ["billing_error", 502],
  ["permission_error", 502],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
  ["something_else", 502],
  ["toString", 502],
])("an error of type %s has status %i", (type, status) => {
  const body = Buffer.from(JSON.stringify({ type: "error", error: { type, message: "m" }, request_id: "r" }));
  const reader = wire.reader();
  expect(reader.read("error", body)).toBe("error");
  expect(reader.error).toEqual({ status, message: "m" });
  expect(wire.judge(body, "generation")).toEqual({ kind: "error", error: { status, message: "m" } });
});

describe("usage", () => {
  test("comes in parts: later figures override, the others stay, cached tokens are input", () => {
    const reader = wire.reader();
    expect(reader.usage).toBeUndefined();
    const first = {
      input_tokens: 10,
      output_tokens: 1,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 3,
    };
    reader.read("message_start", Buffer.from(start(first)));
    expect(reader.usage).toMatchObject({ inputTokens: 18, outputTokens: 1 });
    reader.read("content_block_delta", Buffer.from("{}"));
    reader.read("message_delta", Buffer.from(delta({ output_tokens: 20, input_tokens: null })));
    reader.read(
      "message_delta",
      Buffer.from(
        delta({ input_tokens: 11, output_tokens: 30, output_tokens_details: { thinking_tokens: 7 } }),
      ),
    );
    expect(reader.usage).toEqual({
      inputTokens: 19,
      outputTokens: 30,
      cachedInputTokens: 5,
      cacheWriteTokens: 3,
      reasoningTokens: 7,
      estimated: false,
    });
  });

  test("only message_stop finishes, and no usage event is ever extra", () => {
    const reader = wire.reader();
    reader.read("content_block_start", Buffer.from('{"type":"content_block_start"}'));
    reader.read("message_delta", Buffer.from(delta({ output_tokens: 1 })));
    expect(reader).toMatchObject({ finished: false, usageMayFollow: false });
    expect(reader.isExtraUsage(Buffer.from('{"choices":[],"usage":{}}'))).toBe(false);
    expect(reader.read("message_stop", Buffer.from('{"type":"message_stop"}'))).toBe("semantic");
    expect(reader.finished).toBe(true);
  });

  test("an error after the first data is still seen", () => {
    const reader = wire.reader();
    reader.read("content_block_start", Buffer.from("{}"));
    expect(reader.read("error", Buffer.from('{"error":{"type":"overloaded_error","message":"m"}}'))).toBe(
      "error",
    );
  });
});

describe("judge", () => {
  test.each([
    [
      "content",
      '{"type":"message","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn"}',
      "answer",
    ],
    ["no content with a stop_reason", '{"type":"message","content":[],"stop_reason":"refusal"}', "answer"],
    ["no content and no stop_reason", '{"type":"message","content":[ ],"stop_reason":null}', "empty"],
    ["nothing of the kind", "{}", "empty"],
    ["blank", " \n", "empty"],
    ["HTML", "<html>", "invalid"],
    ["an array", "[]", "invalid"],
    ["an error without details", '{"type":"error"}', "error"],
    ["an error of another kind of service", '{"error":{"message":"m"}}', "error"],
  ])("%s", (_, body, kind) => {
    expect(wire.judge(Buffer.from(body), "generation").kind).toBe(kind);
  });

  test("takes what count_tokens has counted for no consumption", () => {
    expect(wire.judge(Buffer.from('{"input_tokens": 42}'), "json")).toEqual({
      kind: "answer",
      usage: undefined,
    });
  });

  test("reads the usage of an answer", () => {
    const usage = { input_tokens: 2, output_tokens: 3, cache_read_input_tokens: 4 };
    const body = JSON.stringify({ content: [{ type: "text" }], usage });
    expect(wire.judge(Buffer.from(body), "generation")).toMatchObject({
      usage: { inputTokens: 6, outputTokens: 3, cachedInputTokens: 4 },
    });
  });
});
