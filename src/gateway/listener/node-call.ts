// One request over node:http as the pipeline sees it. Knows HTTP/1.1 framing and nothing of Model APIs.
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { GatewayError } from "../../core/errors.ts";
import type { TrustedProxies } from "../../lib/network-list.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";
import { BodyCollector, type BodySink } from "../body/body-collector.ts";
import type { AnswerTap } from "../capture/capture.ts";
import { headersOf } from "../raw-headers.ts";
import type { ClientCall, ClientUpgrade } from "./listener.ts";
import type { BodyRequest } from "./node-request.ts";

/** How long a refused upload may still arrive, so that its sender reads the refusal instead of a reset. */
export const lingerMs = 1_000;
/** Up to this size an answer leaves as one latin1 string with its head: one write instead of two. */
const oneWriteBytes = 16 * 1024;
/** A declared body up to this size is waited for before a refusal, so that the connection can be kept. */
const drainableBytes = 64 * 1024;

/** What calls of one listener share. */
export interface CallSurroundings {
  readonly wheel: TimerWheel;
  /** True once no more requests are wanted on kept connections. */
  readonly draining: boolean;
  /** Whose word about the client's address is believed; null: nobody's. */
  readonly proxies: TrustedProxies | null;
}

/** Who is behind the connection, as far as it can be believed. */
export function clientAddress(request: IncomingMessage, proxies: TrustedProxies | null): string {
  const remote = request.socket.remoteAddress ?? "";
  return proxies === null
    ? remote
    : proxies.clientOf(remote, headersOf(request.rawHeaders, "x-forwarded-for"));
}

export class NodeCall implements ClientCall {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly httpMinor: number;
  readonly expectsContinue: boolean;
  readonly clientIp: string;
  readonly upgrade: ClientUpgrade | null = null;
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  tap: AnswerTap | null = null;
  gone = false;
  readonly #request: BodyRequest;
  readonly #response: ServerResponse;
  readonly #surroundings: CallSurroundings;
  #continued = false;
  /** The socket, once this answer is a chunked stream that is written past node:http's own framing. */
  #streamSocket: Socket | null = null;

