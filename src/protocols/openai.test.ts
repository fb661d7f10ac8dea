import { describe, expect, test } from "vitest";
import type { EventMeaning } from "./wire.ts";
import { wires } from "./wires.ts";

const wire = wires.openai;
const chunk = (delta: unknown, rest: object = {}) =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, ...rest }] });
const meaningOf = (data: string, event = ""): EventMeaning => wire.reader().read(event, Buffer.from(data));

describe("the first event of a stream", () => {
  test.each([
    ["content", chunk({ content: "a" })],
    ["a space", chunk({ content: " " })],
    ["an array of content", chunk({ content: [{ type: "thinking" }] })],
    ["reasoning", chunk({ reasoning: "a" })],
    ["reasoning_content", chunk({ reasoning_content: "a", content: null })],
    ["reasoning_details", chunk({ reasoning_details: [{}] })],
    ["a refusal", chunk({ refusal: "no" })],
    ["a tool call", chunk({ tool_calls: [{ index: 0 }] })],
    ["a function call", chunk({ function_call: { name: "f" } })],
    ["audio", chunk({ audio: { id: "a" } })],
    ["legacy text", JSON.stringify({ choices: [{ text: "a", finish_reason: null }] })],
    ["a finish_reason", chunk({}, { finish_reason: "stop" })],
    ["a content filter without delta", JSON.stringify({ choices: [{ finish_reason: "content_filter" }] })],
    ["data in the second choice", JSON.stringify({ choices: [{ delta: {} }, { delta: { content: "a" } }] })],
  ])("is semantic with %s", (_, data) => {
    expect(meaningOf(data)).toBe("semantic");
  });

  test.each([
    ["a role", chunk({ role: "assistant", content: "" })],
    ["null content", chunk({ role: "assistant", content: null, refusal: null, tool_calls: null })],
    ["empty lists", chunk({ tool_calls: [], reasoning_details: [], content: [] })],
    ["an empty finish_reason", chunk({ content: "" }, { finish_reason: "" })],
    ["empty legacy text", JSON.stringify({ choices: [{ text: "", finish_reason: null }] })],
    ["no choices, as Azure starts", '{"choices":[],"prompt_filter_results":[]}'],
    ["usage before any data", '{"choices":[],"usage":{"prompt_tokens":1}}'],
    ["error null", '{"choices":[],"error":null}'],
    ["error empty", '{"choices":[],"error":""}'],
    ["[DONE]", "[DONE]"],
    ["blank data", " "],
    ["a JSON string", '"ping"'],
    ["a JSON array", "[]"],
    ["null choices", '{"choices":null}'],
    ["a choice of null", '{"choices":[null]}'],
  ])("is noise with %s", (_, data) => {
    expect(meaningOf(data)).toBe("noise");
  });

  test.each([
    ["an error object", ["", '{"error":{"message":"m","code":429}}'], { status: 429, message: "m" }],
    ["an error string", ["", '{"error":"broken"}'], { status: 502, message: "broken" }],
    [
      "an empty error object",
      ["", '{"error":{}}'],
      { status: 502, message: "The service reported an error without a message." },
    ],
    ["an error of vLLM", ["", '{"object":"error","message":"m","code":404}'], { status: 404, message: "m" }],
    [
      "an event named error",
      ["error", '{"error":{"message":"m","status_code":400}}'],
      { status: 400, message: "m" },
    ],
    [
      "an event named error with plain text",
      ["error", "out of memory"],
      { status: 502, message: "out of memory" },
    ],
    [
      "an event named error with nothing",
      ["error", ""],
      { status: 502, message: "The service sent an empty error event." },
    ],
    [
      "a page of HTML",
      ["", "<html>"],
      { status: 502, message: "The model service answered with something that is not JSON." },
    ],
    [
      "cut JSON",
      ["", '{"choices":['],
      { status: 502, message: "The model service answered with something that is not JSON." },
    ],
    [
      "an overloaded service of Anthropic's kind",
      ["", '{"error":{"type":"overloaded_error","message":"m"}}'],
      { status: 503, message: "m" },
    ],
  ] as const)("is an error with %s", (_, [event, data], error) => {
    const reader = wire.reader();
    expect(reader.read(event, Buffer.from(data))).toBe("error");
    expect(reader.error).toEqual(error);
  });
});

