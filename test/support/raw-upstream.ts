// A TCP server that answers with whatever bytes a test gives, and remembers exactly what it received and when.
// Must not know the gateway.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Changes } from "./changes.ts";
import { headerOf, MessageReader, type HttpMessage } from "./http-message.ts";

export interface UpstreamRequest extends HttpMessage {
  readonly method: string;
  readonly path: string;
  readonly connection: UpstreamConnection;
  /** First value of a header, by lower-case name. */
  header(name: string): string | undefined;
}

export interface UpstreamConnection {
  /** Count of connections before this one. */
  readonly number: number;
  readonly socket: Socket;
  readonly requests: readonly UpstreamRequest[];
  /** Every byte received on it. */
  received(): Buffer;
  /** Resolves when the gateway has closed the connection (FIN or RST), with the `performance.now()` of that moment. */
  leaving(): Promise<number>;
  readonly leftAtMs: number | undefined;
}

export interface RawUpstreamOptions {
  /** Called for every whole request. */
  onRequest?(request: UpstreamRequest): void;
  onConnection?(connection: UpstreamConnection): void;
}

export interface RawUpstream {
  readonly port: number;
  readonly url: string;
  readonly connections: readonly UpstreamConnection[];
  readonly requests: readonly UpstreamRequest[];
  /** Waits for the request with this number, counted over all connections from 0. */
  request(number: number): Promise<UpstreamRequest>;
  connection(number: number): Promise<UpstreamConnection>;
  /** Waits until every connection ever made is gone. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

class Connection implements UpstreamConnection {
  readonly number: number;
  readonly socket: Socket;
  readonly requests: UpstreamRequest[] = [];
  readonly #changes: Changes;
  readonly #received: Buffer[] = [];
  leftAtMs: number | undefined;

  constructor(number: number, socket: Socket, changes: Changes) {
    this.number = number;
    this.socket = socket;
    this.#changes = changes;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#received.push(bytes));
    socket.on("error", () => this.#leave());
    socket.on("end", () => this.#leave());
    socket.on("close", () => this.#leave());
  }

  received(): Buffer {
    return Buffer.concat(this.#received);
  }

  async leaving(): Promise<number> {
    return this.#changes.until(() => this.leftAtMs);
  }

  #leave(): void {
    this.leftAtMs ??= performance.now();
    this.#changes.notify();
  }
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startRawUpstream(options: RawUpstreamOptions = {}): Promise<RawUpstream> {
  const changes = new Changes();
  const connections: Connection[] = [];
  const requests: UpstreamRequest[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    const connection = new Connection(connections.length, socket, changes);
    connections.push(connection);
    const reader = new MessageReader({
      kind: "request",
      onMessage: (message) => {
        const request = toRequest(message, connection);
        connection.requests.push(request);
        requests.push(request);
        changes.notify();
        options.onRequest?.(request);
      },
    });
    socket.on("data", (bytes: Buffer) => reader.push(bytes));
    socket.on("end", () => reader.end());
    options.onConnection?.(connection);
    changes.notify();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    connections,
    requests,
    request: (number) => changes.until(() => requests[number]),
    connection: (number) => changes.until(() => connections[number]),
    idle: async () => {
      await changes.until(() =>
        connections.every((connection) => connection.leftAtMs !== undefined) ? true : undefined,
      );
    },
    close: async () => {
      for (const connection of connections) connection.socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function toRequest(message: HttpMessage, connection: UpstreamConnection): UpstreamRequest {
  const [method = "", path = ""] = message.startLine.split(" ");
  return { ...message, method, path, connection, header: (name) => headerOf(message, name) };
}
