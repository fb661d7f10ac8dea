// Opens WebSockets to services over the package `ws`, through the guarded connector. Knows no route.
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket, createConnection } from "node:net";
import type { ClientOptions } from "ws";
import type { AllowedNetworks } from "../../lib/address-guard.ts";
import { guardedConnector, type GuardedConnector } from "../../lib/guarded-connector.ts";
import type { UpstreamFailure } from "../upstream/upstream.ts";
import type { Peer } from "./peer.ts";
import { socketOptions, WatchedSocket, WsPeer } from "./ws-peer.ts";

const maxHeaderSize = 64 * 1024;
/** Of the body of a refusal; a longer one is no answer. */
const maxRefusalBytes = 256 * 1024;

export interface DialRequest {
  /** Scheme, host and port; http or https. */
  readonly origin: string;
  /** Path with query, as it is to be sent. */
  readonly path: string;
  /** Flat: name, value. Without those of the handshake itself. */
  readonly headers: readonly string[];
  /** To be offered, in order. */
  readonly protocols: readonly string[];
  readonly connectTimeoutMs: number;
}

/** Exactly one of these is called, unless the dial is aborted before. */
export interface DialHandler {
  /** @param headers of the 101, flat and as sent */
  onOpen(peer: Peer, headers: Buffer[]): void;
  /** The service answered the handshake with another status. */
  onRefused(status: number, headers: Buffer[], body: Buffer): void;
  onFailure(failure: UpstreamFailure): void;
}

export interface Dialer {
  dial(request: DialRequest, handler: DialHandler): { abort(): void };
}

export function createDialer(networks: AllowedNetworks): Dialer {
  const connectors = new Map<number, GuardedConnector>();
  return {
    dial(request, handler) {
      const { connectTimeoutMs } = request;
      let connector = connectors.get(connectTimeoutMs);
      if (connector === undefined) {
        connector = guardedConnector(networks, connectTimeoutMs);
        connectors.set(connectTimeoutMs, connector);
      }
      return new Dial(request, connector, handler);
    },
  };
}

class Dial {
  readonly #request: DialRequest;
  readonly #connector: GuardedConnector;
  readonly #handler: DialHandler;
  readonly #webSocket: WatchedSocket;
  #connecting: Socket | null = null;
  #connected = false;
  #over = false;
  #answer: IncomingMessage | null = null;

  constructor(request: DialRequest, connector: GuardedConnector, handler: DialHandler) {
    this.#request = request;
    this.#connector = connector;
    this.#handler = handler;
    const options: ClientOptions & { maxHeaderSize: number } = {
      ...socketOptions,
      maxHeaderSize,
      // Called with a callback, as node:http allows; the types know only the form that returns a socket.
      createConnection: this.#connect as unknown as typeof createConnection,
      finishRequest: (handshake) => this.#send(handshake),
    };
    const webSocket = new WatchedSocket(request.origin, [...request.protocols], options);
    this.#webSocket = webSocket;
    webSocket.on("upgrade", (answer) => {
      this.#answer = answer;
    });
    webSocket.on("open", () => this.#open());
    webSocket.on("unexpected-response", (_request, answer) => this.#readRefusal(answer));
    webSocket.on("error", (error: NodeJS.ErrnoException) => this.#fail(error.code ?? error.name));
  }

  abort(): void {
    if (this.#over) return;
    this.#end();
  }

  readonly #connect = (_options: unknown, callback: (error: Error | null, socket?: Socket) => void): void => {
    const { protocol, hostname, port, host } = new URL(this.#request.origin);
    this.#connecting = this.#connector(
      {
        protocol,
        hostname: hostname.replace(/^\[|\]$/g, ""),
        host,
        port: port === "" ? portOf(protocol) : port,
      },
      (error, socket) => {
        this.#connecting = null;
        this.#connected = error === null;
        if (this.#over) socket?.destroy();
        else callback(error, socket ?? undefined);
      },
    );
  };

  #send(handshake: ClientRequest): void {
    const { path, headers } = this.#request;
    // As a URL it would not be sent byte for byte.
    handshake.path = path;
    for (let index = 0; index < headers.length; index += 2)
      handshake.appendHeader(headers[index] ?? "", headers[index + 1] ?? "");
    handshake.end();
  }

  #open(): void {
    const answer = this.#answer;
    if (this.#over || answer === null) return;
    this.#over = true;
    this.#answer = null;
    this.#handler.onOpen(new WsPeer(this.#webSocket, answer.socket), rawHeaders(answer));
  }

  #readRefusal(answer: IncomingMessage): void {
    const pieces: Buffer[] = [];
    let bytes = 0;
    answer.on("data", (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
      if (bytes > maxRefusalBytes) this.#fail("REFUSAL_TOO_LARGE");
    });
    answer.on("end", () => {
      if (this.#over) return;
      this.#end();
      this.#handler.onRefused(answer.statusCode ?? 0, rawHeaders(answer), Buffer.concat(pieces));
    });
    answer.on("error", () => this.#fail("ECONNRESET"));
  }

  #fail(detail: string): void {
    if (this.#over) return;
    this.#end();
    const kind = this.#connected ? "broken" : "unreachable";
    this.#handler.onFailure({ kind, reusedConnection: false, detail });
  }

  /** Nothing more is wanted of it. */
  #end(): void {
    this.#over = true;
    this.#connecting?.destroy();
    this.#webSocket.terminate();
  }
}

function portOf(protocol: string): string {
  return protocol === "https:" ? "443" : "80";
}

function rawHeaders({ rawHeaders: flat }: IncomingMessage): Buffer[] {
  return flat.map((part) => Buffer.from(part, "latin1"));
}
