// A receiver of deliveries over a real socket that can be broken in every way: refusing connections, failing, hanging,
// resetting before or after it has taken what was sent. What it takes is checked by whoever made it.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `taken-unsaid`: takes everything, and resets the connection before it says so. */
export type ReceiverMode = "well" | "refusing" | "failing" | "hanging" | "resetting" | "taken-unsaid";

export class FailingReceiver {
  mode: ReceiverMode = "well";
  requests = 0;
  /** Requests that wait for an answer which does not come. */
  hanging = 0;
  /** Told of each that begins to wait so. */
  onHanging: (() => void) | null = null;
  readonly #take: (request: ReceivedRequest) => ReceiverAnswer;
  #server: Server | undefined;
  #port = 0;

  private constructor(take: (request: ReceivedRequest) => ReceiverAnswer) {
    this.#take = take;
  }

  static async start(take: (request: ReceivedRequest) => ReceiverAnswer): Promise<FailingReceiver> {
    const receiver = new FailingReceiver(take);
    await receiver.#open();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async become(mode: ReceiverMode): Promise<void> {
    this.mode = mode;
    if (mode === "refusing") await this.close();
    else if (this.#server === undefined) await this.#open();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #open(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    // A TCP server has a port.
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) {
        // Bytes, as no encoding is set.
        pieces.push(piece as Buffer);
        if (this.mode === "resetting") return void request.socket.destroy();
      }
    } catch {
      return;
    }
    if (this.mode === "resetting") return void request.socket.destroy();
    if (this.mode === "failing") return void response.writeHead(500).end("something is broken");
    if (this.mode === "hanging") {
      this.hanging += 1;
      this.onHanging?.();
      response.once("close", () => (this.hanging -= 1));
      return;
    }
    const answer = this.#take({
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(pieces),
    });
    if (this.mode === "taken-unsaid") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
  }
}