describe("after the first data", () => {
  function committed() {
    const reader = wire.reader();
    reader.read("", Buffer.from(chunk({ content: "a" })));
    return reader;
  }

  test.each([
    ["without blanks", '{"choices":[{"delta":{},"finish_reason":"stop"}]}'],
    ["with blanks", '{"choices" : [ {"delta":{}, "finish_reason"\t: \n"length" } ]}'],
    ["in the second choice", '{"choices":[{"finish_reason":null},{"finish_reason":"stop"}]}'],
  ])("sees a finish_reason %s", (_, data) => {
    const reader = committed();
    expect(reader).toMatchObject({ finished: false, usageMayFollow: false });
    expect(reader.read("", Buffer.from(data))).toBe("semantic");
    expect(reader).toMatchObject({ finished: true, usageMayFollow: true });
  });

  test("[DONE] is an end, but no usage may follow it", () => {
    const reader = committed();
    reader.read("", Buffer.from(" [DONE] "));
    expect(reader).toMatchObject({ finished: true, usageMayFollow: false });
  });

  test.each([
    ["at the top", '{"choices":[],"usage" : {"prompt_tokens":3,"completion_tokens":2}}'],
    ["at Groq's place", '{"choices":[],"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":2}}}'],
  ])("reads usage %s", (_, data) => {
    const reader = committed();
    reader.read("", Buffer.from('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}'));
    reader.read("", Buffer.from(data));
    reader.read("", Buffer.from(chunk({ content: "b" }, { usage: null })));
    expect(reader.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });

  test.each([
    ["usage written in the text", { content: '{"usage":{"prompt_tokens":9}}' }],
    ["a finish written in the text", { content: '"finish_reason":"stop"' }],
    ["an error written in the text", { content: '"error":{"message":"m"}' }],
  ])("is not misled by %s", (_, delta) => {
    const reader = committed();
    expect(reader.read("", Buffer.from(chunk(delta)))).toBe("semantic");
    expect(reader).toMatchObject({ finished: false, usage: undefined, error: undefined });
  });

  test("sees an error and keeps the usage beside it", () => {
    const reader = committed();
    const data = '{"error" : {"code":500,"message":"m"},"choices":[],"usage":{"prompt_tokens":1}}';
    expect(reader.read("", Buffer.from(data))).toBe("error");
    expect(reader).toMatchObject({ error: { status: 500, message: "m" }, usage: { inputTokens: 1 } });
  });

  test("passes what is no JSON", () => {
    const reader = committed();
    expect(reader.read("", Buffer.from('{"usage":{'))).toBe("semantic");
    expect(reader.error).toBeUndefined();
  });
});

describe("the extra usage event", () => {
  const finish = Buffer.from(chunk({}, { finish_reason: "stop" }));

  test.each([
    ["the usual one", '{"choices":[],"usage":{"total_tokens":1}}', true],
    ["one with blanks", '{ "usage" : {} , "choices" : [ ] }', true],
    ["a chunk with a choice", '{"choices":[{}],"usage":{"total_tokens":1}}', false],
    ["usage null", '{"choices":[],"usage":null}', false],
    ["no usage", '{"choices":[]}', false],
    ["no choices", '{"usage":{"total_tokens":1}}', false],
    ["usage deeper", '{"choices":[],"x":{"usage":{}}}', false],
    ["cut JSON", '{"choices":[],"usage":{}', false],
    ["[DONE]", "[DONE]", false],
  ])("%s: %s is %s", (_, data, expected) => {
    const reader = wire.reader();
    expect(reader.isExtraUsage(Buffer.from(data))).toBe(false);
    reader.read("", finish);
    expect(reader.isExtraUsage(Buffer.from(data))).toBe(expected);
  });
});

describe("judge", () => {
  const answer = '{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]';

  test.each([
    ["an answer", `${answer}}`],
    ["a choice that only ended", '{"choices":[{"message":{"content":""},"finish_reason" : "stop"}]}'],
    [
      "a safety block without message",
      '{"choices":[{"finish_reason":"content_filter","content_filter_results":{}}]}',
    ],
    ["a choice with text and no finish_reason", '{"choices":[{"text":"a","finish_reason":null}]}'],
    ["error null", `${answer},"error":null}`],
    ["a body too deep to look into", `${answer},"x":${"[".repeat(200)}${"]".repeat(200)}}`],
    [
      "choices too long to look into",
      `{"choices":[{"message":{"content":null,"x":"${"y".repeat(70_000)}"}}]}`,
    ],
  ])("takes for an answer %s", (_, body) => {
    expect(wire.judge(Buffer.from(body), "generation")).toEqual({ kind: "answer", usage: undefined });
  });

  test.each([
    ["no byte", ""],
    ["white space", " \r\n\t"],
    ["no choices", '{"id":"x"}'],
    ["an empty list of choices", '{"choices": [ ],"usage":{"prompt_tokens":1}}'],
    ["choices null", '{"choices":null}'],
    ["a choice that says nothing", '{"choices":[{"message":{"content":""},"finish_reason":null}]}'],
  ])("takes for empty %s", (_, body) => {
    expect(wire.judge(Buffer.from(body), "generation")).toEqual({ kind: "empty" });
  });

  test.each([
    ["HTML", "<html></html>"],
    ["cut JSON", '{"choices":['],
    ["an array", "[]"],
    ["two documents", "{}{}"],
  ])("takes for invalid %s", (_, body) => {
    for (const kind of ["generation", "json"] as const) {
      expect(wire.judge(Buffer.from(body), kind)).toEqual({ kind: "invalid" });
    }
  });

  test.each([
    ["an object", '{"error":{"message":"m","type":"rate_limit_error"}}', 429, "m"],
    ["a string, as Ollama writes it", '{"error":"no such model"}', 502, "no such model"],
    ["beside choices", `{"choices":[{"text":"a"}],"error":{"message":"m","code":"400"}}`, 400, "m"],
    ["the body itself, as older vLLM writes it", '{"object":"error","message":"m","code":400}', 400, "m"],
  ])("finds an error: %s", (_, body, status, message) => {
    for (const kind of ["generation", "json"] as const) {
      expect(wire.judge(Buffer.from(body), kind)).toEqual({ kind: "error", error: { status, message } });
    }
  });

  test.each([
    [
      "embeddings",
      '{"data":[],"usage":{"prompt_tokens":7,"total_tokens":7}}',
      { inputTokens: 7, outputTokens: 0 },
    ],
    ["rerank", '{"results":[],"usage":{"total_tokens":9}}', { inputTokens: 9, outputTokens: 0 }],
    [
      "images",
      '{"data":[{}],"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11}}',
      { inputTokens: 5, outputTokens: 6 },
    ],
    [
      "speech to text",
      '{"text":"a","usage":{"type":"duration","seconds":3.5}}',
      { inputTokens: 0, seconds: 3.5 },
    ],
    [
      "Groq",
      '{"x_groq":{"usage":{"prompt_tokens":2,"completion_tokens":1}}}',
      { inputTokens: 2, outputTokens: 1 },
    ],
    [
      "DeepSeek",
      '{"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":4}}',
      { inputTokens: 9, cachedInputTokens: 4 },
    ],
    [
      "all details",
      '{"usage":{"prompt_tokens":9,"completion_tokens":8,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":5}}}',
      {
        inputTokens: 9,
        outputTokens: 8,
        cachedInputTokens: 3,
        cacheWriteTokens: 2,
        reasoningTokens: 5,
        estimated: false,
      },
    ],
  ])("reads the usage of %s", (_, body, usage) => {
    expect(wire.judge(Buffer.from(body), "json")).toMatchObject({ kind: "answer", usage });
  });

  test.each([
    ["no usage", "{}"],
    ["usage null", '{"usage":null}'],
    ["usage of strings", '{"usage":{"prompt_tokens":"7"}}'],
    ["negative usage", '{"usage":{"prompt_tokens":-1}}'],
    ["other members only", '{"usage":{"cost":1}}'],
  ])("reports no usage for %s", (_, body) => {
    expect(wire.judge(Buffer.from(body), "json")).toEqual({ kind: "answer", usage: undefined });
  });
});
