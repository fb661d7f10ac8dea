// The seam between the pipeline and whatever parses HTTP from clients. Nothing past it knows a server library.
import type { Peer } from "../websocket/peer.ts";

import type { BodySink } from "../body/body-collector.ts";
import type { TrustedProxies } from "../../lib/network-list.ts";
import type { AnswerTap } from "../capture/capture.ts";

/** A request whose head has arrived, and the way to answer it. Header lists are flat: name, value, name, value. */
export interface ClientCall {
  readonly method: string;
  /** The request target as sent: origin form, or absolute form. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly httpMinor: number;
  readonly clientIp: string;
  /** The client waits for 100 Continue before it sends the body. */
  readonly expectsContinue: boolean;
  /** True once the client has gone away before its answer was complete. */
  readonly gone: boolean;
  /** Called once when the client goes away before its answer was complete. */
  onGone: (() => void) | null;
  /** Called when a full send buffer has emptied. */
  onDrain: (() => void) | null;
  /** Told of all that is answered. */
  tap: AnswerTap | null;

  /** True once the head of the answer was sent. */
  readonly started: boolean;

  /** The client asks for a WebSocket; null for any other request. */
  readonly upgrade: ClientUpgrade | null;

  /**
   * Reads the whole body.
   * @throws GatewayError body_too_large, request_timeout
   */
  readBody(maxBytes: number): Promise<Buffer>;
  /** What the client says of the length of its body, in bytes; undefined when it sends it in chunks, or none. */
  readonly declaredLength: number | undefined;
  /** Hands the body out as it comes. After a `piece` that gave false nothing comes until `resumeBody`. */
  openBody(sink: BodySink): void;
  resumeBody(): void;
  /** Answers in one piece. */
  send(status: number, headers: string[], body: Buffer | string): void;
  /** Starts an answer whose end is not known yet. `length` in bytes if it is known. */
  start(status: number, headers: string[], length: number | undefined): void;
  /** False: the client reads slower than this is written; wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** Sends the last bytes, then closes the connection. */
  endAndClose(lastBytes: string): void;
  /** Closes the connection in the middle of the answer, so that nobody takes it for complete. */
  destroy(): void;
}

/** A handshake for a WebSocket (RFC 6455, 4.2). It is answered by `accept`, or like any other request. */
export interface ClientUpgrade {
  /** What is wrong with it; "" for a good one. */
  readonly fault: "" | "version" | "key" | "protocols";
  /** Subprotocols that the client offers, in order. */
  readonly protocols: readonly string[];
  /** Host and port that the client called, as sent. */
  readonly authority: string;
  /**
   * Answers 101. From here on whoever has the socket says when the client has `left`.
   * @param headers flat: name, value
   * @param protocol one of `protocols`, or ""
   * @returns null when the client has gone meanwhile
   */
  accept(headers: readonly string[], protocol: string): Peer | null;
  /** The call is gone. */
  left(): void;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Share the port with the listeners of other threads. */
  readonly sharePort: boolean;
  /** Client connections of this listener at most; more get 503. */
  readonly maxConnections: number;
  /** Whose `x-forwarded-for` is believed; null: nobody's. */
  readonly proxies: TrustedProxies | null;
  readonly onCall: (call: ClientCall) => void;
  /** A request that never became a call; gives what to answer with. */
  readonly onBrokenRequest: (code: BrokenRequestCode, clientIp: string) => BrokenRequestAnswer;
}

/** Why a request never became a call. */
export type BrokenRequestCode =
  | "invalid_request"
  | "head_too_large"
  | "request_timeout"
  | "method_not_allowed"
  | "overloaded";

export interface BrokenRequestAnswer {
  readonly status: number;
  /** Flat: name, value. With the length of the body. */
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Listener {
  readonly port: number;
  /** Accepts no new connections; from now on every answer says `connection: close`. */
  stopAccepting(): void;
  /** Closes every connection at once. */
  close(): Promise<void>;
  readonly openConnections: number;
}
