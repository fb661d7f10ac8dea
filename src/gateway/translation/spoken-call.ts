// One call to a service that speaks over a WebSocket: the gateway is the client there, and what is said comes as the answer to
// a plain request. To whoever receives the answer it is one call.
import type { Usage } from "../../core/usage.ts";
import { readServiceFrame } from "../../protocols/dashscope-event-frames.ts";
import { invalidJsonError } from "../../protocols/reported-error.ts";
import type { ReportedError } from "../../protocols/wire.ts";
import type { ServiceCall, SpokenCall } from "../../translators/translation.ts";
import type { Call, UpstreamFailure, UpstreamHandler } from "../upstream/upstream.ts";
import type { Dialer, DialHandler, DialRequest } from "../websocket/dial.ts";
import type { Ending, Peer, PeerHandler } from "../websocket/peer.ts";

/** A text frame that is longer says nothing that is looked for. */
const maxReadBytes = 256 * 1024;

/** What is told besides the answer. */
export interface SpokenHandler extends UpstreamHandler {
  /** The handshake was answered. */
  onOpen(): void;
  /** Something came that is no part of the answer. */
  touch(): void;
  onUsage(usage: Usage): void;
  /** The service says that it cannot. */
  onReported(error: ReportedError): void;
}

export class SpokenSend implements Call, DialHandler, PeerHandler {
  readonly #call: ServiceCall;
  readonly #spoken: SpokenCall;
  readonly #handler: SpokenHandler;
  readonly #dialling: { abort(): void };
  #peer: Peer | null = null;
  #usage: Usage | undefined;
  #started = false;
  #headGiven = false;
  #over = false;

  constructor(
    dialer: Dialer,
    request: DialRequest,
    work: { readonly call: ServiceCall; readonly spoken: SpokenCall },
    handler: SpokenHandler,
  ) {
    this.#call = work.call;
    this.#spoken = work.spoken;
    this.#handler = handler;
    this.#dialling = dialer.dial(request, this);
  }

  get connected(): boolean {
    return this.#peer !== null;
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#dialling.abort();
    this.#peer?.close(1000, "");
  }

  resume(): void {
    if (!this.#over) this.#peer?.resume();
  }

  onOpen(peer: Peer): void {
    if (this.#over) return peer.close(1000, "");
    this.#peer = peer;
    peer.handler = this;
    this.#handler.onOpen();
    peer.send(JSON.stringify(this.#call.body), false);
  }

  onRefused(status: number, headers: Buffer[], body: Buffer): void {
    if (this.#over) return;
    this.#over = true;
    // Not the answer that was asked for, whatever it holds.
    if (status < 300) return this.#handler.onFailure(broken("NO_UPGRADE"));
    this.#handler.onHead(status, headers);
    this.#handler.onData(body);
    this.#handler.onEnd();
  }

  onFailure(failure: UpstreamFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onFailure(failure);
  }

  onMessage(data: Buffer, binary: boolean): void {
    if (this.#over) return;
    if (binary) return this.#give(this.#spoken.piece(data));
    this.#handler.touch();
    if (data.length > maxReadBytes) return;
    const frame = readServiceFrame(data);
    if (frame === undefined) return this.#report(invalidJsonError);
    if (frame.usage !== undefined) this.#usage = frame.usage;
    if (frame.error !== undefined) return this.#report(frame.error);
    if (frame.event === "task-started") this.#start();
    else if (frame.event === "task-finished") this.#finish();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const frame of this.#spoken.rest) this.#peer?.send(JSON.stringify(frame), false);
  }

  #give(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#giveHead();
    if (!this.#over && !this.#handler.onData(bytes)) this.#peer?.pause();
  }

  #giveHead(): void {
    if (this.#headGiven) return;
    this.#headGiven = true;
    const { contentType } = this.#spoken;
    this.#handler.onHead(200, [Buffer.from("content-type"), Buffer.from(contentType, "latin1")]);
  }

  /** A task that ends without having said anything has given no answer, whatever would end it. */
  #finish(): void {
    if (this.#usage !== undefined) this.#handler.onUsage(this.#usage);
    if (this.#headGiven) this.#give(this.#spoken.end(this.#usage));
    else this.#giveHead();
    if (this.#over) return;
    this.#leave();
    this.#handler.onEnd();
  }

  #report(error: ReportedError): void {
    if (this.#usage !== undefined) this.#handler.onUsage(this.#usage);
    this.#leave();
    this.#handler.onReported(error);
  }

  #leave(): void {
    this.#over = true;
    this.#peer?.close(1000, "");
  }

  onEnded(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onFailure(broken(ending.kind === "closed" ? `CLOSED_${ending.code ?? ""}` : "LOST"));
  }

  onPing(data: Buffer): void {
    this.#handler.touch();
    this.#peer?.pong(data);
  }

  onPong(): void {
    this.#handler.touch();
  }

  onFlushed(): void {
    // What is sent is small: nothing waits for it.
  }
}

function broken(detail: string): UpstreamFailure {
  return { kind: "broken", reusedConnection: false, detail };
}
