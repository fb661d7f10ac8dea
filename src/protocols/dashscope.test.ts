import { describe, expect, test } from "vitest";
import { noTokens } from "../core/usage.ts";
import { readDashscopeUsage } from "./dashscope-usage.ts";
import type { AnswerKind } from "./wire.ts";
import { wires } from "./wires.ts";

const wire = wires.dashscope;
const judge = (value: unknown, kind: AnswerKind = "generation") =>
  wire.judge(Buffer.from(JSON.stringify(value)), kind);
const message = (parts: object, finish = "null") => ({
  output: { choices: [{ message: { role: "assistant", content: "", ...parts }, finish_reason: finish }] },
});
const meaningOf = (value: unknown, event = "result") =>
  wire.reader().read(event, Buffer.from(JSON.stringify(value)));

describe("the first event of a stream", () => {
  test.each([
    ["content", message({ content: "a" })],
    ["content of parts", message({ content: [{ text: "a" }] })],
    ["reasoning", message({ content: [], reasoning_content: "a" })],
    ["a tool call", message({ tool_calls: [{ id: "" }] })],
    ["a finish_reason", message({}, "stop")],
    ["plain text", { output: { text: "a", finish_reason: "null" } }],
    ["the end of plain text", { output: { text: "", finish_reason: "stop" } }],
    ["audio", { output: { audio: { data: "AA==" }, finish_reason: "null" } }],
  ])("is semantic with %s", (_, value) => {
    expect(meaningOf(value)).toBe("semantic");
  });

  test.each([
    ["empty content", message({})],
    ["empty parts", message({ content: [] })],
    [
      "what a search found",
      {
        output: {
          choices: [{ message: { content: "" }, finish_reason: "null" }],
          search_info: { search_results: [{}] },
        },
      },
    ],
    ["plain text that is empty", { output: { text: "", finish_reason: "null" } }],
    ["no output", { usage: { input_tokens: 1 } }],
    ["an error without a code", { code: "", message: "" }],
    ["an array", []],
  ])("is noise with %s", (_, value) => {
    expect(meaningOf(value)).toBe("noise");
  });

  test.each([
    ["an event named error", "error", '{"code":"Throttling.RateQuota","message":"m","request_id":"r"}', 429],
    [
      "an error without its name",
      "result",
      '{"code":"InternalError.Algo","message":"m","request_id":"r"}',
      500,
    ],
    ["an error of the compatible mode", "", '{"error":{"code":"invalid_api_key","message":"m"}}', 502],
    ["HTML", "", "<p>", 502],
  ])("is an error: %s", (_, event, data, status) => {
    const reader = wire.reader();
    expect(reader.read(event, Buffer.from(data))).toBe("error");
    expect(reader.error).toMatchObject({ status });
  });
});

test("a stream is complete with a finish_reason that is not the word null, and its last usage counts", () => {
  const reader = wire.reader();
  reader.read(
    "result",
    Buffer.from(
      JSON.stringify({ ...message({ content: "a" }), usage: { input_tokens: 1, output_tokens: 1 } }),
    ),
  );
  expect(reader).toMatchObject({ finished: false, usage: { inputTokens: 1, outputTokens: 1 } });
  reader.read(
    "result",
    Buffer.from(JSON.stringify({ ...message({}, "stop"), usage: { input_tokens: 1, output_tokens: 5 } })),
  );
  expect(reader).toMatchObject({
    finished: true,
    usage: { inputTokens: 1, outputTokens: 5 },
    error: undefined,
  });
  expect(reader.read("result", Buffer.from("cut {"))).toBe("semantic");
});

describe("a whole answer", () => {
  test.each([
    ["a message", "generation", message({ content: "a" }), "answer"],
    ["a finish without content", "generation", message({}, "stop"), "answer"],
    ["an empty message", "generation", message({}), "empty"],
    ["no output", "generation", { request_id: "r" }, "empty"],
    ["an output that is null", "generation", { output: null }, "empty"],
    ["an error in a 200", "generation", { code: "InvalidParameter", message: "m", request_id: "r" }, "error"],
    [
      "an error beside an output",
      "generation",
      { ...message({ content: "a" }), code: "x", message: "m" },
      "answer",
    ],
    [
      "a code that says nothing",
      "generation",
      { ...message({ content: "a" }), code: "", message: "" },
      "answer",
    ],
    [
      "a task made where a generation was due",
      "generation",
      { output: { task_id: "t", task_status: "PENDING" } },
      "answer",
    ],
    ["a new task", "object", { output: { task_id: "t", task_status: "PENDING" } }, "answer"],
    [
      "a task that failed",
      "object",
      { output: { task_id: "t", task_status: "FAILED", code: "c", message: "m" } },
      "answer",
    ],
    ["an error where a task is due", "object", { code: "Throttling", message: "m" }, "error"],
    ["ranks", "rerank", { output: { results: [] } }, "answer"],
    ["no ranks", "rerank", { output: {} }, "empty"],
    ["an uploaded file", "json", { code: "200", data: {}, success: true }, "answer"],
  ] as const)("%s, for a %s, is judged", (_, kind, value, verdict) => {
    expect(judge(value, kind)).toMatchObject({ kind: verdict });
  });

  test("an error has the status of its code", () => {
    expect(judge({ code: "DataInspectionFailed", message: "m" })).toEqual({
      kind: "error",
      error: { status: 400, message: "m" },
    });
  });

  test("a long output is not looked into", () => {
    expect(judge({ output: { choices: [], filler: "x".repeat(70_000) } })).toMatchObject({ kind: "answer" });
  });
});

describe("usage", () => {
  test.each([
    [
      "tokens",
      { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
      { ...noTokens, inputTokens: 5, outputTokens: 2 },
    ],
    ["a total alone", { total_tokens: 28 }, { ...noTokens, inputTokens: 28 }],
    [
      "cached tokens",
      { input_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } },
      { ...noTokens, inputTokens: 9, cachedInputTokens: 4 },
    ],
    ["images", { image_count: 4 }, { ...noTokens, images: 4 }],
    ["an image made at once", { image_count: 1, width: 1024, height: 1024 }, { ...noTokens, images: 1 }],
    ["a video", { video_duration: 5, video_ratio: "1280*720", video_count: 1 }, { ...noTokens, seconds: 5 }],
    ["a newer video", { duration: 10, output_video_duration: 5, SR: 720 }, { ...noTokens, seconds: 5 }],
    ["a recording", { seconds: 9, input_tokens: 3 }, { ...noTokens, inputTokens: 3, seconds: 9 }],
    ["speech", { characters: 12 }, { ...noTokens, characters: 12 }],
    ["nothing", {}, undefined],
    ["nothing that is a figure", { input_tokens: "5", image_count: -1 }, undefined],
    ["no object", null, undefined],
  ])("of %s is read", (_, value, expected) => {
    expect(readDashscopeUsage(value)).toEqual(expected);
  });

  test.each(["PENDING", "RUNNING", "SUSPENDED", "FAILED", "CANCELED", "UNKNOWN"])(
    "of a task that is %s does not count",
    (status) => {
      expect(judge({ output: { task_status: status }, usage: { image_count: 4 } }, "object")).toEqual({
        kind: "answer",
        usage: undefined,
      });
    },
  );

  test("of a task that has succeeded counts", () => {
    const verdict = judge({ output: { task_status: "SUCCEEDED" }, usage: { image_count: 4 } }, "object");
    expect(verdict).toEqual({ kind: "answer", usage: { ...noTokens, images: 4 } });
  });
});
