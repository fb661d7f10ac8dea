// Passes a streamed answer on byte for byte: holds it until its first semantic data, reads it on the side,
// and takes out the one usage event that only the gateway asked for. Knows no socket.
import { SseDecoder } from "../../lib/sse.ts";
import type { EventDecoder } from "../../protocols/event-decoder.ts";
import type { StreamReader } from "../../protocols/wire.ts";
import { AnswerSample } from "../accounting/answer-sample.ts";

/** Held for one stream at most, in bytes: noise beyond it is sent, a partial event beyond it is no longer cut. */
const maxHeldBytes = 256 * 1024;

const nothing = Buffer.alloc(0);
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class SseRelay {
  readonly reader: StreamReader;
  /** Once true, bytes flow. */
  semantic = false;
  /** The service reported an error before anything semantic. */
  failed = false;
  /** What came first. */
  readonly sample = new AnswerSample();
  readonly #decoder: EventDecoder;
  readonly #cutsUsage: boolean;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Raw bytes of an unfinished event that may turn out to be the one to take out. */
  #carry: Buffer = nothing;
  /** Ranges to take out of the current chunk, as offsets into it; a start below zero lies in the carry. */
  readonly #cuts: number[] = [];
  /** The present event became too long to be held: it has been sent in part and stays. */
  #openSent = false;
  /** What was taken out ended in the first half of a CRLF. */
  #cutsLineFeed = false;
  /** Where the last finished event ends in the current chunk. */
  #boundary = 0;

  /** @param cutsUsage take out the extra usage event that the gateway asked for */
  constructor(reader: StreamReader, cutsUsage: boolean, decoder: EventDecoder = new SseDecoder()) {
    this.reader = reader;
    this.#decoder = decoder;
    this.#cutsUsage = cutsUsage;
  }

  /** True when the client has been sent part of an event whose end never came. */
  get cutOpenEvent(): boolean {
    return this.#decoder.midEvent && this.#carry.length === 0;
  }

  readonly #onEvent = (event: string, data: Buffer, start: number, end: number): void => {
    this.#boundary = end;
    const isWhole = start + this.#carry.length >= 0;
    if (this.#cutsUsage && isWhole && this.reader.usageMayFollow && this.reader.isExtraUsage(data)) {
      this.#cuts.push(start, end);
    }
    const meaning = this.reader.read(event, data);
    if (this.semantic) return;
    if (meaning === "semantic") this.semantic = !this.failed;
    else if (meaning === "error") this.failed = true;
  };

  /** Takes a chunk in, gives the bytes that may go to the client now. */
  push(chunk: Buffer): Buffer {
    this.#boundary = 0;
    if (this.#cutsLineFeed && chunk.length > 0) {
      this.#cutsLineFeed = false;
      if (chunk[0] === lineFeed) {
        this.#cuts.push(0, 1);
        this.#boundary = 1;
      }
    }
    this.sample.push(chunk);
    this.#decoder.push(chunk, this.#onEvent);
    const bytes = this.#cutsUsage ? this.#cut(chunk) : chunk;
    return this.#release(bytes);
  }

  /** The answer is over: gives the bytes that are left. */
  finish(): Buffer {
    this.#boundary = 0;
    this.#decoder.finish(this.#onEvent);
    const [cutFrom = 0] = this.#cuts;
    const rest = this.#carry.subarray(0, this.#carry.length + cutFrom);
    this.#cuts.length = 0;
    this.#carry = nothing;
    return this.#release(rest);
  }

  #release(bytes: Buffer): Buffer {
    if (!this.semantic) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      if (this.failed || this.#heldBytes <= maxHeldBytes) return nothing;
      this.semantic = true;
      bytes = nothing;
    }
    if (this.#held.length === 0) return bytes;
    const all = Buffer.concat([...this.#held, bytes]);
    this.#held = [];
    return all;
  }

  #cut(chunk: Buffer): Buffer {
    const { midEvent } = this.#decoder;
    if (this.#boundary > 0 || !midEvent) this.#openSent = false;
    const mayHold = midEvent && this.reader.usageMayFollow && !this.#decoder.skipping && !this.#openSent;
    if (this.#cuts.length === 0 && this.#carry.length === 0 && !mayHold) return chunk;
    const offset = this.#carry.length;
    const raw = offset === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    // An event without an end in this chunk began in the carry, or after the last boundary.
    const openFrom = this.#boundary === 0 ? 0 : offset + this.#boundary;
    this.#openSent = mayHold && raw.length - openFrom > maxHeldBytes;
    const sendTo = mayHold && !this.#openSent ? openFrom : raw.length;
    const pieces: Buffer[] = [];
    let from = 0;
    for (let index = 0; index < this.#cuts.length; index += 2) {
      pieces.push(raw.subarray(from, offset + (this.#cuts[index] ?? 0)));
      from = offset + (this.#cuts[index + 1] ?? 0);
    }
    this.#cutsLineFeed = this.#cuts.length > 0 && from === raw.length && raw.at(-1) === carriageReturn;
    pieces.push(raw.subarray(from, sendTo));
    this.#cuts.length = 0;
    this.#carry = raw.subarray(sendTo);
    return pieces.length === 1 ? (pieces[0] ?? nothing) : Buffer.concat(pieces);
  }
}
