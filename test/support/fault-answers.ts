// Further ways in which an answer itself can be odd or broken: its pace, its bytes, its encoding, its status.
// Must not know the gateway.
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import {
  crlf,
  framed,
  healthyBody,
  lastChunk,
  malformedEvent,
  started,
  streamHead,
  wholeAnswer,
  write,
  type Fault,
  type FaultContext,
  type Serve,
} from "./fault-upstream.ts";
import { chunk } from "./raw-client.ts";
import type { UpstreamConnection } from "./raw-upstream.ts";

const dripEveryMs = 5;
/** Bytes that drip one by one; together they take longer than the idle timeout of the row. */
const dripped = 150;
const mebibyte = 1024 * 1024;

/** A body with a content-type by shape, whatever its bytes. */
function answerWith({ stream }: FaultContext, body: Buffer, extra = ""): Buffer {
  const type = stream ? "text/event-stream" : "application/json";
  const head = `HTTP/1.1 200 OK${crlf}content-type: ${type}${crlf}transfer-encoding: chunked${crlf}${extra}${crlf}`;
  return Buffer.concat([Buffer.from(head), chunk(body, true)]);
}

function send(to: UpstreamConnection, bytes: Buffer): void {
  if (!to.socket.destroyed) to.socket.write(bytes);
}

/** A fault that is nothing but a body of these bytes. */
function bodyFault(id: string, name: string, body: (context: FaultContext) => Buffer): Fault {
  return { id, name, serve: (to, context) => send(to, answerWith(context, body(context))), body };
}

type Encode = (body: Buffer) => Buffer;

/** A healthy body in a coding that nobody asked for. */
function encodedFault(coding: string, encode: Encode): Fault {
  const body = (context: FaultContext): Buffer => encode(Buffer.from(healthyBody(context)));
  return {
    id: "U25",
    name: `an answer in ${coding}`,
    serve: (to, context) => send(to, encodedAnswer(context, coding, body(context))),
    body,
  };
}

function encodedAnswer(context: FaultContext, coding: string, body: Buffer): Buffer {
  return answerWith(context, body, `content-encoding: ${coding}${crlf}`);
}

function drip(to: UpstreamConnection, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    const end = at < dripped ? at + 1 : bytes.length;
    send(to, chunk(bytes.subarray(at, end), end === bytes.length));
    at = end;
    if (at === bytes.length) clearInterval(timer);
  }, dripEveryMs);
  to.socket.on("close", () => clearInterval(timer));
}

/** The healthy body with characters of two, three and four bytes in it. */
function wideBody(context: FaultContext): Buffer {
  return Buffer.from(healthyBody(context).replaceAll("Moon", "Mönd 月 🌙"));
}

/** One event is longer than anybody should look into; the others are not. */
function largeEvent({ wire }: FaultContext): Buffer {
  const large = wire.semantic.replace("Moon", "M".repeat(mebibyte + 1));
  return Buffer.from(wire.noise + wire.semantic + large + wire.closing);
}

/** Line ends of another system, no space after the colon, data over several lines. */
function oddEvents(context: FaultContext): Buffer {
  const spread = healthyBody(context)
    .replaceAll(',"', ',\ndata:"')
    .replaceAll(/^(\w+): /gm, "$1:");
  return Buffer.from(spread.replaceAll("\n", "\r\n"));
}

let bomb: Buffer | undefined;
/** Decodes to 80 MiB: more than anybody should look into. */
function bombBody({ wire, stream }: FaultContext): Buffer {
  const filler = " ".repeat(mebibyte);
  // White space is harmless in both shapes, so that only the size is at fault.
  bomb ??= gzipSync(Buffer.from(filler.repeat(80)));
  // A second gzip member behind the first is decoded as its continuation (RFC 1952, 2.2).
  const first = stream ? wire.noise + wire.semantic + wire.closing : wire.answer;
  return Buffer.concat([gzipSync(first), bomb]);
}

function cutGzip(context: FaultContext): Buffer {
  const whole = gzipSync(healthyBody(context));
  return whole.subarray(0, whole.length - 12);
}

function statusOnly(status: number, body = ""): Serve {
  return (to) =>
    write(to, `HTTP/1.1 ${status} Status${crlf}content-type: application/json${crlf}${crlf}${body}`);
}

function errorStatus(status: number, extra = ""): Fault {
  return {
    id: `${Math.floor(status / 100)}xx`,
    name: `${status} with a body`,
    serve: (to) => write(to, wholeAnswer(status, statusBody, extra)),
  };
}

/** A top-level error inside a 200; as the first event of a stream. */
function errorInside(name: string, error: unknown): Fault {
  const text = JSON.stringify({ type: "error", error });
  return {
    id: "200",
    name,
    serve: (to, { stream }) =>
      write(
        to,
        stream ? `${streamHead()}${framed(`data: ${text}\n\n`)}${lastChunk}` : wholeAnswer(200, text),
      ),
  };
}

const cutStatus = wholeAnswer(500, "x".repeat(100)).slice(0, -50);

export const largeBody = `{"error":{"message":"${"x".repeat(2 * mebibyte)}"}}`;

export const statusBody = JSON.stringify({
  error: { message: "canary-status", type: "server_error", code: null },
});

