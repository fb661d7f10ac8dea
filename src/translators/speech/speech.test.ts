// What OpenAI's clients ask of DashScope's voices, frame by frame, and what becomes of the sound.
import { describe, expect, test } from "vitest";
import { recordedFrames } from "../../../test/support/speech-frames.ts";
import { GatewayError } from "../../core/errors.ts";
import { noTokens } from "../../core/usage.ts";
import { memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";
import { contextOf } from "../translation-fixture.ts";
import type { ServiceCall } from "../translation.ts";
import { dashscopeSpeech } from "./dashscope-speech.ts";
import { sentencePieces } from "./sentence-pieces.ts";
import { openaiSpeechClient } from "./speech-clients.ts";
import { speech } from "./speech.ts";

const translate = speech(openaiSpeechClient, dashscopeSpeech);

interface Spoken {
  readonly call: ServiceCall & Required<Pick<ServiceCall, "spoken">>;
  readonly warnings: readonly string[];
}

function spoken(body: JsonObject, stream = false): Spoken {
  const context = contextOf({ model: "cosyvoice-v2" });
  const [call] = translate({ body, model: "asked", stream }, context).calls(new Map());
  if (call?.spoken === undefined) throw new Error("nothing is said");
  const warnings = context.notes.warnings.map(({ field, action }) => `${field};${action}`);
  return { call: { ...call, spoken: call.spoken }, warnings };
}

const plain = { input: "Hello.", voice: "longxiaochun" };
const parametersIn = ({ body }: ServiceCall): unknown => memberOf(memberOf(body, "payload"), "parameters");
const usual = { text_type: "PlainText", voice: "longxiaochun", format: "mp3", sample_rate: 24_000 };

describe("what is asked for", () => {
  test.each([
    ["no more than the words", {}, usual, "audio/mpeg", []],
    ["sound without compression", { response_format: "wav" }, { ...usual, format: "wav" }, "audio/wav", []],
    ["bare samples", { response_format: "pcm" }, { ...usual, format: "pcm" }, "audio/pcm", []],
    ["aac, which there is not", { response_format: "aac" }, usual, "audio/mpeg", ["response_format;clamped"]],
    [
      "opus, which there is not",
      { response_format: "opus" },
      usual,
      "audio/mpeg",
      ["response_format;clamped"],
    ],
    [
      "flac, which loses as little as wav",
      { response_format: "flac" },
      { ...usual, format: "wav" },
      "audio/wav",
      ["response_format;clamped"],
    ],
    ["a little faster", { speed: 1.5 }, { ...usual, rate: 1.5 }, "audio/mpeg", []],
    ["faster than there is", { speed: 4 }, { ...usual, rate: 2 }, "audio/mpeg", ["speed;clamped"]],
    ["slower than there is", { speed: 0.25 }, { ...usual, rate: 0.5 }, "audio/mpeg", ["speed;clamped"]],
    ["in a manner", { instructions: "whisper" }, usual, "audio/mpeg", ["instructions;dropped"]],
    ["a voice of one's own", { voice: { id: "v-1" } }, { ...usual, voice: "v-1" }, "audio/mpeg", []],
    [
      "as its own clients do",
      { volume: 70, pitch: 1.2 },
      { ...usual, volume: 70, pitch: 1.2 },
      "audio/mpeg",
      [],
    ],
    ["something unknown", { color: "blue" }, usual, "audio/mpeg", ["color;dropped"]],
  ])("%s", (_name, more, ...expected) => {
    const [parameters, contentType, warnings] = expected;
    const { call, warnings: said } = spoken({ ...plain, ...more });
    expect(parametersIn(call)).toEqual(parameters);
    expect(call.spoken.contentType).toBe(contentType);
    expect(said).toEqual(warnings);
  });

  test.each([
    ["no words", { voice: "v" }, "input"],
    ["empty words", { input: " ", voice: "v" }, "input"],
    ["words without end", { input: "a".repeat(100_001), voice: "v" }, "input"],
    ["no voice", { input: "a" }, "voice"],
    ["a voice without id", { input: "a", voice: {} }, "voice.id"],
    ["a format that nobody has", { ...plain, response_format: "midi" }, "response_format"],
    ["a format that every object has", { ...plain, response_format: "toString" }, "response_format"],
    ["a speed in words", { ...plain, speed: "fast" }, "speed"],
    ["no speed at all", { ...plain, speed: 0 }, "speed"],
    ["a stream of another kind", { ...plain, stream_format: "ndjson" }, "stream_format"],
    ["instructions that are none", { ...plain, instructions: 1 }, "instructions"],
  ])("is refused by name: %s", (_name, body, param) => {
    let refused: unknown;
    try {
      spoken(body);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(GatewayError);
    expect(refused).toMatchObject({ code: "invalid_request", param });
  });
});

test("the frames are those of the recorded exchange, in its order", () => {
  const recorded = recordedFrames("cnb.speech-synthesizer.success.json")
    .filter(({ fromClient }) => fromClient)
    .map(({ data }): unknown => JSON.parse(data.toString()));
  const { call } = spoken({ input: "代码改变世界", voice: "longxiaochun", speed: 1.1 });
  const frames = [call.body, ...call.spoken.rest];
  const actions = (list: readonly unknown[]): unknown[] =>
    list.map((frame) => textOf(memberOf(frame, "header"), "action"));
  expect(actions(frames)).toEqual(actions(recorded));
  const [run] = recorded;
  const strange = new Set(["parameters", "model"]);
  for (const [name, value] of Object.entries(Object(memberOf(run, "payload"))))
    if (!strange.has(name)) expect(memberOf(memberOf(call.body, "payload"), name)).toEqual(value);
  expect(call.spoken.rest[0]).toMatchObject({ payload: memberOf(recorded[1], "payload") });
  const ids = frames.map((frame) => textOf(memberOf(frame, "header"), "task_id"));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
});

describe("how the client gets it", () => {
  test("bytes as they come, and nothing after them", () => {
    const { piece, end } = spoken(plain).call.spoken;
    expect(piece(Buffer.from([1, 2]))).toEqual(Buffer.from([1, 2]));
    expect(end({ ...noTokens, characters: 6 })).toHaveLength(0);
  });

  test("events with what was consumed at the end", () => {
    const { piece, end, contentType } = spoken(plain, true).call.spoken;
    expect(contentType).toMatch(/^text\/event-stream/);
    expect(piece(Buffer.from([1, 2])).toString()).toBe(
      'event: speech.audio.delta\ndata: {"type":"speech.audio.delta","audio":"AQI="}\n\n',
    );
    const [, data = ""] = end({ ...noTokens, characters: 6 })
      .toString()
      .split("\ndata: ");
    expect(JSON.parse(data)).toEqual({
      type: "speech.audio.done",
      usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0, characters: 6 },
    });
  });
});

describe("long texts", () => {
  test.each([
    ["a short one", "Hi.", 10, ["Hi."]],
    ["where sentences end", "One. Two. Three.", 12, ["One. Two. ", "Three."]],
    ["where sentences end in Chinese", "你好。世界！再见", 6, ["你好。世界！", "再见"]],
    ["where words end, without sentences", "one two three", 9, ["one two ", "three"]],
    ["anywhere, without words", "abcdef", 4, ["abcd", "ef"]],
    ["never through a character", "ab😀cd", 3, ["ab", "😀c", "d"]],
    ["nothing", "", 4, []],
  ])("are cut: %s", (_name, text, most, pieces) => {
    expect(sentencePieces(text, most)).toEqual(pieces);
    expect(sentencePieces(text, most).join("")).toBe(text);
  });

  test("go out in frames of bounded length, and nothing of them is lost", () => {
    const input = "This is one of many sentences, and 这也是一句话。".repeat(400);
    const { rest } = spoken({ ...plain, input }).call.spoken;
    const texts = rest.map((frame) => textOf(memberOf(memberOf(frame, "payload"), "input"), "text") ?? "");
    expect(texts.join("")).toBe(input);
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(2_000);
    expect(texts.slice(0, -2).every((text) => text.endsWith("。"))).toBe(true);
  });
});
