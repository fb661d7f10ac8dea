// The shapes of failure that other gateways pass off as answers: long streams that are cut, stall or hold rubbish, and
// errors where an answer is due. As bytes; must not know the gateway.
import { crlf, framed, lastChunk, streamHead, wholeAnswer, write } from "./fault-upstream.ts";
import type { CaseProtocol } from "./protocol-cases.ts";
import type { UpstreamConnection } from "./raw-upstream.ts";

/** Pieces of text in a whole answer. */
export const tokens = 60;

export function tokenAt(index: number): string {
  return `t${index} `;
}

/** The text of the first `count` pieces. */
export function textOf(count: number): string {
  return Array.from({ length: count }, (_, index) => tokenAt(index)).join("");
}

interface LongStream {
  readonly opening: string;
  piece(text: string): string;
  readonly closing: string;
  /** One whose data breaks off in the middle of its JSON. */
  readonly malformed: string;
  readonly error: string;
  /** A whole JSON answer with this text. */
  answer(text: string): string;
  /** A JSON answer that holds nothing. */
  readonly empty: string;
}

function openaiChunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "small", choices })}\n\n`;
}

function anthropicEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function openaiAnswer(choices: readonly object[]): string {
  return JSON.stringify({ id: "c1", object: "chat.completion", created: 1, model: "small", choices });
}

function anthropicMessage(content: readonly object[], stop: string | null): object {
  return {
    id: "m1",
    type: "message",
    role: "assistant",
    model: "small",
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  };
}

const streams: Readonly<Record<CaseProtocol, LongStream>> = {
  openai: {
    opening: openaiChunk({ role: "assistant", content: "" }),
    piece: (text) => openaiChunk({ content: text }),
    closing: `${openaiChunk({}, "stop")}data: [DONE]\n\n`,
    malformed: 'data: {"choices":[{"del\n\n',
    error: `data: ${JSON.stringify({ error: { message: "burnt down", type: "server_error", code: null } })}\n\n`,
    answer: (text) =>
      openaiAnswer([{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }]),
    empty: openaiAnswer([]),
  },
  anthropic: {
    opening:
      anthropicEvent("message_start", { message: anthropicMessage([], null) }) +
      anthropicEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    piece: (text) => anthropicEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
    closing:
      anthropicEvent("content_block_stop", { index: 0 }) +
      anthropicEvent("message_delta", {
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 60 },
      }) +
      anthropicEvent("message_stop", {}),
    malformed: 'event: content_block_delta\ndata: {"type":"content_bl\n\n',
    error: anthropicEvent("error", { error: { type: "api_error", message: "burnt down" } }),
    answer: (text) => JSON.stringify(anthropicMessage([{ type: "text", text }], "end_turn")),
    empty: JSON.stringify(anthropicMessage([], null)),
  },
};

/** What a client library must come to. */
interface Expected {
  /** Pieces of text before the end. */
  readonly tokens: number;
  /** The answer looks complete, or the library throws. */
  readonly end: "complete" | "error";
  /** Whether a second target answers instead: nothing has reached the client yet. */
  readonly beforeCommit: boolean;
}

export interface PeerShape {
  readonly name: string;
  readonly shape: "stream" | "plain";
  readonly serve: (to: UpstreamConnection, protocol: CaseProtocol) => void;
  readonly expected: Expected;
  /** The library is to see exactly what it sees without a gateway, whatever that is. */
  readonly asWithout?: true;
}

function begun({ opening, piece }: LongStream, count: number): string {
  const pieces = Array.from({ length: count }, (_, index) => framed(piece(tokenAt(index))));
  return streamHead() + framed(opening) + pieces.join("");
}

function status(code: number, error: object, extra = ""): PeerShape["serve"] {
  return (to, protocol) => {
    const body = protocol === "openai" ? { error } : { type: "error", error };
    write(to, wholeAnswer(code, JSON.stringify(body), extra));
  };
}

const early: Expected = { tokens: 0, end: "error", beforeCommit: true };
const rateLimit = { type: "rate_limit_error", message: "slow down" };
const broken = { type: "api_error", message: "burnt down" };

function bothShapes(name: string, serve: PeerShape["serve"]): PeerShape[] {
  return (["stream", "plain"] as const).map((shape) => ({ name, shape, serve, expected: early }));
}

/** Healthy: what every library must get whole, and what the second target serves. */
export function serveWhole(to: UpstreamConnection, protocol: CaseProtocol, stream: boolean): void {
  const long = streams[protocol];
  if (stream) write(to, begun(long, tokens) + framed(long.closing) + lastChunk);
  else write(to, wholeAnswer(200, long.answer(textOf(tokens))));
}

/** `refused` is an address, so it is not among these. */
export const peerShapes: readonly PeerShape[] = [
  {
    name: "a cut after 40 of 60 tokens",
    shape: "stream",
    serve: (to, protocol) => to.socket.end(begun(streams[protocol], 40), "latin1"),
    expected: { tokens: 40, end: "error", beforeCommit: false },
  },
  {
    name: "20 tokens, then silence",
    shape: "stream",
    serve: (to, protocol) => write(to, begun(streams[protocol], 20)),
    expected: { tokens: 20, end: "error", beforeCommit: false },
  },
  {
    name: "one malformed event in the middle",
    shape: "stream",
    serve: (to, protocol) => {
      const long = streams[protocol];
      const rest = Array.from({ length: 30 }, (_, index) => framed(long.piece(tokenAt(30 + index))));
      write(to, begun(long, 30) + framed(long.malformed) + rest.join("") + framed(long.closing) + lastChunk);
    },
    expected: { tokens: 30, end: "error", beforeCommit: false },
    asWithout: true,
  },
  {
    name: "one line that is no field in the middle",
    shape: "stream",
    serve: (to, protocol) => {
      const long = streams[protocol];
      const rest = Array.from({ length: 30 }, (_, index) => framed(long.piece(tokenAt(30 + index))));
      write(
        to,
        begun(long, 30) + framed("upstream hiccup\n\n") + rest.join("") + framed(long.closing) + lastChunk,
      );
    },
    expected: { tokens: 60, end: "complete", beforeCommit: false },
    asWithout: true,
  },
  {
    name: "a 200 whose first event is an error",
    shape: "stream",
    serve: (to, protocol) => write(to, streamHead() + framed(streams[protocol].error) + lastChunk),
    expected: early,
  },
  {
    name: "a 200 that is an error",
    shape: "plain",
    serve: status(200, broken),
    expected: early,
  },
  {
    name: "an error event after 10 tokens",
    shape: "stream",
    serve: (to, protocol) => {
      const long = streams[protocol];
      write(to, begun(long, 10) + framed(long.error) + lastChunk);
    },
    expected: { tokens: 10, end: "error", beforeCommit: false },
  },
  {
    name: "an empty stream",
    shape: "stream",
    serve: (to) => write(to, streamHead() + lastChunk),
    expected: early,
  },
  {
    name: "an empty answer",
    shape: "plain",
    serve: (to, protocol) => write(to, wholeAnswer(200, streams[protocol].empty)),
    expected: early,
  },
  {
    name: "half an answer",
    shape: "plain",
    serve: (to, protocol) => {
      const whole = wholeAnswer(200, streams[protocol].answer(textOf(tokens)));
      to.socket.end(whole.slice(0, whole.length - 100), "latin1");
    },
    expected: early,
  },
  ...bothShapes("429", status(429, rateLimit, `retry-after: 1${crlf}`)),
  ...bothShapes("500", status(500, broken)),
  ...bothShapes("503", status(503, broken)),
  ...bothShapes("a reset", (to) => to.socket.resetAndDestroy()),
];