/** By name, beside those of `fault-upstream.ts`. */
export const answerFaults = {
  resetAfterNoise: {
    id: "U9",
    name: "reset after events that mean nothing yet",
    serve: (to, { wire }) => {
      if (!to.socket.destroyed)
        to.socket.write(streamHead() + framed(wire.noise), () => to.socket.resetAndDestroy());
    },
  },
  noiseThenStall: {
    id: "U8",
    name: "events that mean nothing yet, then stall",
    serve: (to, { wire }) => write(to, streamHead() + framed(wire.noise)),
  },
  slowDrip: {
    id: "U13",
    name: "one byte every 5 ms",
    serve: (to, context) => {
      send(to, answerWith(context, Buffer.alloc(0)).subarray(0, -lastChunk.length));
      drip(to, Buffer.from(healthyBody(context)));
    },
  },
  splitCharacters: {
    id: "U14",
    name: "characters cut in two by chunks",
    serve: (to, context) => {
      const pieces = Array.from(wideBody(context), (byte) => chunk(Buffer.of(byte)));
      const head = answerWith(context, Buffer.alloc(0)).subarray(0, -lastChunk.length);
      send(to, Buffer.concat([head, ...pieces, Buffer.from(lastChunk)]));
    },
    body: wideBody,
  },
  oddEvents: bodyFault("U15", "CRLF, no space after the colon, data over several lines", oddEvents),
  largeEvent: bodyFault("U15", "an event of more than 1 MiB", largeEvent),
  largeFirstEvent: bodyFault("U15", "a first event with data of more than 1 MiB", ({ wire }) =>
    Buffer.from(wire.noise + wire.semantic.replace("Moon", "M".repeat(mebibyte + 1)) + wire.closing),
  ),
  malformedFirst: bodyFault("U16", "a first event that is not JSON", () => Buffer.from(malformedEvent)),
  endlessFirstLine: bodyFault("U17", "a first line of 2 MiB without an end", () =>
    Buffer.from(`data: ${"x".repeat(2 * mebibyte)}`),
  ),
  gzip: encodedFault("gzip", gzipSync),
  br: encodedFault("br", brotliCompressSync),
  zstd: encodedFault("zstd", zstdCompressSync),
  gzipBomb: {
    id: "U25",
    name: "gzip that decodes to 80 MiB",
    serve: (to, context) => send(to, encodedAnswer(context, "gzip", bombBody(context))),
    body: bombBody,
  },
  encodedError: {
    id: "U25",
    name: "an error inside a 200 in gzip",
    serve: (to, context) => {
      const { errorIn200 } = context.wire;
      const text = context.stream ? `event: error\ndata: ${errorIn200}\n\n` : errorIn200;
      send(to, encodedAnswer(context, "gzip", gzipSync(text)));
    },
  },
  encodedNoise: {
    id: "U25",
    name: "a stream in gzip that ends before any data",
    serve: (to, context) => send(to, encodedAnswer(context, "gzip", gzipSync(context.wire.noise))),
  },
  noGzip: {
    id: "U26",
    name: "bytes that claim to be gzip and are not",
    serve: (to, context) => send(to, encodedAnswer(context, "gzip", Buffer.from(healthyBody(context)))),
  },
  cutGzip: {
    id: "U26",
    name: "gzip that ends before its end",
    serve: (to, context) => send(to, encodedAnswer(context, "gzip", cutGzip(context))),
    body: cutGzip,
  },
  noContent: { id: "U27", name: "204 with a body", serve: statusOnly(204, "poisoned") },
  notModified: { id: "U27", name: "304 with a body", serve: statusOnly(304, "poisoned") },
  unavailable: errorStatus(503, `retry-after: 9${crlf}`),
  unavailableNow: errorStatus(503, `retry-after: 0${crlf}`),
  unavailableInASecond: errorStatus(503, `retry-after: 1${crlf}`),
  overloaded: errorStatus(529),
  badRequest: errorStatus(400),
  tooLarge: errorStatus(413),
  unprocessable: errorStatus(422),
  conflict: errorStatus(409),
  statusThenStall: {
    id: "5xx",
    name: "500, then a stall in its body",
    serve: (to) => write(to, cutStatus),
  },
  statusThenCut: {
    id: "5xx",
    name: "500, then a close in its body",
    serve: (to) => to.socket.end(cutStatus, "latin1"),
  },
  largeStatus: {
    id: "5xx",
    name: "500 with a body of 2 MiB",
    serve: (to) => write(to, wholeAnswer(500, largeBody)),
  },
  oddStatus: {
    id: "5xx",
    name: "a status that does not exist",
    serve: (to) => write(to, wholeAnswer(600, "{}")),
  },
  limitIn200: errorInside("a rate limit inside a 200", {
    type: "rate_limit_error",
    message: "slow down",
  }),
  keyErrorIn200: errorInside("a refusal of the key inside a 200", {
    type: "authentication_error",
    message: "no such key",
  }),
  noiseOnly: {
    id: "200",
    name: "a stream that ends before any data",
    serve: (to, { wire }) => write(to, streamHead() + framed(wire.noise) + lastChunk),
  },
  errorAfterData: {
    id: "200",
    name: "an error event after data",
    serve: (to, context) =>
      write(to, started(context) + framed(`event: error\ndata: ${context.wire.errorIn200}\n\n`) + lastChunk),
    body: ({ wire }) =>
      Buffer.from(`${wire.noise}${wire.semantic}event: error\ndata: ${wire.errorIn200}\n\n`),
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type AnswerFaultName = keyof typeof answerFaults;
