// A stream that a service compressed: its bytes are held until something semantic is seen in what they decode to.
// Knows no client and no service.
import { decodeAside, type SideDecoder } from "./encoded-answer.ts";
import type { SseRelay } from "./sse-relay.ts";

/** Held until something semantic is seen, in bytes; beyond it the stream passes. */
const maxHeldBytes = 256 * 1024;

export interface EncodedStreamEvents {
  /** What is held may go. Called once at most. */
  onOpen(): void;
  /** The service reports an error before anything semantic. */
  onReported(): void;
}

export class EncodedStream {
  readonly relay: SseRelay;
  readonly #decoder: SideDecoder;
  readonly #events: EncodedStreamEvents;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #open = false;

  private constructor(relay: SseRelay, decoder: SideDecoder, events: EncodedStreamEvents) {
    this.relay = relay;
    this.#decoder = decoder;
    this.#events = events;
  }

  /** Null for a coding that is not known. */
  static start(coding: string, relay: SseRelay, events: EncodedStreamEvents): EncodedStream | null {
    const decoder = decodeAside(coding, (piece) => stream?.read(piece));
    const stream = decoder === undefined ? null : new EncodedStream(relay, decoder, events);
    return stream;
  }

  private read(piece: Buffer): void {
    this.relay.push(piece);
    if (this.#open) return;
    if (this.relay.failed) this.#events.onReported();
    else if (this.relay.semantic) this.#openUp();
  }

  #openUp(): void {
    this.#open = true;
    this.#events.onOpen();
  }

  /** True: the chunk may go at once. False: it is held. */
  push(chunk: Buffer): boolean {
    this.#decoder.push(chunk);
    if (this.#open) return true;
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > maxHeldBytes) this.#openUp();
    return false;
  }

  /** Everything that was held. */
  takeHeld(): Buffer {
    const held = Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  /** Resolves when all was decoded and read; false: the coding is broken. */
  async finish(): Promise<boolean> {
    const complete = await this.#decoder.finish();
    this.relay.finish();
    return complete;
  }

  abort(): void {
    this.#decoder.abort();
  }
}