  constructor(
    request: BodyRequest,
    response: ServerResponse,
    surroundings: CallSurroundings,
    expectsContinue: boolean,
  ) {
    this.method = request.method ?? "";
    this.target = request.url ?? "";
    this.rawHeaders = request.rawHeaders;
    this.httpMinor = request.httpVersionMinor;
    // Asked for now: a socket that has closed does not know any more.
    this.clientIp = clientAddress(request, surroundings.proxies);
    this.expectsContinue = expectsContinue;
    this.#request = request;
    this.#response = response;
    this.#surroundings = surroundings;
    response.on("close", () => this.#closed());
    response.on("error", ignore);
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  #closed(): void {
    this.#streamSocket?.off("drain", this.#drained);
    if (this.#response.writableFinished) return;
    this.gone = true;
    this.onGone?.();
  }

  readonly #drained = (): void => this.onDrain?.();

  get declaredLength(): number | undefined {
    const declared = this.#request.headers["content-length"];
    return declared === undefined ? undefined : Number(declared);
  }

  readBody(maxBytes: number): Promise<Buffer> {
    if ((this.declaredLength ?? 0) > maxBytes) return Promise.reject(new GatewayError("body_too_large"));
    return new Promise((resolve, reject) => {
      const fail = (error: GatewayError): void => {
        // The request is told of the end of its connection before the response is.
        if (this.#request.destroyed) this.gone = true;
        reject(error);
      };
      this.openBody(new BodyCollector(maxBytes, this.#surroundings.wheel, resolve, fail));
    });
  }

  openBody(sink: BodySink): void {
    if (this.expectsContinue) {
      this.#continued = true;
      this.#response.writeContinue();
    }
    this.#request.readInto(sink);
  }

  resumeBody(): void {
    this.#request.readOn();
  }

  send(status: number, headers: string[], body: Buffer | string): void {
    if (this.tap !== null) {
      this.tap.head(headers);
      this.tap.piece(body);
      this.tap.end();
    }
    if (this.#request.complete) this.#sendNow(status, headers, body);
    else if (this.#bodyIsSmall()) this.#sendAfterBody(() => this.#sendNow(status, headers, body));
    else this.#sendNow(status, headers, body);
  }

  /** Whether the rest of an unread body will come soon and fits: a client that waits for 100 Continue sends none. */
  #bodyIsSmall(): boolean {
    const declared = this.#request.headers["content-length"];
    if (this.expectsContinue && !this.#continued) return false;
    return declared === undefined
      ? this.#request.headers["transfer-encoding"] === undefined
      : Number(declared) <= drainableBytes;
  }

  #sendAfterBody(sendNow: () => void): void {
    let waiting = true;
    const once = (): void => {
      if (!waiting) return;
      waiting = false;
      this.#surroundings.wheel.cancel(late);
      sendNow();
    };
    const late = new Deadline(once);
    this.#surroundings.wheel.arm(late, lingerMs);
    this.#request.readInto({ piece: () => true, end: once, aborted: once, broken: once });
  }

  #sendNow(status: number, headers: string[], body: Buffer | string): void {
    const response = this.#response;
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    // 204 and 304 have no body and no length (RFC 9110, 8.6).
    if (status !== 204 && status !== 304) headers.push("content-length", String(length));
    if (this.#isOrdinary(status)) {
      // Validating and storing each field again costs more than the whole of matching and authentication. Every value
      // here came through an HTTP parser or is ours, so it cannot break out of its line.
      (response as unknown as ResponseInternals)._header = headText(status, headers);
      response.statusCode = status;
      this.#endWith(body, length);
      return;
    }
    this.#prepare(headers);
    response.writeHead(status, headers);
    this.#endWith(body, length);
  }

  #endWith(body: Buffer | string, length: number): void {
    if (typeof body === "string" || length > oneWriteBytes) this.#response.end(body);
    else this.#response.end(body.toString("latin1"), "latin1");
  }

  /** An answer with a body on a connection that stays open: nothing that node:http would have to decide. */
  #isOrdinary(status: number): boolean {
    const { shouldKeepAlive } = this.#response;
    const whole = this.#request.complete && this.httpMinor === 1 && this.method !== "HEAD";
    return (
      whole &&
      shouldKeepAlive &&
      !this.#surroundings.draining &&
      status >= 200 &&
      status !== 204 &&
      status !== 304
    );
  }

  #prepare(headers: string[]): void {
    const unread = !this.#request.complete;
    if (this.#surroundings.draining || unread) headers.push("connection", "close");
    if (unread) linger(this.#request);
  }

  start(status: number, headers: string[], length: number | undefined): void {
    this.tap?.head(headers);
    if (length !== undefined) headers.push("content-length", String(length));
    this.#prepare(headers);
    const response = this.#response;
    response.writeHead(status, headers);
    response.flushHeaders();
    const { socket } = response;
    // Chunks are framed here in one buffer: node:http writes each in four parts, and gathers them on the next tick.
    // An answer that waits behind an earlier one on its connection has no socket yet and goes the ordinary way.
    if (length === undefined && response.chunkedEncoding && socket !== null && socket.writableLength === 0) {
      this.#streamSocket = socket;
      socket.on("drain", this.#drained);
    } else {
      response.on("drain", this.#drained);
    }
  }

  write(chunk: Buffer): boolean {
    if (this.tap !== null) this.tap.piece(chunk);
    const socket = this.#streamSocket;
    return socket === null ? this.#response.write(chunk) : socket.write(framed(chunk));
  }

  end(): void {
    this.tap?.end();
    this.#response.end();
  }

  endAndClose(lastBytes: string): void {
    const { socket } = this.#response;
    this.write(Buffer.from(lastBytes));
    this.#response.end(() => socket?.destroySoon());
  }

  destroy(): void {
    this.#response.socket?.destroy();
  }
}

/** Where node:http keeps the head that it sends before the first byte of the body. */
interface ResponseInternals {
  _header: string;
}

/** A response head (RFC 9112, 4). An origin server has a clock, so the date is always there (RFC 9110, 6.6.1). */
function headText(status: number, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  let dated = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "date") dated = true;
    text += `${name}: ${headers[index + 1] ?? ""}\r\n`;
  }
  if (!dated) text += `date: ${new Date().toUTCString()}\r\n`;
  return `${text}connection: keep-alive\r\nkeep-alive: timeout=75\r\n\r\n`;
}

/** One chunk of the chunked transfer coding (RFC 9112, 7.1). */
function framed(chunk: Buffer): Buffer {
  const size = chunk.length.toString(16);
  const frame = Buffer.allocUnsafe(size.length + chunk.length + 4);
  let at = frame.write(size, "latin1");
  frame[at] = 0x0d;
  frame[at + 1] = 0x0a;
  at += 2;
  frame.set(chunk, at);
  at += chunk.length;
  frame[at] = 0x0d;
  frame[at + 1] = 0x0a;
  return frame;
}

/** Lets the rest of a refused body arrive for a moment: closing at once would reset the connection under the answer. */
function linger(request: BodyRequest): void {
  const { socket } = request;
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
  request.discard();
}

function ignore(): void {
  // A socket error always comes with a close, and the close is what counts.
}
