// Walks the strings of a JSON text, keys and values, with the place of each in the bytes. Must not know what they mean,
// and does not judge whether the text is valid: what follows a fault is walked as well as may be.
import { decodeString } from "./json-scan.ts";

/** Deeper nesting is not looked into. */
const maxDepth = 256;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Names of members, and places in arrays, from the outermost to the string itself. */
export type JsonPath = readonly (string | number)[];

export class JsonStrings {
  /** Of the string that `next` found: `bytes.subarray(start, end)` is its literal, quotes included. */
  start = 0;
  end = 0;
  /** It names a member; else it is a value. */
  isKey = false;
  /** Something lies deeper than is looked at. */
  tooDeep = false;
  readonly #bytes: Buffer;
  readonly #path: (string | number)[] = [];
  #atKey = false;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Of the string that `next` found; changes with the next one. */
  get path(): JsonPath {
    return this.#path;
  }

  /** The string as it is meant. */
  get text(): string {
    return stringAt(this.#bytes, this.start, this.end);
  }

  /** Goes to the next string; false when there is none. */
  next(): boolean {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at] ?? 0;
      if (byte === quote) {
        this.#takeString();
        return true;
      }
      this.#at += 1;
      this.#structure(byte);
    }
    return false;
  }

  #structure(byte: number): void {
    const path = this.#path;
    switch (byte) {
      case openBrace:
      case openBracket:
        if (path.length === maxDepth) this.tooDeep = true;
        path.push(byte === openBrace ? "" : 0);
        this.#atKey = byte === openBrace;
        return;
      case closeBrace:
      case closeBracket:
        path.pop();
        this.#atKey = false;
        return;
      case comma: {
        const last = path.at(-1);
        if (typeof last === "number") path[path.length - 1] = last + 1;
        else this.#atKey = last !== undefined;
        return;
      }
      case colon:
        this.#atKey = false;
        return;
      default:
        return;
    }
  }

  #takeString(): void {
    this.start = this.#at;
    this.end = endOfString(this.#bytes, this.#at);
    this.#at = this.end;
    this.isKey = this.#atKey;
    if (this.isKey) this.#path[this.#path.length - 1] = this.text;
    this.#atKey = false;
  }
}

/** Offset after the string whose quote is at `start`; that of the end of the bytes for one that does not end. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const end = bytes.indexOf(quote, at);
    if (end === -1) return bytes.length;
    let slash = end - 1;
    while (slash > start && bytes[slash] === backslash) slash -= 1;
    if ((end - 1 - slash) % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** The text of a literal that may be broken: then as it stands. */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  try {
    return decodeString(bytes, start, end);
  } catch {
    return bytes.toString("utf8", start + 1, end - 1);
  }
}

/**
 * Where characters of a string stand in its literal.
 * @param raw the literal without its quotes
 * @param units offsets in the decoded string, in UTF-16 code units, ascending
 * @returns offsets in `raw`
 */
export function literalOffsets(raw: string, units: readonly number[]): number[] {
  if (!raw.includes("\\")) return [...units];
  const offsets: number[] = [];
  let at = 0;
  let unit = 0;
  for (const wanted of units) {
    while (unit < wanted && at < raw.length) {
      at += raw.charCodeAt(at) !== backslash ? 1 : raw.charCodeAt(at + 1) === 0x75 ? 6 : 2;
      unit += 1;
    }
    offsets.push(Math.min(at, raw.length));
  }
  return offsets;
}
