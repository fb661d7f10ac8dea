// A model service that breaks in one named way per fault, byte by byte. Must not know the gateway.
import { once } from "node:events";
import { createServer } from "node:net";
import type { ProtocolCase } from "./protocol-cases.ts";
import { chunk } from "./raw-client.ts";
import {
  startRawUpstream,
  type RawUpstream,
  type UpstreamConnection,
  type UpstreamRequest,
} from "./raw-upstream.ts";

/** What a fault needs to know to misbehave in the right protocol. */
export interface FaultContext {
  readonly wire: ProtocolCase;
  readonly stream: boolean;
  /** Resolves once the client has seen the first data: what breaks after that breaks after the commit. */
  readonly seen: Promise<void>;
}

export type Serve = (connection: UpstreamConnection, context: FaultContext, request: UpstreamRequest) => void;

/** One way to break. `id` is the row of the project's fault catalogue (U1 to U34), or the class of status. */
export interface Fault {
  readonly id: string;
  readonly name: string;
  readonly serve: Serve;
  /** The body that reaches the client when everything passes; absent = the healthy one. */
  readonly body?: (context: FaultContext) => Buffer;
}

export const crlf = "\r\n";

/** Head of a 200 in the right media type; the body follows chunked. */
export function streamHead(extra = ""): string {
  return `HTTP/1.1 200 OK${crlf}content-type: text/event-stream${crlf}transfer-encoding: chunked${crlf}${extra}${crlf}`;
}

