import { describe, expect, it } from "vitest";
import { maxEventBytes } from "../lib/sse.ts";
import {
  bedrockEvents,
  bedrockRecordings,
  eventStreamMessage,
} from "../../test/support/bedrock-recordings.ts";
import { AwsEventStreamDecoder, brokenFrame, exceptionOf } from "./aws-event-stream.ts";

function event(type: string, payload: string): Buffer {
  return eventStreamMessage(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    payload,
  );
}

type Found = readonly [name: string, data: string];

/** Everything that is found in the pieces, and what the decoder says at the end. */
function decode(pieces: readonly Buffer[]): { events: Found[]; midEvent: boolean } {
  const decoder = new AwsEventStreamDecoder();
  const events: Found[] = [];
  const listener = (name: string, data: Buffer) => void events.push([name, data.toString()]);
  for (const piece of pieces) decoder.push(piece, listener);
  const { midEvent } = decoder;
  decoder.finish(listener);
  return { events, midEvent };
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

const recorded = bedrockRecordings().filter(({ stream }) => stream);

describe("messages of an AWS event stream", () => {
  it(`are found in ${recorded.length} recorded streams as the vendor's codec finds them, cut at every byte`, () => {
    expect(recorded.length).toBeGreaterThan(4);
    for (const { name, body: stream } of recorded) {
      const wanted = bedrockEvents(stream).map(({ name: type, data }): Found => [type, data]);
      expect(wanted.length, name).toBeGreaterThan(2);
      expect(decode([stream]).events, name).toEqual(wanted);
      expect(decode(cut(stream, 1)).events, name).toEqual(wanted);
      for (let at = 1; at < stream.length; at += 1) {
        const { events } = decode([stream.subarray(0, at), stream.subarray(at)]);
        if (
          events.length !== wanted.length ||
          events.some(([, data], index) => data !== wanted[index]?.[1])
        ) {
          expect(events, `${name} cut at ${at}`).toEqual(wanted);
        }
      }
    }
  });

  it("have their names past headers of every type", () => {
    const more: Parameters<typeof eventStreamMessage>[2] = {
      yes: { type: "boolean", value: true },
      no: { type: "boolean", value: false },
      byte: { type: "byte", value: -3 },
      short: { type: "short", value: 300 },
      integer: { type: "integer", value: 70_000 },
      bytes: { type: "binary", value: new Uint8Array(300) },
      time: { type: "timestamp", value: new Date(1_790_000_000_000) },
      id: { type: "uuid", value: "12345678-1234-1234-1234-123456789012" },
    };
    const bytes = eventStreamMessage({ ":message-type": "event", ":event-type": "metadata" }, "{}", more);
    expect(decode(cut(bytes, 3)).events).toEqual([["metadata", "{}"]]);
  });

  it.each([
    {
      name: "an exception is named so",
      bytes: eventStreamMessage(
        { ":message-type": "exception", ":exception-type": "throttlingException" },
        '{"message":"m"}',
      ),
      wanted: ["exception:throttlingException", '{"message":"m"}'],
    },
    {
      name: "an error of the connection has its words in a header",
      bytes: eventStreamMessage(
        { ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "wörds" },
        "",
      ),
      wanted: ["exception:InternalFailure", '{"message":"wörds"}'],
    },
    {
      name: "a message without payload",
      bytes: event("messageStop", ""),
      wanted: ["messageStop", ""],
    },
  ])("$name", ({ bytes, wanted }) => {
    expect(decode([bytes]).events).toEqual([wanted]);
    expect(decode(cut(bytes, 1)).events).toEqual([wanted]);
  });

  it.each([
    { name: "a flipped bit in the payload", change: (bytes: Buffer) => flip(bytes, bytes.length - 6) },
    { name: "a flipped bit in a header", change: (bytes: Buffer) => flip(bytes, 14) },
    { name: "a flipped bit in a length", change: (bytes: Buffer) => flip(bytes, 2) },
    { name: "a flipped bit in the last checksum", change: (bytes: Buffer) => flip(bytes, bytes.length - 1) },
    { name: "a message that is cut off", change: (bytes: Buffer) => bytes.subarray(0, -1) },
    { name: "a prelude that is cut off", change: (bytes: Buffer) => bytes.subarray(0, 7) },
    { name: "text", change: () => Buffer.from('data: {"a":1}\n\ndata: {"a":1}\n\n') },
  ])("$name ends the stream as a broken frame, wherever it is cut", ({ change }) => {
    const good = event("messageStart", '{"role":"assistant"}');
    const bytes = Buffer.concat([good, change(event("contentBlockDelta", '{"delta":{"text":"a"}}'))]);
    for (const size of [1, 5, bytes.length]) {
      const { events } = decode(cut(bytes, size));
      expect(events.map(([name]) => name)).toEqual(["messageStart", brokenFrame]);
    }
    expect(exceptionOf(brokenFrame)).toBe("brokenFrame");
    expect(exceptionOf("messageStart")).toBeUndefined();
  });

  it("a message that announces more than is ever held is refused by its prelude", () => {
    const bytes = event("contentBlockDelta", `"${"x".repeat(maxEventBytes)}"`);
    expect(decode(cut(bytes.subarray(0, 40), 10)).events.map(([name]) => name)).toEqual([brokenFrame]);
  });

  it("a listener that says so stops the decoder", () => {
    const decoder = new AwsEventStreamDecoder();
    let seen = 0;
    const bytes = Buffer.concat([event("a", "{}"), event("b", "{}")]);
    decoder.push(bytes, () => ((seen += 1), false));
    decoder.finish(() => void (seen += 1));
    expect(seen).toBe(1);
  });

  it("tells offsets of a message and whether one has begun", () => {
    const decoder = new AwsEventStreamDecoder();
    const bytes = event("a", "{}");
    const offsets: [number, number][] = [];
    const listener = (_name: string, _data: Buffer, start: number, end: number) =>
      void offsets.push([start, end]);
    decoder.push(Buffer.concat([bytes, bytes.subarray(0, 5)]), listener);
    expect(decoder.midEvent).toBe(true);
    decoder.push(bytes.subarray(5), listener);
    expect(decoder.midEvent).toBe(false);
    expect(offsets).toEqual([
      [0, bytes.length],
      [-5, bytes.length - 5],
    ]);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
  return changed;
}
