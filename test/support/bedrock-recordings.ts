// Recorded answers of Bedrock, all as event streams: where only the events were recorded, the vendor's codec frames them.
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { loadRecordings, type Recording } from "./recordings.ts";

const codec = new EventStreamCodec(
  (input) => (typeof input === "string" ? input : Buffer.from(input).toString()),
  (text) => new Uint8Array(Buffer.from(text)),
);

export const eventStreamType = "application/vnd.amazon.eventstream";

type Headers = Parameters<EventStreamCodec["encode"]>[0]["headers"];

/** One message as bytes. @param headers those of type string, then all others */
export function eventStreamMessage(
  headers: Readonly<Record<string, string>>,
  payload: string,
  others: Headers = {},
): Buffer {
  const all: Headers = { ...others };
  for (const [name, value] of Object.entries(headers)) all[name] = { type: "string", value };
  return Buffer.from(codec.encode({ headers: all, body: new Uint8Array(Buffer.from(payload)) }));
}

export function bedrockEvent(type: string, payload: object): Buffer {
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  return eventStreamMessage(headers, JSON.stringify(payload));
}

export function bedrockException(type: string, payload: object): Buffer {
  const headers = {
    ":exception-type": type,
    ":content-type": "application/json",
    ":message-type": "exception",
  };
  return eventStreamMessage(headers, JSON.stringify(payload));
}

/** Names and payloads, by the vendor's codec. */
export function bedrockEvents(stream: Buffer): { readonly name: string; readonly data: string }[] {
  const found: { readonly name: string; readonly data: string }[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt32BE(at)) {
    const { headers, body } = codec.decode(stream.subarray(at, at + stream.readUInt32BE(at)));
    const name = headers[":event-type"] ?? headers[":exception-type"];
    found.push({ name: String(name?.value), data: Buffer.from(body).toString() });
  }
  return found;
}

/** What Bedrock itself answered: a file may hold exchanges with others. */
export function bedrockRecordings(): Recording[] {
  return loadRecordings("bedrock-converse").flatMap((recording) => {
    if (!(recording.requestPath ?? "/converse").includes("/converse")) return [];
    if (recording.contentType === eventStreamType) return [{ ...recording, stream: true }];
    if (!recording.contentType.startsWith("text/event-stream")) return [recording];
    return [{ ...recording, contentType: eventStreamType, body: framed(recording.body) }];
  });
}

/** From `data: {"contentBlockDelta":{…}}`. */
function framed(body: Buffer): Buffer {
  const lines = body.toString().match(/(?<=^data: ).+$/gmu) ?? [];
  const events = lines.flatMap((line) => Object.entries(JSON.parse(line) as Record<string, object>));
  return Buffer.concat(events.map(([type, payload]) => bedrockEvent(type, payload)));
}
