// What an endpoint gives back to be sent, and what it is given to make it. Must not know sockets or pace.
import type { JsonObject } from "./fields.ts";

/** One event of a stream, as its bytes on the wire. */
export interface Frame {
  readonly text: string;
  /** True for the event of one token: those set the pace. */
  readonly isToken: boolean;
}

/** An answer; `outputTokens` is how many tokens it holds, over all its choices. */
export type Reply =
  | { readonly kind: "json"; readonly body: string; readonly outputTokens: number }
  | { readonly kind: "stream"; readonly frames: Iterable<Frame>; readonly outputTokens: number };

/** A request as an endpoint sees it. */
export interface Call {
  /** The parsed body; empty for a GET. */
  readonly body: JsonObject;
  /** What the path names behind the endpoint's own part, such as a model; usually empty. */
  readonly pathRest: string;
  readonly header: (name: string) => string | undefined;
  /** Length of a text answer that the knobs ask for; 0 = the natural one. */
  readonly outputTokens: number;
  /** A new id with this prefix. */
  readonly newId: (prefix: string) => string;
  /** Seconds since 1970, for `created`. */
  readonly createdAt: number;
}

export function jsonReply(body: unknown, outputTokens = 0): Reply {
  return { kind: "json", body: JSON.stringify(body), outputTokens };
}
