// Finds the messages of an AWS event stream (`application/vnd.amazon.eventstream`) in its bytes, however they are cut.
// Must not know what the messages mean.
import { crc32 } from "node:zlib";
import { maxEventBytes, type SseListener } from "../lib/sse.ts";
import type { EventDecoder } from "./event-decoder.ts";

/** Total length, length of the headers, checksum of these two. */
const preludeBytes = 12;
const checksumBytes = 4;
const shortestMessage = preludeBytes + checksumBytes;

/** The name of an event is `:event-type`; of an exception `exception:` and its type. */
const exceptionPrefix = "exception:";

/** What an exception says of bytes that are no such stream. */
export const brokenFrame = `${exceptionPrefix}brokenFrame`;

/** The type of exception that an event's name speaks of; undefined for the name of any other event. */
export function exceptionOf(event: string): string | undefined {
  return event.startsWith(exceptionPrefix) ? event.slice(exceptionPrefix.length) : undefined;
}

const noBytes = Buffer.alloc(0);

/** Bytes of each type of header value; -1: two bytes of length stand before it. Undefined: no such type. */
const valueBytes: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const textType = 7;

/** Both checksums are checked. After the first message that is none, the decoder reads nothing more. */
export class AwsEventStreamDecoder implements EventDecoder {
  readonly skipping = false;
  /** Bytes of a message whose end was not seen yet. */
  #held = noBytes;
  #length = 0;
  /** Whole length of the held message; 0 while its prelude is not complete. */
  #total = 0;
  /** Where the message began, relative to the present chunk. */
  #start = 0;
  #stopped = false;

  get midEvent(): boolean {
    return this.#start < 0;
  }

  push(chunk: Buffer, listener: SseListener): void {
    let at = 0;
    while (at < chunk.length && !this.#stopped) {
      const wanted = this.#total === 0 ? preludeBytes : this.#total;
      if (this.#length === 0 && chunk.length - at >= preludeBytes) {
        const total = this.#lengthIn(chunk.subarray(at, at + preludeBytes));
        if (total === undefined) return this.#break(listener);
        if (chunk.length - at >= total) {
          this.#read(chunk.subarray(at, at + total), at + total, listener);
          at += total;
          this.#start = at;
          continue;
        }
        this.#total = total;
        at = this.#hold(chunk, at, total);
        continue;
      }
      at = this.#hold(chunk, at, wanted);
      if (this.#length < wanted) break;
      this.#endOfHeld(at, listener);
    }
    this.#start -= chunk.length;
  }

  /** A message that was cut off is no message. */
  finish(listener: SseListener): void {
    if (!this.#stopped && this.#length > 0) this.#break(listener);
    this.#stopped = true;
  }

  /** The held bytes are a whole prelude or a whole message. */
  #endOfHeld(at: number, listener: SseListener): void {
    if (this.#total === 0) {
      const total = this.#lengthIn(this.#held.subarray(0, preludeBytes));
      if (total === undefined) this.#break(listener);
      else this.#total = total;
      return;
    }
    const message = this.#held.subarray(0, this.#total);
    this.#length = 0;
    this.#total = 0;
    if (this.#held.length > 16_384) this.#held = noBytes;
    this.#read(message, at, listener);
    this.#start = at;
  }

  /** Keeps what the present message still needs. @returns where the rest of the chunk begins */
  #hold(chunk: Buffer, at: number, wanted: number): number {
    const end = Math.min(chunk.length, at + wanted - this.#length);
    const length = this.#length + end - at;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, length, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(chunk.subarray(at, end), this.#length);
    this.#length = length;
    return end;
  }

  /** Length of the message that a prelude announces; undefined when it is none, or too large. */
  #lengthIn(prelude: Buffer): number | undefined {
    const total = prelude.readUInt32BE(0);
    const headers = prelude.readUInt32BE(4);
    if (crc32(prelude.subarray(0, 8)) !== prelude.readUInt32BE(8)) return undefined;
    return total < shortestMessage || total > maxEventBytes || headers > total - shortestMessage
      ? undefined
      : total;
  }

  #read(message: Buffer, end: number, listener: SseListener): void {
    const bodyEnd = message.length - checksumBytes;
    if (crc32(message.subarray(0, bodyEnd)) !== message.readUInt32BE(bodyEnd)) return this.#break(listener);
    const payloadStart = preludeBytes + message.readUInt32BE(4);
    const headers = readHeaders(message, preludeBytes, payloadStart);
    if (headers === undefined) return this.#break(listener);
    const payload = message.subarray(payloadStart, bodyEnd);
    if (listener(nameOf(headers), payloadOf(headers, payload), this.#start, end) === false)
      this.#stopped = true;
  }

  #break(listener: SseListener): void {
    this.#stopped = true;
    this.#held = noBytes;
    this.#length = 0;
    const message = "The model service sent bytes that are no event stream.";
    listener(brokenFrame, Buffer.from(JSON.stringify({ message })), this.#start, 0);
  }
}

interface Headers {
  readonly messageType: string;
  readonly eventType: string;
  readonly errorMessage: string | undefined;
}

function nameOf({ messageType, eventType }: Headers): string {
  return messageType === "event" || messageType === "" ? eventType : exceptionPrefix + eventType;
}

/** Errors of the connection itself have their words in a header. */
function payloadOf({ messageType, errorMessage }: Headers, payload: Buffer): Buffer {
  if (messageType !== "error" || payload.length > 0) return payload;
  return Buffer.from(JSON.stringify({ message: errorMessage ?? "" }));
}

/** Undefined when they do not fill their place exactly, or hold a type that does not exist. */
function readHeaders(bytes: Buffer, from: number, to: number): Headers | undefined {
  let messageType = "";
  let eventType = "";
  let errorMessage: string | undefined;
  let at = from;
  while (at < to) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    if (nameEnd >= to) return undefined;
    const type = bytes[nameEnd] ?? 0;
    const fixed = valueBytes[type];
    const value = nameEnd + (fixed === -1 ? 3 : 1);
    if (fixed === undefined || value > to) return undefined;
    const end = value + (fixed === -1 ? bytes.readUInt16BE(nameEnd + 1) : fixed);
    if (end > to) return undefined;
    if (type === textType && bytes[at + 1] === 0x3a) {
      const name = bytes.toString("latin1", at + 1, nameEnd);
      if (name === ":message-type") messageType = bytes.toString("latin1", value, end);
      else if (name === ":event-type" || name === ":exception-type" || name === ":error-code")
        eventType = bytes.toString("latin1", value, end);
      else if (name === ":error-message") errorMessage = bytes.toString("utf8", value, end);
    }
    at = end;
  }
  return { messageType, eventType, errorMessage };
}
