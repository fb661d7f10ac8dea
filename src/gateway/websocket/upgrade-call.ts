// A handshake for a WebSocket as the pipeline sees it: a call that can be accepted, or answered like any other.
import { ServerResponse, type IncomingMessage } from "node:http";
import type { ClientUpgrade } from "../listener/listener.ts";
import { lingerMs, NodeCall, type CallSurroundings } from "../listener/node-call.ts";
import type { BodyRequest } from "../listener/node-request.ts";
import { acceptSocket, handshakeFault, offeredProtocols, type Handshake } from "./accept.ts";
import type { Peer } from "./peer.ts";

/** Held of what a client sends before its handshake is answered, in bytes; then the socket waits. */
const maxEarlyBytes = 64 * 1024;

/** Whether a request leaves the ordinary way: only those without a body, so that nothing is left on the wire. */
export function asksForWebSocket({ method, headers, httpVersionMinor }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    httpVersionMinor === 1 &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    (headers["content-length"] ?? "0") === "0" &&
    headers["transfer-encoding"] === undefined
  );
}

interface UpgradeRequest extends Handshake {
  readonly request: BodyRequest;
}

export class UpgradeCall extends NodeCall implements ClientUpgrade {
  override readonly upgrade: ClientUpgrade = this;
  readonly fault: ClientUpgrade["fault"];
  readonly protocols: readonly string[];
  readonly #handshake: UpgradeRequest;
  readonly #answer: ServerResponse;
  /** Read now: a socket that has ended does not know it any more. */
  readonly #early: Buffer[];
  #earlyBytes: number;
  #accepted = false;

  constructor(handshake: UpgradeRequest, surroundings: CallSurroundings) {
    const { request, socket, early } = handshake;
    const answer = new ServerResponse(request);
    super(request, answer, surroundings, false);
    this.fault = handshakeFault(request);
    this.protocols = offeredProtocols(request.headers["sec-websocket-protocol"]);
    this.#handshake = handshake;
    this.#answer = answer;
    this.#early = [early];
    this.#earlyBytes = early.length;
    // What follows is no request.
    answer.shouldKeepAlive = false;
    answer.assignSocket(socket);
    answer.on("finish", this.#answered);
    socket.on("error", ignore);
    socket.on("data", this.#keepEarly);
    socket.on("end", this.#ended);
  }

  get authority(): string {
    return this.#handshake.request.headers.host ?? "";
  }

  override get started(): boolean {
    return this.#accepted || super.started;
  }

  accept(headers: readonly string[], protocol: string): Peer | null {
    const { request, socket } = this.#handshake;
    if (this.gone) return null;
    this.#accepted = true;
    socket.off("data", this.#keepEarly);
    socket.off("end", this.#ended);
    socket.off("error", ignore);
    this.#answer.detachSocket(socket);
    const early = Buffer.concat(this.#early.splice(0));
    const peer = acceptSocket({ request, socket, early }, headers, protocol);
    // It may have been stopped for what came early.
    socket.resume();
    return peer;
  }

  left(): void {
    this.gone = true;
  }

  override destroy(): void {
    this.#handshake.socket.destroy();
  }

  readonly #keepEarly = (piece: Buffer): void => {
    this.#early.push(piece);
    this.#earlyBytes += piece.length;
    if (this.#earlyBytes > maxEarlyBytes) this.#handshake.socket.pause();
  };

  readonly #ended = (): void => {
    this.#handshake.socket.destroy();
  };

  /** The handshake was answered like any other request. */
  readonly #answered = (): void => {
    const { socket } = this.#handshake;
    socket.off("data", this.#keepEarly);
    socket.resume();
    this.#answer.detachSocket(socket);
    socket.end();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
}

function ignore(): void {
  // A socket error always comes with a close, and the close is what counts.
}
