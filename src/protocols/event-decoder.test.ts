import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SseDecoder } from "../lib/sse.ts";
import { maxWholeEventBytes } from "./clipped-bytes.ts";
import { eventDecoderOf, type EventDecoder } from "./event-decoder.ts";
import { JsonArrayDecoder } from "./json-array-decoder.ts";
import { LargeEventDecoder } from "./large-event-decoder.ts";

interface Found {
  readonly event: string;
  readonly data: string;
  /** Offset in the whole stream just past the event. */
  readonly end: number;
}

/** Decodes pieces that are overwritten once they were read, as a socket may do with its buffer. */
function decode(decoder: EventDecoder, pieces: readonly Buffer[]): { events: Found[]; mid: boolean[] } {
  const events: Found[] = [];
  const mid: boolean[] = [];
  let offset = 0;
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    decoder.push(
      copy,
      (event, data, _start, end) => void events.push({ event, data: data.toString(), end: offset + end }),
    );
    copy.fill(0);
    offset += piece.length;
    mid.push(decoder.midEvent);
  }
  decoder.finish((event, data) => void events.push({ event, data: data.toString(), end: -1 }));
  return { events, mid };
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}

const single = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

describe("events that may be large", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "data: a",
      "data:b",
      "data",
      "data:  c ",
      "event: x",
      "event:y",
      "event",
      "id:1",
      ":note",
      ": data: z",
      "dat",
      "datas: no",
      "retry: 1",
      "",
      "",
      "",
    ),
    fc.string({ maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, "")}`),
  );
  const stream = fc
    .array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 30 })
    .map((lines) => Buffer.from(lines.map(([text, end]) => text + end).join("")));

  test("are those of the plain decoder, however they are cut", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(500), { maxLength: 12 }), (bytes, places) => {
        const pieces = cutAt(bytes, places);
        const expected = decode(new SseDecoder(), pieces);
        const found = decode(new LargeEventDecoder(), pieces);
        expect(found.events).toEqual(expected.events);
        expect(found.mid).toEqual(expected.mid);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ["one below the limit is whole", maxWholeEventBytes - 40],
    ["one above the limit is clipped", maxWholeEventBytes + 70_000],
    ["one of four megabytes is clipped", 4_000_000],
  ])("%s", (_, length) => {
    const value = `{"type":"x","b64":"${"A".repeat(length)}","usage":{"n":1}}`;
    const bytes = Buffer.from(`event: x\ndata: ${value}\n\nevent: y\ndata: {}\n\n`);
    const places = Array.from({ length: 300 }, (_unused, index) => index * 16_411);
    for (const pieces of [[bytes], cutAt(bytes, places)]) {
      const { events } = decode(new LargeEventDecoder(), pieces);
      expect(events.map(({ event }) => event)).toEqual(["x", "y"]);
      const [first] = events;
      expect(first?.data.startsWith('{"type":"x"')).toBe(true);
      expect(first?.data.endsWith('"usage":{"n":1}}')).toBe(true);
      expect(first?.data === value).toBe(length < maxWholeEventBytes);
      expect(first?.data.length ?? 0).toBeLessThanOrEqual(2 * maxWholeEventBytes);
      expect((first?.data.length ?? 0) > maxWholeEventBytes).toBe(length > maxWholeEventBytes);
    }
  });
});

describe("items of a JSON array", () => {
  const items = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 4 }), {
    maxLength: 6,
  });

  test("are found however they are cut", () => {
    fc.assert(
      fc.property(
        items,
        fc.constantFrom(0, 2),
        fc.array(fc.nat(2_000), { maxLength: 20 }),
        (list, indent, places) => {
          const bytes = Buffer.from(`${JSON.stringify(list, null, indent)}\n`);
          for (const pieces of [cutAt(bytes, places), single(bytes)]) {
            const { events, mid } = decode(new JsonArrayDecoder(), pieces);
            expect(events.map(({ data }) => JSON.parse(data) as unknown)).toEqual(
              JSON.parse(JSON.stringify(list)),
            );
            expect(mid.at(-1)).toBe(false);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["with quotes, brackets and backslashes in strings", String.raw`[{"a":"]}\\\"["},{"b\\":"}"}]`, 2],
    ["an object instead of an array", '{"error":{"code":1}}', 1],
    ["an empty array", "[]", 0],
    ["an item that was cut off", '[{"a":1},\r\n{"b":', 1],
    ["items that are no objects", '[1,"x",null,[],{"a":[[]]}]', 1],
  ])("%s", (_, text, count) => {
    const bytes = Buffer.from(text);
    const whole = decode(new JsonArrayDecoder(), [bytes]).events;
    expect(whole).toHaveLength(count);
    expect(decode(new JsonArrayDecoder(), single(bytes)).events).toEqual(whole);
  });
});

test.each([
  ["openai", "generation", "text/event-stream; charset=utf-8", SseDecoder],
  ["openai", "images", "text/event-stream", LargeEventDecoder],
  ["openai", "speech", "TEXT/EVENT-STREAM", LargeEventDecoder],
  ["gemini", "generation", "text/event-stream", LargeEventDecoder],
  ["gemini", "generation", "application/json; charset=UTF-8", JsonArrayDecoder],
  ["dashscope", "generation", "text/event-stream;charset=UTF-8", SseDecoder],
  ["openai", "generation", "application/json", undefined],
  ["gemini", "embedding", "application/json", undefined],
  ["openai", "speech", "audio/mpeg", undefined],
] as const)("%s %s in %s has its decoder", (protocol, answer, contentType, expected) => {
  const found = eventDecoderOf({ protocol, answer }, contentType, true);
  expect(found?.constructor).toBe(expected);
});

test("a Gemini answer in JSON is no stream when none was asked for", () => {
  expect(
    eventDecoderOf({ protocol: "gemini", answer: "generation" }, "application/json", false),
  ).toBeUndefined();
});