/** A whole answer with a content-length. */
export function wholeAnswer(status: number, body: string, extra = ""): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status} Status${crlf}content-type: application/json${crlf}content-length: ${length}${crlf}${extra}${crlf}${body}`;
}

/** What a healthy service sends. */
export function healthyAnswer({ wire, stream }: Pick<FaultContext, "wire" | "stream">): string {
  if (!stream) return wholeAnswer(200, wire.answer);
  return streamHead() + framed(wire.noise) + framed(wire.semantic) + framed(wire.closing) + lastChunk;
}

/** Body of what a healthy service sends. */
export function healthyBody({ wire, stream }: Pick<FaultContext, "wire" | "stream">): string {
  return stream ? wire.noise + wire.semantic + wire.closing : wire.answer;
}

export const lastChunk = `0${crlf}${crlf}`;

/** Text as one HTTP chunk, to be written as latin1. */
export function framed(text: string): string {
  return chunk(Buffer.from(text)).toString("latin1");
}

/** A stream up to and including its first data. */
export function started({ wire }: FaultContext): string {
  return streamHead() + framed(wire.noise) + framed(wire.semantic);
}

function repeat(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

/** A JSON answer whose content-length promises more than comes. */
function shortAnswer({ wire }: FaultContext): string {
  return `HTTP/1.1 200 OK${crlf}content-type: application/json${crlf}content-length: ${wire.answer.length + 100}${crlf}${crlf}${wire.answer}`;
}

function answerWithHead({ wire }: FaultContext, head: string): string {
  return `HTTP/1.1 200 OK${crlf}content-type: application/json${crlf}${head}${crlf}${wire.answer}`;
}

/** A JSON answer of which only the beginning comes, properly chunked so far. */
function begunAnswer({ wire }: FaultContext): string {
  const half = wire.answer.slice(0, wire.answer.length / 2);
  return `HTTP/1.1 200 OK${crlf}content-type: application/json${crlf}transfer-encoding: chunked${crlf}${crlf}${framed(half)}`;
}

const begun: (context: FaultContext) => string = (context) =>
  context.stream ? started(context) : begunAnswer(context);

/** An event whose data is no JSON. */
export const malformedEvent = 'data: {"choices": [nonsense\n\n';

/** Every way to break that a table of expectations may name. */
export const faults = {
  healthy: { id: "-", name: "nothing", serve: (to, context) => write(to, healthyAnswer(context)) },
  resetBeforeHead: { id: "U3", name: "reset before headers", serve: (to) => to.socket.resetAndDestroy() },
  resetOnReuse: {
    id: "U4",
    name: "reset of a kept connection when it is used again",
    serve: (to, context) =>
      to.number === 0 && to.requests.length > 1
        ? to.socket.resetAndDestroy()
        : write(to, healthyAnswer(context)),
  },
  resetFromThenOn: {
    id: "U4",
    name: "reset of a kept connection and of every later one",
    serve: (to, context) =>
      to.number === 0 && to.requests.length === 1
        ? write(to, healthyAnswer(context))
        : to.socket.resetAndDestroy(),
  },
  closeBeforeHead: { id: "U5", name: "clean close before headers", serve: (to) => to.socket.end() },
  stallBeforeHead: { id: "U6", name: "stall before the first byte", serve: () => undefined },
  stallAfterHead: { id: "U7", name: "headers, then stall", serve: (to) => write(to, streamHead()) },
  commentsOnly: {
    id: "U8",
    name: "keep-alive comments only",
    serve: (to, { wire }) => {
      write(to, streamHead());
      const timer = setInterval(() => write(to, framed(wire.comment)), 20);
      to.socket.on("close", () => clearInterval(timer));
    },
  },
  resetInside: {
    id: "U9",
    name: "reset in the middle",
    serve: (to, context) => {
      write(to, begun(context));
      if (context.stream) void context.seen.then(() => to.socket.resetAndDestroy());
      else to.socket.resetAndDestroy();
    },
  },
  finInsideChunk: {
    id: "U10",
    name: "FIN inside a chunk",
    serve: (to, context) => to.socket.end(`${begun(context)}1f4${crlf}data: {`, "latin1"),
  },
  endWithoutMarker: {
    id: "U11",
    name: "clean end without the protocol's end",
    serve: (to, context) => write(to, started(context) + lastChunk),
    body: ({ wire }) => Buffer.from(wire.noise + wire.semantic),
  },
  stallInside: { id: "U12", name: "stall in the middle", serve: (to, context) => write(to, begun(context)) },
  flood: {
    id: "C6",
    name: "more events than anybody reads",
    serve: (to, context) => {
      write(to, started(context));
      const event = Buffer.from(framed(`data: {"filler":"${"x".repeat(65_000)}"}\n\n`));
      const pump = (): void => {
        while (!to.socket.destroyed && to.socket.write(event)) continue;
      };
      to.socket.on("drain", pump);
      pump();
    },
  },
  malformedEvent: {
    id: "U16",
    name: "an event that is not JSON",
    serve: (to, context) =>
      write(to, `${started(context)}${framed(malformedEvent)}${framed(context.wire.closing)}${lastChunk}`),
    body: ({ wire }) => Buffer.from(wire.noise + wire.semantic + malformedEvent + wire.closing),
  },
  endlessLine: {
    id: "U17",
    name: "a line of 2 MiB without an end",
    serve: (to, context) => {
      const line = framed("x".repeat(65_536));
      write(to, `${started(context)}${framed("data: ")}${repeat(32, () => line)}${lastChunk}`);
    },
    body: ({ wire }) => Buffer.from(`${wire.noise}${wire.semantic}data: ${"x".repeat(2_097_152)}`),
  },
  html: {
    id: "U18",
    name: "an HTML page with status 200",
    serve: (to) => {
      const page = "<html><body>It works</body></html>";
      write(
        to,
        `HTTP/1.1 200 OK${crlf}content-type: text/html${crlf}content-length: ${page.length}${crlf}${crlf}${page}`,
      );
    },
  },
  invalidJson: {
    id: "U18",
    name: "invalid JSON with status 200",
    serve: (to, { wire }) => write(to, wholeAnswer(200, `${wire.answer.slice(0, -1)},`)),
  },
  shortBody: {
    id: "U19",
    name: "content-length longer than the body",
    serve: (to, context) => {
      if (!context.stream) to.socket.end(shortAnswer(context));
      else {
        const { noise, semantic } = context.wire;
        const body = noise + semantic;
        const head = `HTTP/1.1 200 OK${crlf}content-type: text/event-stream${crlf}content-length: ${body.length + 100}${crlf}${crlf}`;
        to.socket.end(head + body);
      }
    },
  },
  extraBytes: {
    id: "U20",
    name: "bytes after the end of the answer",
    serve: (to, context) => write(to, `${healthyAnswer(context)}surplus`),
  },
  secondAnswer: {
    id: "U20",
    name: "a second, unsolicited answer",
    serve: (to, context) => write(to, healthyAnswer(context) + wholeAnswer(200, '{"poisoned":true}')),
  },
  lengthAndChunked: {
    id: "U21",
    name: "content-length with transfer-encoding",
    serve: (to, context) =>
      write(
        to,
        `HTTP/1.1 200 OK${crlf}content-type: application/json${crlf}content-length: 5${crlf}transfer-encoding: chunked${crlf}${crlf}${framed(context.wire.answer)}${lastChunk}`,
      ),
  },
  twoLengths: {
    id: "U21",
    name: "two content-lengths",
    serve: (to, context) =>
      write(
        to,
        answerWithHead(
          context,
          `content-length: ${context.wire.answer.length}${crlf}content-length: 5${crlf}`,
        ),
      ),
  },
  hugeHeader: {
    id: "U22",
    name: "a header of 100 KiB",
    serve: (to, context) =>
      write(
        to,
        answerWithHead(
          context,
          `content-length: ${context.wire.answer.length}${crlf}x-long: ${"a".repeat(102_400)}${crlf}`,
        ),
      ),
  },
  manyHeaders: {
    id: "U22",
    name: "5,000 headers",
    serve: (to, context) =>
      write(
        to,
        answerWithHead(
          context,
          `content-length: ${context.wire.answer.length}${crlf}${repeat(5000, (index) => `x-many-${index}: v${crlf}`)}`,
        ),
      ),
  },
  processing: {
    id: "U23",
    name: "102 before the answer",
    serve: (to, context) => write(to, `HTTP/1.1 102 Processing${crlf}${crlf}${healthyAnswer(context)}`),
  },
  earlyHints: {
    id: "U23",
    name: "103 before the answer",
    serve: (to, context) =>
      write(
        to,
        `HTTP/1.1 103 Early Hints${crlf}link: </a>; rel=preload${crlf}${crlf}${healthyAnswer(context)}`,
      ),
  },
  unsolicitedContinue: {
    id: "U23",
    name: "an unsolicited 100 before the answer",
    serve: (to, context) => write(to, `HTTP/1.1 100 Continue${crlf}${crlf}${healthyAnswer(context)}`),
  },
  switchingProtocols: {
    id: "U24",
    name: "101 unasked",
    serve: (to) =>
      write(
        to,
        `HTTP/1.1 101 Switching Protocols${crlf}upgrade: other${crlf}connection: upgrade${crlf}${crlf}tunnel`,
      ),
  },
  retryAfterSeconds: {
    id: "U28",
    name: "429 with Retry-After in seconds",
    serve: (to) => write(to, wholeAnswer(429, rateLimitBody, `retry-after: 7${crlf}`)),
  },
  retryAfterDate: {
    id: "U28",
    name: "429 with Retry-After as a date",
    serve: (to) => write(to, wholeAnswer(429, rateLimitBody, `retry-after: ${retryDate}${crlf}`)),
  },
  unauthorized: { id: "U31", name: "401", serve: refuseCredentials(401) },
  paymentRequired: { id: "U31", name: "402", serve: refuseCredentials(402) },
  forbidden: { id: "U31", name: "403", serve: refuseCredentials(403) },
  serverError: {
    id: "5xx",
    name: "500 with a body",
    serve: (to) => write(to, wholeAnswer(500, failureBody)),
  },
  redirect: {
    id: "3xx",
    name: "307 to elsewhere",
    serve: (to) => write(to, wholeAnswer(307, "{}", `location: http://127.0.0.1:9/stolen${crlf}`)),
  },
  notFound: { id: "4xx", name: "404 with a body", serve: (to) => write(to, wholeAnswer(404, failureBody)) },
  errorIn200: {
    id: "200",
    name: "an error inside a 200",
    serve: (to, { wire, stream }) => {
      if (!stream) write(to, wholeAnswer(200, wire.errorIn200));
      else write(to, `${streamHead()}${framed(`event: error\ndata: ${wire.errorIn200}\n\n`)}${lastChunk}`);
    },
  },
  emptyAnswer: {
    id: "200",
    name: "an answer without choices or content",
    serve: (to, { wire, stream }) =>
      write(to, stream ? streamHead() + lastChunk : wholeAnswer(200, wire.empty)),
  },
  noBody: {
    id: "200",
    name: "a 200 without a body",
    serve: (to) => write(to, wholeAnswer(200, "")),
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;

export const rateLimitBody = JSON.stringify({
  error: { message: "slow down, canary-429", type: "requests", code: null },
});
export const failureBody = JSON.stringify({
  error: { message: "canary-failure", type: "server_error", code: null },
});
/** In a refusal for credentials; must never reach a client, since services put key hints there. */
export const credentialCanary = "canary-incorrect-key-sk-proj";
export const retryDate = "Fri, 31 Dec 2049 23:59:59 GMT";

function refuseCredentials(status: number): Serve {
  return (to, _context, request) => {
    const echoed = request.header("authorization") ?? request.header("x-api-key") ?? "";
    const body = JSON.stringify({
      error: { message: `${credentialCanary} ${echoed}`, type: "invalid_request_error" },
    });
    write(to, wholeAnswer(status, body, `x-echo: ${echoed}${crlf}`));
  };
}

/** Writes, unless the gateway has gone. */
export function write(to: UpstreamConnection, text: string): void {
  if (!to.socket.destroyed) to.socket.write(text, "latin1");
}

/** Serves one fault to every request. */
export async function startFaultUpstream(fault: Fault, context: FaultContext): Promise<RawUpstream> {
  return startRawUpstream({ onRequest: (request) => fault.serve(request.connection, context, request) });
}

/** Serves a healthy answer to every request but those for which `pick` names a fault. */
export async function startMixedUpstream(
  context: FaultContext,
  pick: (request: UpstreamRequest) => Fault | undefined,
): Promise<RawUpstream> {
  return startRawUpstream({
    onRequest: (request) => (pick(request) ?? faults.healthy).serve(request.connection, context, request),
  });
}

/** U1: an address where nothing listens. */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${address.port}`;
}
