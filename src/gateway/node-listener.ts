// The safe listener: node:http with llhttp at the edge. Knows HTTP/1.1 and nothing of Model APIs.
import { createServer, STATUS_CODES, type Server, type ServerResponse } from "node:http";
import { Server as NetServer, type AddressInfo, type Socket } from "node:net";
import { GatewayError } from "../core/errors.ts";
import { Deadline, type TimerWheel } from "../lib/timer-wheel.ts";
import type { ClientCall, Listener, ListenerOptions } from "./listener.ts";
import { BodyRequest, type BodySink } from "./node-request.ts";

const maxHeadBytes = 32 * 1024;
const headTimeoutMs = 10_000;
const bodyIdleMs = 30_000;
/** Longer than the 60 s that load balancers commonly wait, so that they and not we close an idle connection. */
const keepAliveMs = 75_000;
/** How long a refused upload may still arrive, so that its sender reads the refusal instead of a reset. */
const lingerMs = 1_000;
/** Up to this size an answer leaves as one latin1 string with its head: one write instead of two. */
const oneWriteBytes = 16 * 1024;

class NodeCall implements ClientCall {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly httpMinor: number;
  readonly expectsContinue: boolean;
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  gone = false;
  readonly #request: BodyRequest;
  readonly #response: ServerResponse;
  readonly #owner: NodeListener;

