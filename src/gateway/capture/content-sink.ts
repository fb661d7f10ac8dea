// Keeps the beginning of a body while it passes, as bytes of its own: what came in base64 is counted, not kept. Bounded.
// Knows no format.
import type { ContentBudget } from "./content-budget.ts";

/** A longer run of such characters is data in base64. */
const longestWord = 256;
const firstBytes = 4 * 1024;
/** Looked at of a run that is known to be base64: each byte would cost too much in a body of megabytes. */
const sampleEvery = 61;
const quote = 0x22;

/** Characters of base64 and of its form for addresses; a back-slash, as JSON may write `\/` and `\n`. */
const isBase64 = new Uint8Array(256);
for (const character of Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\\")) {
  isBase64[character.charCodeAt(0)] = 1;
}

export interface ContentSinkOptions {
  readonly maxBytes: number;
  readonly budget: ContentBudget;
  /** Leave base64 out; what is compressed is kept as it is. */
  readonly elides: boolean;
}

export class ContentSink {
  readonly #options: ContentSinkOptions;
  elides: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Bytes of the body that stand in what is kept, as themselves or counted. */
  #taken = 0;
  #total = 0;
  #full = false;
  /** There was no memory for more. */
  starved = false;
  /** Characters of base64 that came last, kept or not. */
  #run = 0;
  /** They are not kept any more. */
  #skipping = false;

  constructor(options: ContentSinkOptions) {
    this.#options = options;
    this.elides = options.elides;
  }

  /** Bytes that came. */
  get total(): number {
    return this.#total;
  }

  /** Bytes that came and are not in it. */
  get missing(): number {
    return this.#total - this.#taken;
  }

  /** What is kept. Valid until `release`. */
  get kept(): Buffer {
    this.#endRun();
    return this.#bytes.subarray(0, this.#length);
  }

  push(chunk: Buffer): void {
    this.#total += chunk.length;
    if (this.#full) return;
    if (!this.elides) return this.#keep(chunk, 0, chunk.length);
    let from = this.#skipping ? this.#skip(chunk, 0) : 0;
    for (let at = from; at < chunk.length && !this.#full; at += 1) {
      if (isBase64[chunk[at] ?? 0] === 0) {
        this.#run = 0;
        continue;
      }
      this.#run += 1;
      if (this.#run <= longestWord) continue;
      this.#keep(chunk, from, at + 1);
      if (this.#full) return;
      this.#length -= this.#run;
      this.#skipping = true;
      from = this.#skip(chunk, at + 1);
      at = from - 1;
    }
    this.#keep(chunk, from, chunk.length);
  }

  /** Passes over base64; gives where it ends. */
  #skip(chunk: Buffer, from: number): number {
    const end = endOfRun(chunk, from);
    this.#run += end - from;
    this.#taken += end - from;
    if (end < chunk.length) this.#endRun();
    return end;
  }

  #endRun(): void {
    const bytes = Math.floor((this.#run * 3) / 4);
    const skipped = this.#skipping;
    this.#run = 0;
    this.#skipping = false;
    if (!skipped) return;
    const label = Buffer.from(`<base64, ${withCommas(bytes)} bytes>`);
    const taken = this.#taken;
    this.#keep(label, 0, label.length);
    this.#taken = taken;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    const wanted = Math.min(to - from, this.#options.maxBytes - this.#length);
    if (wanted < to - from) this.#full = true;
    if (wanted <= 0 || !this.#hasRoom(this.#length + wanted)) return;
    chunk.copy(this.#bytes, this.#length, from, from + wanted);
    this.#length += wanted;
    this.#taken += wanted;
  }

  #hasRoom(length: number): boolean {
    if (length <= this.#bytes.length) return true;
    const { maxBytes, budget } = this.#options;
    const size = Math.min(maxBytes, Math.max(length, 2 * this.#bytes.length, firstBytes));
    if (!budget.take(size - this.#bytes.length)) {
      this.#full = true;
      this.starved = true;
      return false;
    }
    const grown = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    return true;
  }

  /** Gives its memory back; of no use after that. */
  release(): void {
    this.#options.budget.give(this.#bytes.length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    this.#full = true;
  }
}

/** In JSON a quote ends it, and finding one is cheap; samples tell whether all before it is base64. */
function endOfRun(chunk: Buffer, from: number): number {
  const found = chunk.indexOf(quote, from);
  const end = found === -1 ? chunk.length : found;
  let at = from;
  while (at < end && isBase64[chunk[at] ?? 0] === 1) at += sampleEvery;
  if (at >= end && (end === from || isBase64[chunk[end - 1] ?? 0] === 1)) return end;
  for (at = from; at < end && isBase64[chunk[at] ?? 0] === 1; at += 1);
  return at;
}

/** 12345 -> `12,345` */
export function withCommas(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
