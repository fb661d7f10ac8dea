import { describe, expect, test } from "vitest";
import { noTokens } from "../core/usage.ts";
import { lastMember } from "./last-member.ts";
import { LargeEventDecoder } from "./large-event-decoder.ts";
import type { AnswerKind } from "./wire.ts";
import { wires } from "./wires.ts";

const wire = wires.openai;
const judge = (value: unknown, kind: AnswerKind) => wire.judge(Buffer.from(JSON.stringify(value)), kind);
const tokens = (inputTokens: number, outputTokens: number) => ({ ...noTokens, inputTokens, outputTokens });

describe("whole answers by kind", () => {
  test.each([
    ["vectors", "embedding", { data: [{}], usage: { prompt_tokens: 4, total_tokens: 4 } }, tokens(4, 0)],
    [
      "Cohere's vectors",
      "embedding",
      { embeddings: { float: [[]] }, meta: { billed_units: { input_tokens: 3 } } },
      tokens(3, 0),
    ],
    ["ranks", "rerank", { results: [], usage: { total_tokens: 56 } }, tokens(56, 0)],
    ["Voyage's ranks", "rerank", { data: [{}], usage: { total_tokens: 43 } }, tokens(43, 0)],
    [
      "Cohere's ranks",
      "rerank",
      { results: [{}], meta: { billed_units: { search_units: 1 } } },
      { ...noTokens, searches: 1 },
    ],
    [
      "Cohere's ranks with tokens",
      "rerank",
      { results: [{}], meta: { billed_units: { search_units: 2, input_tokens: 9 } } },
      { ...tokens(9, 0), searches: 2 },
    ],
    ["images", "images", { data: [{ url: "u" }, { url: "v" }] }, { ...noTokens, images: 2 }],
    [
      "images with tokens",
      "images",
      { data: [{ b64_json: "AA" }], usage: { input_tokens: 10, output_tokens: 1_056, total_tokens: 1_066 } },
      { ...tokens(10, 1_056), images: 1 },
    ],
    [
      "a transcript",
      "transcription",
      { text: "", usage: { type: "tokens", input_tokens: 14, output_tokens: 101 } },
      tokens(14, 101),
    ],
    [
      "a transcript by seconds",
      "transcription",
      { text: "a", usage: { type: "duration", seconds: 37 } },
      { ...noTokens, seconds: 37 },
    ],
    [
      "a transcript with a length",
      "transcription",
      { text: "a", duration: 36.7 },
      { ...noTokens, seconds: 36.7 },
    ],
    ["a length as a text", "transcription", { text: "a", duration: "2.5" }, { ...noTokens, seconds: 2.5 }],
    ["a transcript that tells nothing", "transcription", { text: "a" }, undefined],
    ["a file", "object", { id: "file-1", object: "file", status: "processed" }, undefined],
    [
      "a batch in progress",
      "object",
      { id: "b", status: "in_progress", usage: { input_tokens: 5, output_tokens: 1 } },
      undefined,
    ],
    [
      "a batch that is complete",
      "object",
      { id: "b", status: "completed", usage: { input_tokens: 5, output_tokens: 1 } },
      tokens(5, 1),
    ],
    [
      "a job that succeeded",
      "object",
      { id: "j", status: "succeeded", trained_tokens: 5_768, error: {} },
      tokens(5_768, 0),
    ],
    [
      "a job that failed",
      "object",
      { id: "j", status: "failed", error: { code: "c", message: "m" } },
      undefined,
    ],
    [
      "a video that is complete",
      "object",
      { id: "v", object: "video", status: "completed", seconds: "8" },
      { ...noTokens, seconds: 8 },
    ],
    [
      "a video in progress",
      "object",
      { id: "v", object: "video", status: "in_progress", seconds: "8" },
      undefined,
    ],
    ["a list", "json", { object: "list", data: [] }, undefined],
    ["a moderation", "json", { id: "m", results: [{ flagged: false }] }, undefined],
  ] as const)("%s, as %s, are an answer with usage", (_, kind, value, usage) => {
    expect(judge(value, kind)).toEqual({ kind: "answer", usage });
  });

  test.each([
    ["no vectors", "embedding", { data: [] }],
    ["no list of ranks", "rerank", {}],
    ["no images", "images", { created: 1, data: [] }],
  ] as const)("%s, as %s, are empty", (_, kind, value) => {
    expect(judge(value, kind)).toEqual({ kind: "empty" });
  });

  test.each(["embedding", "rerank", "images", "speech", "transcription", "object", "json"] as const)(
    "an error is an error for %s",
    (kind) => {
      expect(judge({ error: { message: "m", code: 429 } }, kind)).toEqual({
        kind: "error",
        error: { status: 429, message: "m" },
      });
      expect(wire.judge(Buffer.from("<p>"), kind)).toEqual({ kind: "invalid" });
    },
  );
});

