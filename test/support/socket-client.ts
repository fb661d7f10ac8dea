// A WebSocket client and a WebSocket service for tests that keep all they are told. Must not know the gateway.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { WebSocket, WebSocketServer, type ClientOptions } from "ws";
import { Changes } from "./changes.ts";

export interface SocketMessage {
  readonly data: Buffer;
  readonly binary: boolean;
}

export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  /** `performance.now()` of the moment. */
  readonly atMs: number;
}

/** One end of a socket with all that came on it. */
export class SocketLog {
  readonly socket: WebSocket;
  readonly messages: SocketMessage[] = [];
  end: SocketEnd | undefined;
  readonly #changes = new Changes();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data, binary) => {
      if (Buffer.isBuffer(data)) this.messages.push({ data, binary });
      this.#changes.notify();
    });
    socket.on("error", () => undefined);
    socket.on("close", (code, reason) => {
      this.end = { code, reason: reason.toString(), atMs: performance.now() };
      this.#changes.notify();
    });
  }

  send(value: unknown): void {
    this.socket.send(Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }

  /** The message with this number, counted from 0; waits for it. Rejects when the socket ends before. */
  async message(number: number): Promise<SocketMessage> {
    const found = await this.#changes.until(() => this.messages[number] ?? this.end);
    if ("code" in found) throw new Error(`the socket ended with ${found.code} after ${this.messages.length}`);
    return found;
  }

  /** The same as JSON. */
  async json(number: number): Promise<{ readonly header?: unknown }> {
    const { data } = await this.message(number);
    // Tests know what they have asked for.
    return JSON.parse(data.toString()) as { readonly header?: unknown };
  }

  /** Waits until so many bytes of messages have come. */
  async bytes(count: number): Promise<void> {
    await this.#changes.until(() => {
      const sum = this.messages.reduce((total, { data }) => total + data.length, 0);
      return sum >= count ? true : undefined;
    });
  }

  async ended(): Promise<SocketEnd> {
    return this.#changes.until(() => this.end);
  }
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Opens a socket; resolves with its log, or with how the handshake was answered instead. */
export async function openSocket(
  port: number,
  path: string,
  options: ClientOptions & { protocols?: string[] } = {},
): Promise<SocketLog | Refusal> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options.protocols ?? [], {
    perMessageDeflate: false,
    ...options,
  });
  const log = new SocketLog(socket);
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(log));
    socket.on("error", reject);
    socket.on("unexpected-response", (_request, answer: IncomingMessage) => {
      let body = "";
      answer.on("data", (piece: Buffer) => (body += piece.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
  });
}

/** The same where the handshake is to be accepted. */
export async function acceptedSocket(
  port: number,
  path: string,
  options: ClientOptions & { protocols?: string[] } = {},
): Promise<SocketLog> {
  const opened = await openSocket(port, path, options);
  if (opened instanceof SocketLog) return opened;
  throw new Error(`the handshake was answered ${opened.status} ${opened.body}`);
}

export interface SocketServiceOptions {
  /** Answers a handshake with this status instead of 101. */
  readonly refuseWith?: number;
  readonly refusalBody?: string;
  /** Leaves a handshake without an answer. */
  readonly silent?: boolean;
  readonly autoPong?: boolean;
  readonly protocol?: string;
  onSocket?(log: SocketLog, request: IncomingMessage): void;
}

/** A service that takes sockets and keeps what comes on them. */
export class SocketService {
  readonly url: string;
  readonly sockets: SocketLog[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server;
  readonly #raw = new Set<Socket>();
  readonly #changes = new Changes();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(options: SocketServiceOptions = {}): Promise<SocketService> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const service = new SocketService(server, address.port);
    service.#serve(options);
    return service;
  }

  #serve(options: SocketServiceOptions): void {
    const webSockets = new WebSocketServer({
      noServer: true,
      autoPong: options.autoPong ?? true,
      handleProtocols: () => options.protocol ?? false,
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#raw.add(socket);
      socket.once("close", () => {
        this.#raw.delete(socket);
        this.#changes.notify();
      });
    });
    this.#server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.requests.push(request);
      this.#changes.notify();
      socket.on("error", () => undefined);
      if (options.silent === true) {
        // The server leaves its half of a connection open.
        socket.on("end", () => socket.end());
        socket.resume();
        return;
      }
      if (options.refuseWith !== undefined) {
        const body = options.refusalBody ?? "";
        socket.end(
          `HTTP/1.1 ${options.refuseWith} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        );
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const log = new SocketLog(webSocket);
        this.sockets.push(log);
        options.onSocket?.(log, request);
        this.#changes.notify();
      });
    });
  }

  /** The socket with this number, counted from 0; waits for it. */
  async socket(number: number): Promise<SocketLog> {
    return this.#changes.until(() => this.sockets[number]);
  }

  async request(number: number): Promise<IncomingMessage> {
    return this.#changes.until(() => this.requests[number]);
  }

  /** Waits until no connection is left. */
  async idle(): Promise<number> {
    await this.#changes.until(() => (this.#raw.size === 0 ? true : undefined));
    return performance.now();
  }

  async close(): Promise<void> {
    for (const socket of this.#raw) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
