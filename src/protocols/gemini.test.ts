import { describe, expect, test } from "vitest";
import { noTokens } from "../core/usage.ts";
import { maxWholeEventBytes } from "./clipped-bytes.ts";
import { LargeEventDecoder } from "./large-event-decoder.ts";
import type { AnswerKind } from "./wire.ts";
import { wires } from "./wires.ts";

const wire = wires.gemini;
const candidate = (parts: unknown, rest: object = {}) => ({
  candidates: [{ content: { parts, role: "model" }, ...rest }],
});
const judge = (value: unknown, kind: AnswerKind = "generation") =>
  wire.judge(Buffer.from(JSON.stringify(value)), kind);
const meaningOf = (value: unknown) => wire.reader().read("", Buffer.from(JSON.stringify(value)));

const semantic = [
  ["a text", candidate([{ text: "a" }])],
  ["a part without text", candidate([{ text: "" }])],
  ["a call", candidate([{ functionCall: { name: "f" } }])],
  ["a finishReason without content", { candidates: [{ finishReason: "MAX_TOKENS" }] }],
  ["a safety stop", { candidates: [{ finishReason: "SAFETY" }] }],
  ["a blocked prompt", { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }],
  ["a second candidate", { candidates: [{}, { content: { parts: [{}] } }] }],
] as const;

const noise = [
  ["no candidates", { usageMetadata: { promptTokenCount: 1 } }],
  ["an empty list of candidates", { candidates: [] }],
  ["a candidate without parts", candidate([])],
  ["a candidate of null", { candidates: [null] }],
  ["feedback without a block", { promptFeedback: { safetyRatings: [] } }],
] as const;

test.each(semantic)("%s is semantic in a stream and an answer as a whole", (_, value) => {
  expect(meaningOf(value)).toBe("semantic");
  expect(judge(value)).toMatchObject({ kind: "answer" });
  expect(judge([value])).toMatchObject({ kind: "answer" });
});

test.each(noise)("%s is noise in a stream and empty as a whole", (_, value) => {
  expect(meaningOf(value)).toBe("noise");
  expect(judge(value)).toEqual({ kind: "empty" });
  expect(judge([value])).toEqual({ kind: "empty" });
});

const failed = { error: { code: 429, message: "m", status: "RESOURCE_EXHAUSTED" } };

describe("errors inside a 200", () => {
  test("are read from an event, a body and a list", () => {
    const reader = wire.reader();
    expect(reader.read("", Buffer.from(JSON.stringify(failed)))).toBe("error");
    expect(reader.error).toEqual({ status: 429, message: "m" });
    expect(judge(failed)).toEqual({ kind: "error", error: { status: 429, message: "m" } });
    expect(judge([failed])).toEqual({ kind: "error", error: { status: 429, message: "m" } });
  });

  test("after data are the client's to see", () => {
    expect(judge([candidate([{ text: "a" }]), failed])).toMatchObject({ kind: "answer" });
  });

  test("are the state of an operation that has a name", () => {
    expect(judge({ name: "models/m/operations/o", done: true, ...failed }, "json")).toMatchObject({
      kind: "answer",
    });
    expect(judge(failed, "json")).toMatchObject({ kind: "error" });
  });

  test.each([["<p>"], ["[{]"], ['{"candidates":']])("are %s where JSON is due", (text) => {
    expect(wire.judge(Buffer.from(text), "generation")).toEqual({ kind: "invalid" });
    const reader = wire.reader();
    expect(reader.read("", Buffer.from(text))).toBe("error");
  });
});

test.each([
  [
    "embedding",
    { embedding: { values: [] }, usageMetadata: { promptTokenCount: 4 } },
    { kind: "answer", usage: { ...noTokens, inputTokens: 4 } },
  ],
  ["embedding", { embeddings: [{}] }, { kind: "answer", usage: undefined }],
  ["embedding", { embeddings: [] }, { kind: "empty" }],
  ["json", { totalTokens: 31 }, { kind: "answer", usage: undefined }],
  ["json", [], { kind: "answer", usage: undefined }],
] as const)("as %s %j is judged", (kind, value, expected) => {
  expect(judge(value, kind)).toEqual(expected);
});

test("an image that is larger than an event that is kept whole is read by its ends", () => {
  const image = {
    ...candidate([{ inlineData: { data: "A".repeat(maxWholeEventBytes * 20) } }], { finishReason: "STOP" }),
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 1_290 },
  };
  const reader = wire.reader();
  const decoder = new LargeEventDecoder();
  const bytes = Buffer.from(`data: ${JSON.stringify(image)}\r\n\r\n`);
  for (let at = 0; at < bytes.length; at += 50_000) {
    decoder.push(bytes.subarray(at, at + 50_000), (event, data) => void reader.read(event, data));
  }
  expect(reader).toMatchObject({
    finished: true,
    error: undefined,
    usage: { inputTokens: 3, outputTokens: 1_290 },
  });
});

test("a long answer is not looked into", () => {
  expect(judge({ candidates: [{ content: { parts: [] }, x: "x".repeat(70_000) }] })).toMatchObject({
    kind: "answer",
  });
});
