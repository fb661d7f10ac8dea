// The seam between the pipeline and whatever speaks HTTP to services: the one place that opens sockets to them.
import type { Readable } from "node:stream";

/** A body that comes as it is sent. */
export interface PassingBody {
  readonly stream: Readable;
  /** In bytes; undefined: it is sent in chunks. */
  readonly length: number | undefined;
}

export interface UpstreamRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** Flat: name, value, name, value. Without host, content-length and hop-by-hop headers. */
  readonly headers: string[];
  readonly body: Buffer | PassingBody | null;
  readonly connectTimeoutMs: number;
  /** Never use a connection that has carried a request before. */
  readonly freshConnection: boolean;
}

/**
 * Why no complete answer came.
 * - `unreachable`: no connection (refused, DNS, TLS, connect timeout, address not allowed).
 * - `broken`: reset, close, malformed or oversized HTTP.
 * - `credentials`: nothing was sent, as a token could not be had.
 */
export interface UpstreamFailure {
  readonly kind: "unreachable" | "broken" | "credentials";
  /** A connection that had carried a request before: the service may have closed it just when it was used again. */
  readonly reusedConnection: boolean;
  /** For the operator's log: a class of error, never a host, address or header. */
  readonly detail: string;
}

/** Receives one answer. After `onEnd` or `onFailure`, and after `Call.abort`, nothing is called any more. */
export interface UpstreamHandler {
  /** `headers` is flat and as sent: name, value, name, value. */
  onHead(status: number, headers: Buffer[]): void;
  /** False stops the flow until `Call.resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
}

export interface Call {
  /** The request is, or was, on its way on an open connection. */
  readonly connected: boolean;
  /** Closes the connection; harmless after the end. */
  abort(): void;
  resume(): void;
}

export interface Upstream {
  send(request: UpstreamRequest, handler: UpstreamHandler): Call;
  /** Closes every connection. */
  close(): Promise<void>;
}
