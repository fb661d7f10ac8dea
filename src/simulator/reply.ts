// What an endpoint gives back to be sent, and what it is given to make it. Must not know sockets or pace.
import type { Account } from "./account.ts";
import type { JsonObject } from "./fields.ts";
import type { Knobs } from "./knobs.ts";

/** One piece of a stream, as its bytes on the wire: an event, or a run of audio. */
export interface Frame {
  readonly text: string | Uint8Array;
  /** True for the piece that stands for one token: those set the pace. */
  readonly isToken: boolean;
}

/** An answer that is sent at once. */
export interface WholeReply {
  readonly kind: "whole";
  readonly body: string | Uint8Array;
  /** How many tokens it holds, over all its choices. */
  readonly outputTokens: number;
  /** What the request was counted as. */
  readonly inputTokens?: number;
  /** Default 200. */
  readonly status?: number;
  /** Default `application/json`. */
  readonly contentType?: string;
}

/** An answer in pieces: an event stream, or bytes. */
export interface StreamReply {
  readonly kind: "stream";
  readonly frames: Iterable<Frame>;
  readonly outputTokens: number;
  /** What the request was counted as. */
  readonly inputTokens?: number;
  /** Default: an event stream. */
  readonly contentType?: string;
  /** Bytes in all, where they are known; default: chunked. */
  readonly length?: number;
}

export type Reply = WholeReply | StreamReply;

/** A file of a request. Its bytes are counted and hashed, but only the first are kept. */
export interface UploadedFile {
  /** Name of its form field; empty for a body that is the file. */
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** The first bytes, as many as the endpoint keeps. */
  readonly kept: Buffer;
}

/** What another endpoint of the same simulator would answer. */
export interface InnerAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request as an endpoint sees it. */
export interface Call {
  readonly query: URLSearchParams;
  /** What the placeholders of the endpoint's path stand for, decoded. */
  readonly params: readonly string[];
  /** The parsed JSON body, or the text fields of a form; empty where there is none. */
  readonly body: JsonObject;
  readonly files: readonly UploadedFile[];
  /** Length of the body, for what keeps it. */
  readonly bodyBytes: number;
  readonly header: (name: string) => string | undefined;
  /** Whose state is read and changed. */
  readonly account: Account;
  readonly knobs: Knobs;
  /** Length of a text answer that the knobs ask for; 0 = the natural one. */
  readonly outputTokens: number;
  /** A new id with this prefix. */
  readonly newId: (prefix: string) => string;
  /** A new id in the form of a UUID. */
  readonly newUuid: () => string;
  /** Seconds since 1970, for `created`. */
  readonly createdAt: number;
  /** Where the simulator was reached, for addresses of results. */
  readonly origin: string;
  /** Posts a body to another endpoint, as the lines of a batch do. */
  readonly ask: (path: string, body: JsonObject) => InnerAnswer;
}

export function jsonReply(body: unknown, outputTokens = 0, inputTokens = 0): WholeReply {
  return { kind: "whole", body: JSON.stringify(body), outputTokens, inputTokens };
}

/** A 200 without a body. */
export const emptyReply: WholeReply = { kind: "whole", body: "", outputTokens: 0, contentType: "text/plain" };

/** An event as most protocols write it; with a name only where the protocol names its events. */
export function sseFrame(data: unknown, options: { name?: string; isToken?: boolean } = {}): Frame {
  const { name, isToken = false } = options;
  const head = name === undefined ? "" : `event: ${name}\n`;
  return { text: `${head}data: ${JSON.stringify(data)}\n\n`, isToken };
}

export function streamReply(frames: Iterable<Frame>, outputTokens: number, inputTokens = 0): StreamReply {
  return { kind: "stream", frames, outputTokens, inputTokens };
}