  constructor(request: BodyRequest, response: ServerResponse, owner: NodeListener, expectsContinue: boolean) {
    this.method = request.method ?? "";
    this.target = request.url ?? "";
    this.rawHeaders = request.rawHeaders;
    this.httpMinor = request.httpVersionMinor;
    this.expectsContinue = expectsContinue;
    this.#request = request;
    this.#response = response;
    this.#owner = owner;
    response.on("close", () => this.#closed());
    response.on("error", ignore);
  }

  get clientIp(): string {
    return this.#request.socket.remoteAddress ?? "";
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  #closed(): void {
    if (this.#response.writableFinished) return;
    this.gone = true;
    this.onGone?.();
  }

  readBody(maxBytes: number): Promise<Buffer> {
    const declared = Number(this.#request.headers["content-length"] ?? 0);
    if (declared > maxBytes) return Promise.reject(new GatewayError("body_too_large"));
    if (this.expectsContinue) this.#response.writeContinue();
    return new Promise((resolve, reject) => {
      this.#request.readInto(new BodyCollector(maxBytes, this.#owner.wheel, resolve, reject));
    });
  }

  #prepare(headers: string[]): void {
    const unread = !this.#request.complete;
    if (this.#owner.draining || unread) headers.push("connection", "close");
    if (unread) linger(this.#request);
  }

  send(status: number, headers: string[], body: Buffer | string): void {
    // A small body comes in the same read as its head, but is parsed only after this turn: then the connection can be kept.
    if (this.#request.complete) this.#sendNow(status, headers, body);
    else queueMicrotask(() => this.#sendNow(status, headers, body));
  }

  #sendNow(status: number, headers: string[], body: Buffer | string): void {
    const response = this.#response;
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    // 204 and 304 have no body and no length (RFC 9110, 8.6).
    if (status !== 204 && status !== 304) headers.push("content-length", String(length));
    this.#prepare(headers);
    response.writeHead(status, headers);
    if (typeof body === "string") response.end(body);
    else if (length <= oneWriteBytes) response.end(body.toString("latin1"), "latin1");
    else response.end(body);
  }

  start(status: number, headers: string[], length: number | undefined): void {
    if (length !== undefined) headers.push("content-length", String(length));
    this.#prepare(headers);
    this.#response.on("drain", () => this.onDrain?.());
    this.#response.writeHead(status, headers);
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk);
  }

  end(): void {
    this.#response.end();
  }

  endAndClose(lastBytes: string): void {
    const socket = this.#response.socket;
    this.#response.end(lastBytes, () => socket?.destroySoon());
  }

  destroy(): void {
    this.#response.socket?.destroy();
  }
}

/** Lets the rest of a refused body arrive for a moment: closing at once would reset the connection under the answer. */
function linger(request: BodyRequest): void {
  const socket = request.socket;
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
  request.discard();
}

/** Gathers one body within its bounds of size and time. */
class BodyCollector implements BodySink {
  readonly #maxBytes: number;
  readonly #wheel: TimerWheel;
  readonly #resolve: (body: Buffer) => void;
  readonly #reject: (error: GatewayError) => void;
  readonly #idle: Deadline;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #over = false;

  constructor(maxBytes: number, wheel: TimerWheel, resolve: (body: Buffer) => void, reject: (error: GatewayError) => void) {
    this.#maxBytes = maxBytes;
    this.#wheel = wheel;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#idle = new Deadline(() => {
      this.#fail(new GatewayError("request_timeout", { message: "The request body stalled for 30 seconds." }));
    });
    wheel.arm(this.#idle, bodyIdleMs);
  }

  piece(bytes: Buffer): boolean {
    if (this.#over) return false;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes) {
      this.#fail(new GatewayError("body_too_large"));
      return false;
    }
    this.#pieces.push(bytes);
    this.#wheel.arm(this.#idle, bodyIdleMs);
    return true;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.cancel(this.#idle);
    const [first] = this.#pieces;
    this.#resolve(this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#bytes));
  }

  aborted(): void {
    this.#fail(new GatewayError("invalid_request", { message: "The client went away before its body was complete." }));
  }

  #fail(error: GatewayError): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.cancel(this.#idle);
    this.#reject(error);
  }
}

function ignore(): void {
  // A socket error always comes with a close, and the close is what counts.
}

class NodeListener implements Listener {
  readonly wheel: TimerWheel;
  draining = false;
  readonly #options: ListenerOptions;
  readonly #server: Server<typeof BodyRequest>;
  readonly #sockets = new Set<Socket>();

  constructor(options: ListenerOptions, wheel: TimerWheel) {
    this.#options = options;
    this.wheel = wheel;
    this.#server = createServer<typeof BodyRequest>({
      IncomingMessage: BodyRequest,
      maxHeaderSize: maxHeadBytes,
      headersTimeout: headTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 500,
      requireHostHeader: false,
      noDelay: true,
    });
    this.#server.maxRequestsPerSocket = 0;
    this.#server.on("connection", (socket: Socket) => this.#connected(socket));
    this.#server.on("request", (request, response) => this.#call(request, response, false));
    this.#server.on("checkContinue", (request, response) => this.#call(request, response, true));
    // Another Expect is refused by the pipeline, in the protocol of the route.
    this.#server.on("checkExpectation", (request, response) => this.#call(request, response, false));
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.#broken(error, socket));
    this.#server.on("connect", (_request, socket: Socket) => {
      this.#answerRaw(socket, 405, ["content-length", "0", "connection", "close"], "");
    });
  }

  listen(): Promise<void> {
    const { host, port, sharePort } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 4096, reusePort: sharePort }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  stopAccepting(): void {
    this.draining = true;
    // http.Server#close would also cut idle connections whose next request may already be on its way.
    NetServer.prototype.close.call(this.#server);
  }

  async close(): Promise<void> {
    if (this.#server.listening) NetServer.prototype.close.call(this.#server);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
  }

  #connected(socket: Socket): void {
    if (this.#sockets.size >= this.#options.maxConnections) {
      this.#refuse(socket, "overloaded");
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #call(request: BodyRequest, response: ServerResponse, expectsContinue: boolean): void {
    this.#options.onCall(new NodeCall(request, response, this, expectsContinue));
  }

  #broken(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    // An earlier request on this connection is still being answered: its answer is not to be mixed with this refusal.
    if ((socket as { _httpMessage?: unknown })._httpMessage != null) {
      socket.destroySoon();
      return;
    }
    if (error.code === "HPE_HEADER_OVERFLOW") this.#refuse(socket, "head_too_large");
    else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") this.#refuse(socket, "request_timeout");
    else this.#refuse(socket, "invalid_request");
  }

  #refuse(socket: Socket, code: Parameters<ListenerOptions["onBrokenRequest"]>[0]): void {
    const { status, headers, body } = this.#options.onBrokenRequest(code);
    this.#answerRaw(socket, status, [...headers, "connection", "close"], body);
  }

  #answerRaw(socket: Socket, status: number, headers: readonly string[], body: string): void {
    socket.on("error", ignore);
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`;
    for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
    socket.end(`${head}\r\n${body}`);
    socket.resume();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }
}

/** Opens a listener. @throws the system's error when the port cannot be had */
export async function openNodeListener(options: ListenerOptions, wheel: TimerWheel): Promise<Listener> {
  const listener = new NodeListener(options, wheel);
  await listener.listen();
  return listener;
}
