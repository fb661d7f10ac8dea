// The safe listener: node:http with llhttp at the edge. Knows HTTP/1.1 and nothing of Model APIs.
import { createServer, STATUS_CODES, type Server, type ServerResponse } from "node:http";
import { Server as NetServer, Socket, type AddressInfo } from "node:net";
import type { TrustedProxies } from "../../lib/network-list.ts";
import type { TimerWheel } from "../../lib/timer-wheel.ts";
import type { BrokenRequestCode, Listener, ListenerOptions } from "./listener.ts";
import { lingerMs, NodeCall, type CallSurroundings } from "./node-call.ts";
import { BodyRequest } from "./node-request.ts";
import { asksForWebSocket, UpgradeCall } from "../websocket/upgrade-call.ts";

const maxHeadBytes = 32 * 1024;
const headTimeoutMs = 10_000;
/** Longer than the 60 s that load balancers commonly wait, so that they and not we close an idle connection. */
const keepAliveMs = 75_000;

/** The answer that node:http currently sends on a socket, by its internal name. */
interface SocketInternals {
  readonly _httpMessage?: (ServerResponse & { readonly req: BodyRequest }) | null;
}

function ignore(): void {
  // A socket error always comes with a close, and the close is what counts.
}

class NodeListener implements Listener, CallSurroundings {
  readonly wheel: TimerWheel;
  draining = false;
  port = 0;
  readonly proxies: TrustedProxies | null;
  readonly #options: ListenerOptions;
  readonly #server: Server<typeof BodyRequest>;
  readonly #sockets = new Set<Socket>();

  constructor(options: ListenerOptions, wheel: TimerWheel) {
    this.#options = options;
    this.wheel = wheel;
    this.proxies = options.proxies;
    this.#server = createServer<typeof BodyRequest>({
      IncomingMessage: BodyRequest,
      maxHeaderSize: maxHeadBytes,
      headersTimeout: headTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 500,
      requireHostHeader: false,
      noDelay: true,
      // Any other upgrade is not served: such a request is answered as if it had not asked for one.
      shouldUpgradeCallback: asksForWebSocket,
    });
    this.#server.maxRequestsPerSocket = 0;
    this.#server.on("connection", (socket: Socket) => this.#connected(socket));
    this.#server.on("request", (request, response) => this.#call(request, response, false));
    this.#server.on("checkContinue", (request, response) => this.#call(request, response, true));
    // Another Expect is refused by the pipeline, in the protocol of the route.
    this.#server.on("checkExpectation", (request, response) => this.#call(request, response, false));
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) =>
      this.#broken(error, socket),
    );
    this.#server.on("upgrade", (request, socket, early) => {
      // A server of node:net hands out nothing but its sockets.
      if (socket instanceof Socket) this.#options.onCall(new UpgradeCall({ request, socket, early }, this));
    });
    this.#server.on("connect", (_request, socket: Socket) => this.#refuse(socket, "method_not_allowed"));
  }

  listen(): Promise<void> {
    const { host, port, sharePort } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 4096, reusePort: sharePort }, () => {
        this.#server.off("error", reject);
        this.port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
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
    // The end of the connection in the middle of a request is a client that went away, not a broken request.
    if (error.code === "ECONNRESET" || error.code === "HPE_INVALID_EOF_STATE" || !socket.writable) {
      socket.destroy();
      return;
    }
    const answering = (socket as SocketInternals)._httpMessage ?? null;
    if (answering !== null) return this.#brokenWhileAnswering(answering, socket);
    if (error.code === "HPE_HEADER_OVERFLOW") this.#refuse(socket, "head_too_large");
    else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") this.#refuse(socket, "request_timeout");
    else this.#refuse(socket, "invalid_request");
  }

  /** Either the body of this request is broken, and it is told so; or what follows it is, and only its answer still goes. */
  #brokenWhileAnswering(answer: ServerResponse & { readonly req: BodyRequest }, socket: Socket): void {
    if (!answer.req.complete && !answer.headersSent) answer.req.breakOff();
    else answer.once("finish", () => socket.destroySoon());
  }

  #refuse(socket: Socket, code: BrokenRequestCode): void {
    const { status, headers, body } = this.#options.onBrokenRequest(code, socket.remoteAddress ?? "");
    this.#answerRaw(socket, status, [...headers, "connection", "close"], body);
  }

  #answerRaw(socket: Socket, status: number, headers: readonly string[], body: string): void {
    socket.on("error", ignore);
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`;
    for (let index = 0; index < headers.length; index += 2)
      head += `${headers[index]}: ${headers[index + 1]}\r\n`;
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
