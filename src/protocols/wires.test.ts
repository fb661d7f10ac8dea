import { describe, expect, test } from "vitest";
import { SseDecoder } from "../lib/sse.ts";
import { readError } from "./reported-error.ts";
import type { ErrorView } from "./wire.ts";
import { wires } from "./wires.ts";

const view: ErrorView = {
  status: 404,
  code: "model_not_found",
  message: 'No "m".',
  param: "model",
  requestId: "r1",
};

describe("error bodies", () => {
  const openai = {
    error: { message: 'No "m".', type: "invalid_request_error", param: "model", code: "model_not_found" },
  };

  test.each([
    ["openai", openai],
    ["vllm", openai],
    ["openai-responses", openai],
    [
      "anthropic",
      { type: "error", error: { type: "not_found_error", message: 'No "m".' }, request_id: "r1" },
    ],
    ["dashscope", { code: "model_not_found", message: 'No "m".', request_id: "r1" }],
    [
      "comfyui",
      {
        error: { type: "model_not_found", message: 'No "m".', details: "model", extra_info: {} },
        node_errors: {},
      },
    ],
    [
      "gemini",
      {
        error: {
          code: 404,
          message: 'No "m".',
          status: "NOT_FOUND",
          details: [{ reason: "model_not_found" }],
        },
      },
    ],
  ] as const)("in the shape of %s", (protocol, expected) => {
    expect(JSON.parse(wires[protocol].errorBody(view))).toEqual(expected);
  });

  test("OpenAI's param is null without one", () => {
    const body = wires.openai.errorBody({
      status: 500,
      code: "upstream_error",
      message: "m",
      requestId: "r",
    });
    expect(body).toBe('{"error":{"message":"m","type":"api_error","param":null,"code":"upstream_error"}}');
  });

  test.each([
    [400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"],
    [401, "authentication_error", "authentication_error", "UNAUTHENTICATED"],
    [403, "permission_error", "permission_error", "PERMISSION_DENIED"],
    [404, "invalid_request_error", "not_found_error", "NOT_FOUND"],
    [405, "invalid_request_error", "api_error", "INVALID_ARGUMENT"],
    [408, "invalid_request_error", "api_error", "DEADLINE_EXCEEDED"],
    [413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT"],
    [415, "invalid_request_error", "api_error", "INVALID_ARGUMENT"],
    [417, "invalid_request_error", "api_error", "INVALID_ARGUMENT"],
    [426, "invalid_request_error", "api_error", "INVALID_ARGUMENT"],
    [429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"],
    [431, "invalid_request_error", "api_error", "INVALID_ARGUMENT"],
    [500, "api_error", "api_error", "INTERNAL"],
    [502, "api_error", "api_error", "UNAVAILABLE"],
    [503, "api_error", "overloaded_error", "UNAVAILABLE"],
    [504, "api_error", "timeout_error", "DEADLINE_EXCEEDED"],
    [529, "api_error", "overloaded_error", "INTERNAL"],
  ])("name status %i in each protocol's words", (status, openaiType, anthropicType, geminiStatus) => {
    const error = { ...view, status };
    expect(JSON.parse(wires.openai.errorBody(error))).toMatchObject({ error: { type: openaiType } });
    expect(JSON.parse(wires.anthropic.errorBody(error))).toMatchObject({ error: { type: anthropicType } });
    expect(JSON.parse(wires.gemini.errorBody(error))).toMatchObject({
      error: { status: geminiStatus, code: status },
    });
  });
});

test.each([
  ["openai", "", wires.openai.errorBody(view)],
  ["vllm", "", wires.vllm.errorBody(view)],
  ["anthropic", "error", wires.anthropic.errorBody(view)],
  ["dashscope", "error", wires.dashscope.errorBody(view)],
  ["gemini", "", wires.gemini.errorBody(view)],
] as const)(
  "a broken %s stream ends with one event that holds the error, line breaks in the message or not",
  (protocol, event, data) => {
    const seen: string[][] = [];
    const decoder = new SseDecoder();
    decoder.push(
      Buffer.from(wires[protocol].streamError(view)),
      (name, bytes) => void seen.push([name, bytes.toString()]),
    );
    expect(seen).toEqual([[event, data]]);
    expect(decoder.midEvent).toBe(false);
    expect(wires[protocol].streamError({ ...view, message: "a\nb\r\nc" })).toContain(String.raw`a\nb\r\nc`);
  },
);

test("a broken Responses stream ends with response.failed", () => {
  const text = wires["openai-responses"].streamError(view);
  expect(text).toMatch(/^event: response\.failed\ndata: \{.*"type":"response\.failed".*\}\n\n$/);
  expect(text).toContain('"code":"model_not_found"');
});

describe("ComfyUI, which is passed on unread", () => {
  const wire = wires.comfyui;
  test.each([
    ["an object", "{}", "json", "answer"],
    ["an array", "[1]", "json", "answer"],
    ["a text", '"workflows/a.json"', "json", "answer"],
    ["nothing", "", "json", "empty"],
    ["HTML", "<p>", "json", "invalid"],
    ["cut JSON", '{"a":', "json", "invalid"],
    ["nodes of which one is named error", '{"error":{}}', "json", "answer"],
    ["a queued prompt", '{"prompt_id":"p","number":1,"node_errors":{}}', "object", "answer"],
    ["a prompt refused in a 200", '{"error":{"message":"m"},"node_errors":{}}', "object", "error"],
    ["a file that is no JSON", "<p>", "bytes", "answer"],
    ["an empty file", "", "bytes", "answer"],
  ] as const)("%s is judged by being JSON where it is due", (_, body, kind, verdict) => {
    expect(wire.judge(Buffer.from(body), kind)).toMatchObject({ kind: verdict });
  });

  test("the first event with data commits a stream", () => {
    const reader = wire.reader();
    expect(reader.read("result", Buffer.from(" "))).toBe("noise");
    expect(reader.read("result", Buffer.from("{}"))).toBe("semantic");
    expect(reader).toMatchObject({ usage: undefined, error: undefined, usageMayFollow: false });
  });
});

test.each(Object.entries(wires))("a file is no answer of %s, whatever it holds", (_, wire) => {
  for (const body of ['{"error":{"message":"m"},"type":"error","code":"c"}', "<p>", "", "[{"]) {
    expect(wire.judge(Buffer.from(body), "bytes")).toEqual({ kind: "answer", usage: undefined });
  }
});

test.each([
  ["openai", '"usage":{"prompt_tokens":3,"completion_tokens":2}}'],
  ["vllm", '"usage":{"total_tokens":5,"completion_tokens":2}}'],
  ["openai-responses", '"usage":{"input_tokens":3,"output_tokens":2},"user":null}'],
  ["anthropic", '"usage":{"input_tokens":1,"cache_read_input_tokens":2,"output_tokens":2}}'],
  ["dashscope", '"usage":{"input_tokens":3,"output_tokens":2},"request_id":"r"}'],
  ["gemini", '"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2},"modelVersion":"m"}'],
] as const)("the end of a long answer of %s tells its usage", (protocol, end) => {
  const wire = wires[protocol];
  expect(wire.usageInTail(Buffer.from(`ore text"}],${end}`))).toMatchObject({
    inputTokens: 3,
    outputTokens: 2,
  });
  expect(wire.usageInTail(Buffer.from("x".repeat(1_000)))).toBeUndefined();
  expect(wires.comfyui.usageInTail(Buffer.from(end))).toBeUndefined();
});

describe("readError", () => {
  test.each([
    ["a numeric code", { code: 429, message: "m" }, 429],
    ["a code in digits", { code: "503", message: "m" }, 503],
    ["a status_code before a code", { code: "tool_use_failed", status_code: 400, message: "m" }, 400],
    ["a code that is no status", { code: 1234, message: "m" }, 502],
    ["a status below 400", { code: 200, message: "m" }, 502],
    ["a code by name", { code: "insufficient_quota", message: "m" }, 429],
    ["a type by name", { type: "server_error", code: null, message: "m" }, 500],
    [
      "the code before the type",
      { type: "invalid_request_error", code: "model_not_found", message: "m" },
      404,
    ],
    ["an unknown type", { type: "odd", message: "m" }, 502],
    ["DashScope's code", { code: "InvalidParameter", message: "m" }, 400],
    ["DashScope's finer code", { code: "Throttling.RateQuota", message: "m" }, 429],
    ["DashScope's debt", { code: "Arrearage", message: "m" }, 502],
    ["Gemini's status", { status: "UNAVAILABLE", message: "m" }, 503],
    ["a name that every object has", { code: "constructor.x", message: "m" }, 502],
    ["the service's 401", { code: 401, message: "m" }, 502],
    ["the service's 402", { code: 402, message: "m" }, 502],
    ["the service's 403", { type: "permission_error", message: "m" }, 502],
  ])("maps %s", (_, value, status) => {
    expect(readError(value)).toEqual({ status, message: "m" });
  });

  test("cuts a long message and keeps it well formed", () => {
    const { message } = readError({ message: "🎉".repeat(600).slice(1) });
    expect(message.length).toBe(1_000);
    expect(message.isWellFormed()).toBe(true);
  });
});