interface Step {
  readonly event?: string;
  readonly data: unknown;
}

function follow(kind: AnswerKind, steps: readonly Step[]) {
  const reader = wire.reader(kind);
  const meanings = steps.map(({ event = "", data }) =>
    reader.read(event, Buffer.from(typeof data === "string" ? data : JSON.stringify(data))),
  );
  return { reader, meanings };
}

const imageUsage = { total_tokens: 100, input_tokens: 50, output_tokens: 50 };

describe("streams", () => {
  test.each([
    [
      "images",
      "image_generation.partial_image",
      "image_generation.completed",
      imageUsage,
      { ...tokens(50, 50), images: 1 },
    ],
    ["images", "image_edit.partial_image", "image_edit.completed", undefined, { ...noTokens, images: 1 }],
    [
      "speech",
      "speech.audio.delta",
      "speech.audio.done",
      { input_tokens: 14, output_tokens: 101 },
      tokens(14, 101),
    ],
    [
      "transcription",
      "transcript.text.delta",
      "transcript.text.done",
      { type: "duration", seconds: 3 },
      { ...noTokens, seconds: 3 },
    ],
  ] as const)("of %s begin with %s and end with %s", (...[kind, piece, end, usage, counted]) => {
    for (const named of [true, false]) {
      const step = (type: string, rest: object): Step => ({
        ...(named ? { event: type } : {}),
        data: { type, ...rest },
      });
      const first = follow(kind, [step(piece, { b64_json: "AA" })]);
      expect(first.meanings).toEqual(["semantic"]);
      expect(first.reader).toMatchObject({ finished: false, usage: undefined });
      const { meanings, reader } = follow(kind, [step(piece, {}), step(piece, {}), step(end, { usage })]);
      expect(meanings).toEqual(["semantic", "semantic", "semantic"]);
      expect(reader).toMatchObject({ finished: true, usage: counted, error: undefined });
    }
  });

  test("of several images count them and take the last tokens", () => {
    const done = { event: "image_generation.completed", data: { usage: imageUsage } };
    expect(follow("images", [done, done]).reader.usage).toEqual({ ...tokens(50, 50), images: 2 });
  });

  test.each([
    ["an event named error", { event: "error", data: { error: { message: "m", code: 400 } } }, 400],
    ["an event of type error", { data: { type: "error", message: "m", code: "rate_limit_exceeded" } }, 429],
    ["an error inside", { data: { error: { message: "m", type: "server_error" } } }, 500],
  ])("fail before data with %s", (_, step, status) => {
    const { meanings, reader } = follow("images", [step]);
    expect(meanings).toEqual(["error"]);
    expect(reader.error).toEqual({ status, message: "m" });
  });

  test.each([
    ["blank data", " ", "noise"],
    ["[DONE]", "[DONE]", "noise"],
    ["a page", "<p>", "error"],
  ])("judge %s before data", (_, data, meaning) => {
    expect(follow("speech", [{ data }]).meanings).toEqual([meaning]);
  });

  test.each([
    ["with a name", "event: image_generation.completed\n", ""],
    ["with its type first", "", '"type":"image_generation.completed",'],
    ["with its type last", "", ""],
  ])("hold images of megabytes, %s", (_, name, type) => {
    const last = name === "" && type === "" ? ',"type":"image_generation.completed"' : "";
    const event = `${name}data: {${type}"b64_json":"${"A".repeat(3_000_000)}","usage":${JSON.stringify(imageUsage)}${last}}\n\n`;
    const reader = wire.reader("images");
    const decoder = new LargeEventDecoder();
    const bytes = Buffer.from(event);
    for (let at = 0; at < bytes.length; at += 65_536) {
      decoder.push(bytes.subarray(at, at + 65_536), (found, data) => void reader.read(found, data));
    }
    expect(reader).toMatchObject({ finished: true, usage: { ...tokens(50, 50), images: 1 } });
  });
});

test.each([
  ["an object", '"x":1,"usage" : {"a":{"b":1}} }', { a: { b: 1 } }],
  ["the last of two", '{"usage":{"a":1},"usage":{"a":2}}', { a: 2 }],
  ["a string", '"usage":"done"}', "done"],
  ["no member but a value", '"kind":"usage","a":{"b":1}}', undefined],
  ["an object that is cut off", '"usage":{"a":1', undefined],
  ["a number", '"usage":1}', undefined],
  ["words in a text", '"text":"\\"usage\\":{}"}', undefined],
  ["nothing", "", undefined],
])("the last member is found: %s", (_, text, expected) => {
  expect(lastMember(Buffer.from(text), Buffer.from('"usage"'))).toEqual(expected);
});
