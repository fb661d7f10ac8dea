// What the data plane asks of a client's wire format. No I/O; one implementation per protocol, found in `wires.ts`.
import type { ErrorCode } from "../core/errors.ts";
import type { Usage } from "../core/usage.ts";

/** An error as the client shall see it. */
export interface ErrorView {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string | undefined;
  /** A service's own code, which stands in place of ours where the protocol has room for one. */
  readonly serviceCode?: string | undefined;
  readonly requestId: string;
}

/**
 * What one event of a streamed answer means before anything was sent to the client.
 * - `noise`: pings, comments, empty role chunks: hold it.
 * - `semantic`: first real data: everything held may go.
 * - `error`: the service reports a failure inside its 200.
 */
export type EventMeaning = "noise" | "semantic" | "error";

/** An error that a service reported inside a 200. */
export interface ReportedError {
  /** Mapped HTTP status, 502 where nothing maps. */
  readonly status: number;
  /** The service's own words, at most 1,000 characters. */
  readonly message: string;
}

/** Reads one streamed answer, event by event. State only grows; safe after any number of events. */
export interface StreamReader {
  /** Reads one complete SSE event: its name ("" without one) and its joined data. */
  read(event: string, data: Buffer): EventMeaning;
  /** True for the one event that exists only because usage was asked for by the gateway: `choices: []` and a usage object after a finish_reason. */
  isExtraUsage(data: Buffer): boolean;
  /** True once the protocol's end was seen (finish_reason, `[DONE]`, message_stop). */
  readonly finished: boolean;
  /** True once a finish_reason was seen: only then can an extra usage event follow. */
  readonly usageMayFollow: boolean;
  /** The last usage reported so far. */
  readonly usage: Usage | undefined;
  /** True while the usage tells only what was read: what was said is told at the end. */
  readonly outputPending?: boolean;
  /** The last error that `read` found. */
  readonly error: ReportedError | undefined;
}

/** What a whole JSON answer of a 200 holds. */
export type AnswerVerdict =
  | {
      readonly kind: "answer";
      readonly usage: Usage | undefined;
      /** The work has only been taken on: what it consumes is told by a later look at it. */
      readonly unfinished?: boolean;
    }
  | { readonly kind: "error"; readonly error: ReportedError }
  | { readonly kind: "empty" }
  | { readonly kind: "invalid" };

/**
 * What the answer of a route holds, hence when it is empty, what an `error` in it means and where its usage stands.
 * - `generation`: choices, content, output or candidates.
 * - `embedding`, `images`: a list of at least one. `rerank`: a list. `transcription`: a text.
 * - `speech`: audio bytes or events that carry them.
 * - `object`: something kept at the service, such as a task, a job or a file. Its `error` is its own state, and its
 *   usage is that of the object: whoever reads it several times must count it once.
 * - `json`: any JSON.
 * - `bytes`: anything at all, JSON that is not the service's own words included.
 */
export type AnswerKind =
  | "generation"
  | "embedding"
  | "rerank"
  | "images"
  | "speech"
  | "transcription"
  | "object"
  | "json"
  | "bytes";

export interface Wire {
  /** The JSON body of an error in this protocol. */
  errorBody(error: ErrorView): string;
  /** Bytes that end a broken stream honestly. Starts on a fresh event. */
  streamError(error: ErrorView): string;
  /** Judges a whole, undecoded JSON answer. */
  judge(body: Buffer, kind: AnswerKind): AnswerVerdict;
  /** Usage in the last bytes of an answer that is too large to be judged whole. */
  usageInTail(tail: Buffer): Usage | undefined;
  /** @param kind of the route; a generation without one */
  reader(kind?: AnswerKind): StreamReader;
}
