// node:http's request without its stream: body pieces go straight from the parser to whoever reads them.
// The Readable machinery costs several microseconds and a dozen objects per request, and nothing here needs it.
import { IncomingMessage } from "node:http";
import type { BodySink } from "../body/body-collector.ts";

/** Held of a body that nobody reads yet, in bytes; then the socket waits. */
const maxEarlyBytes = 64 * 1024;

/** What node:http's own code calls on a request besides its public face. */
interface Internals {
  _dumped: boolean;
  _read(size: number): void;
}

export class BodyRequest extends IncomingMessage {
  bodyEnded = false;
  #sink: BodySink | null = null;
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #waits = false;

  /** The parser's way in: a piece of the body, or null at its end. */
  override push(bytes: Buffer | null): boolean {
    if (bytes === null) {
      this.bodyEnded = true;
      this.#sink?.end();
      return true;
    }
    if (this.#sink !== null) {
      this.#waits = !this.#sink.piece(bytes);
      return !this.#waits;
    }
    this.#early.push(bytes);
    this.#earlyBytes += bytes.length;
    this.#waits = this.#earlyBytes > maxEarlyBytes;
    return !this.#waits;
  }

  /** Starts reading; what has come so far is delivered at once. */
  readInto(sink: BodySink): void {
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    let more = true;
    for (const bytes of early) more = sink.piece(bytes);
    if (this.bodyEnded) sink.end();
    else if (this.destroyed) sink.aborted();
    else if (more) this.readOn();
    else this.#waits = true;
  }

  /** The parser gave up in the middle of this request. */
  breakOff(): void {
    this.#sink?.broken();
  }

  /** Throws the rest of the body away as it comes. */
  discard(): void {
    this.#sink = null;
    this.#early = [];
    (this as unknown as Internals)._dumped = true;
    this.readOn();
  }

  /** Goes on after a piece that was one too many. */
  readOn(): void {
    if (!this.#waits) return;
    this.#waits = false;
    // The internal way to make the socket read again; resume() would start the stream machinery.
    (IncomingMessage.prototype as unknown as Internals)._read.call(this, 0);
  }

  /** Called by node:http when an answer has ended before its request was read. */
  _dump(): void {
    this.discard();
  }

  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.bodyEnded) this.#sink?.aborted();
    callback(null);
  }
}

// Asked by node:http before it lets a finished request go. An accessor over a declared property needs this form.
Object.defineProperty(BodyRequest.prototype, "readableEnded", {
  get(this: BodyRequest): boolean {
    return this.bodyEnded;
  },
});
