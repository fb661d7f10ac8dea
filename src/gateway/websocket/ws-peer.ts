// One end of a WebSocket over the package `ws`: its events as a peer's. Knows no route and no service.
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Ending, Peer, PeerHandler } from "./peer.ts";

/** What both ends are opened with. */
export const socketOptions = {
  maxPayload: 16 * 1024 * 1024,
  // Compression would let a few bytes become many, and costs each connection its windows.
  perMessageDeflate: false,
  skipUTF8Validation: false,
  // Pings are answered by the relay, which counts them.
  autoPong: false,
  /** How long an end may take to answer a close frame, in ms. */
  closeTimeout: 1_000,
};

const textFrame = { binary: false, compress: false };
const binaryFrame = { binary: true, compress: false };
const maxReasonBytes = 123;
const nothing = Buffer.alloc(0);

/** Tells of a close frame when it arrives: `ws` itself does so only when the connection has ended too. */
export class WatchedSocket extends WebSocket {
  onCloseFrame: ((code: number | undefined, reason: Buffer) => void) | null = null;
  /** The code with which a forbidden frame was answered. */
  answeredCode: number | undefined;

  /** Called by `ws` alone: with what came in a close frame, or with the code alone for a forbidden frame. */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason);
    if (code !== undefined && reason === undefined) this.answeredCode = code;
    else this.onCloseFrame?.(code, Buffer.isBuffer(reason) ? Buffer.from(reason) : nothing);
  }

  closeFromHere(code: number | undefined, reason: Buffer | string): void {
    if (code === undefined) super.close();
    else super.close(code, reason);
  }
}

export class WsPeer implements Peer {
  #handler: PeerHandler | null = null;
  /** It ended while nobody had its handler. */
  #missed: Ending | null = null;
  readonly #webSocket: WatchedSocket;
  readonly #socket: Socket;
  #ended = false;

  /** @param webSocket open @param socket what it runs on */
  constructor(webSocket: WatchedSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    webSocket.onCloseFrame = (code, reason) => this.#end({ kind: "closed", code, reason });
    webSocket.on("message", (data, isBinary) => {
      // Messages come as Buffers unless another binaryType is asked for.
      if (!this.#ended && Buffer.isBuffer(data)) this.#handler?.onMessage(data, isBinary);
    });
    webSocket.on("ping", (data) => this.#ended || this.#handler?.onPing(data));
    webSocket.on("pong", () => this.#ended || this.#handler?.onPong());
    webSocket.on("error", () => {
      const { answeredCode } = webSocket;
      if (answeredCode !== undefined) this.#end({ kind: "broken", code: answeredCode });
    });
    webSocket.on("close", () => this.#end({ kind: "lost" }));
    // Half a connection is no use to anyone, and the rest of it may take its time to close.
    socket.once("end", () => this.#end({ kind: "lost" }));
  }

  get handler(): PeerHandler | null {
    return this.#handler;
  }

  set handler(handler: PeerHandler | null) {
    this.#handler = handler;
    const missed = this.#missed;
    this.#missed = null;
    if (missed !== null) queueMicrotask(() => handler?.onEnded(missed));
  }

  get protocol(): string {
    return this.#webSocket.protocol;
  }

  get backlog(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(data: Buffer | string, binary: boolean): void {
    if (!this.#ended) this.#webSocket.send(data, binary ? binaryFrame : textFrame, this.#flushed);
  }

  ping(): void {
    if (!this.#ended) this.#webSocket.ping(undefined, undefined, ignore);
  }

  pong(data: Buffer): void {
    if (!this.#ended) this.#webSocket.pong(data, undefined, ignore);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  close(code: number | undefined, reason: Buffer | string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#webSocket.closeFromHere(code, cut(reason));
    this.#letGo();
  }

  readonly #flushed = (): void => this.#handler?.onFlushed();

  #end(ending: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#handler === null) this.#missed = ending;
    else this.#handler.onEnded(ending);
    // What is still to be sent would wait for one that may never read it.
    if (ending.kind === "lost") this.#socket.destroy();
    else this.#letGo();
  }

  /** The last bytes go out, and with them the end of the connection: an answer to the close frame is not needed. */
  #letGo(): void {
    // A paused socket would never see the other end's goodbye.
    this.#webSocket.resume();
    this.#socket.end();
  }
}

function cut(reason: Buffer | string): Buffer {
  const bytes = typeof reason === "string" ? Buffer.from(reason) : reason;
  return bytes.length <= maxReasonBytes ? bytes : bytes.subarray(0, maxReasonBytes);
}

function ignore(): void {
  // What could not be sent any more is told by the end of the connection.
}
