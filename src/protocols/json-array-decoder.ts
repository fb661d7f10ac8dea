// Finds the items of a JSON array in its bytes as they come, however they are cut: Gemini streams this way when it is
// not asked for events. Must not know what the items mean.
import type { SseListener } from "../lib/sse.ts";
import { ClippedBytes } from "./clipped-bytes.ts";

const quote = 0x22;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Only items that are objects are found; an object instead of the array is its one item. */
export class JsonArrayDecoder {
  readonly skipping = false;
  readonly #item: ClippedBytes;
  /** Brackets and braces open inside the item. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #start = 0;
  #fed = false;
  #closed = false;

  /** @param wholeBytes items up to this size are kept whole, of others the middle is forgotten */
  constructor(wholeBytes?: number) {
    this.#item = new ClippedBytes(wholeBytes);
  }

  /** True until the array is closed: nothing else may be written into it. */
  get midEvent(): boolean {
    return this.#fed && !this.#closed;
  }

  /** Reads the next bytes; they are not kept. The listener gets each item as the data of an event without a name. */
  push(chunk: Buffer, listener: SseListener): void {
    if (chunk.length > 0) this.#fed = true;
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) {
        at = this.#skipString(chunk, at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (this.#depth === 0) {
        if (byte === closeBracket) this.#closed = true;
        if (byte !== openBrace) continue;
        from = at;
      }
      if (byte === quote) this.#inString = true;
      else if (byte === openBrace || byte === openBracket) this.#depth++;
      else if (byte === closeBrace || byte === closeBracket) this.#depth--;
      if (this.#depth > 0) continue;
      this.#item.append(chunk, from, at + 1);
      listener("", this.#item.take(), this.#start, at + 1);
      this.#start = at + 1;
      from = at + 1;
    }
    if (this.#depth > 0) this.#item.append(chunk, from, chunk.length);
    this.#start -= chunk.length;
  }

  /** An item that was cut off is no item. */
  finish(_listener: SseListener): void {
    this.#item.take();
  }

  /** Offset of the last byte that belongs to the string, or of the last byte of the chunk. */
  #skipString(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    for (;;) {
      const end = chunk.indexOf(quote, at);
      const slash = chunk.subarray(at, end === -1 ? chunk.length : end).indexOf(backslash);
      if (slash === -1) {
        if (end === -1) return chunk.length;
        this.#inString = false;
        return end;
      }
      at += slash + 2;
      if (at > chunk.length) {
        this.#escaped = true;
        return chunk.length;
      }
    }
  }
}
