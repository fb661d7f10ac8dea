// Walks a JSON text that is known to be valid and takes out of it only what is asked for: whatever is passed over is never
// decoded, so that megabytes of encoded bytes cost no more than finding their end. Knows no document's meaning.
import { skipSpace, type JsonKind } from "./json-scan.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Of the name of a member, in bytes; longer ones are not asked for. */
const longestKey = 128;

export class JsonCursor {
  readonly #bytes: Buffer;
  #at: number;
  #visitsLeft: number;
  #stoppedAt: number | undefined;

  /**
   * @param bytes one JSON text; of any other what is told is of no use, and nothing worse
   * @param mostVisits of members and items; behind so many nothing is visited
   */
  constructor(bytes: Buffer, mostVisits = Infinity) {
    this.#bytes = bytes;
    this.#visitsLeft = mostVisits;
    this.#at = skipSpace(bytes, 0);
  }

  /** Behind which place nothing was visited; undefined: everything was. */
  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  /** Where it stands: another cursor can begin there. */
  get place(): number {
    return this.#at;
  }

  goTo(place: number): void {
    this.#at = place;
  }

  get kind(): JsonKind {
    switch (this.#bytes[this.#at]) {
      case quote:
        return "string";
      case openBrace:
        return "object";
      case openBracket:
        return "array";
      case 0x74:
        return "true";
      case 0x66:
        return "false";
      case 0x6e:
        return "null";
      default:
        return "number";
    }
  }

  /** Calls `visit` at the value of each member; what it leaves of the value is passed over. Other kinds have none. */
  members(visit: (name: string) => void): void {
    if (this.kind !== "object") return this.skip();
    this.#enclosed(closeBrace, () => {
      const name = this.text(longestKey);
      this.#at = this.#bytes[this.#space()] === colon ? this.#at + 1 : this.#bytes.length;
      this.#leaving(() => visit(name));
    });
  }

  /** Calls `visit` at each item; what it leaves of the item is passed over. Other kinds have none. */
  items(visit: (index: number) => void): void {
    if (this.kind !== "array") return this.skip();
    let index = 0;
    this.#enclosed(closeBracket, () => {
      this.#leaving(() => visit(index));
      index += 1;
    });
  }

  /**
   * A string, of which the beginning and the end stay where it is longer than so many bytes; of any other kind its text.
   * Goes past it.
   */
  text(maxBytes: number): string {
    const bytes = this.#bytes;
    const isString = bytes[this.#at] === quote;
    const start = isString ? this.#at + 1 : this.#at;
    this.skip();
    const end = isString ? this.#at - 1 : this.#at;
    if (end - start <= maxBytes) return decoded(bytes.toString("utf8", start, end));
    const half = Math.floor(maxBytes / 2);
    const head = bytes.toString("utf8", start, cleanCut(bytes, start + half));
    const tail = bytes.toString("utf8", cleanCut(bytes, end - half), end);
    return `${decoded(head)}\n${decoded(tail)}`;
  }

  /** A number, or a string of one; undefined for anything else. Goes past it. */
  number(): number | undefined {
    const text = this.text(longestKey);
    const value = text === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  /** Whether a list or an object holds anything, or a string has a character. Stays where it is. */
  get isFilled(): boolean {
    const first = this.#bytes[skipSpace(this.#bytes, this.#at + 1)];
    switch (this.kind) {
      case "array":
        return first !== closeBracket;
      case "object":
        return first !== closeBrace;
      case "string":
        return this.#bytes[this.#at + 1] !== quote;
      default:
        return false;
    }
  }

  /** Goes past the value, and does not look into it. */
  skip(): void {
    const bytes = this.#bytes;
    const first = bytes[this.#at];
    if (first === quote) this.#at = stringEnd(bytes, this.#at);
    else if (first === openBrace || first === openBracket) this.#skipNested();
    else while (this.#at < bytes.length && !isEndOfScalar(bytes[this.#at] ?? 0)) this.#at += 1;
  }

  #skipNested(): void {
    const bytes = this.#bytes;
    let depth = 0;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at];
      if (byte === quote) {
        this.#at = stringEnd(bytes, this.#at);
        continue;
      }
      this.#at += 1;
      if (byte === openBrace || byte === openBracket) depth += 1;
      else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1;
        if (depth === 0) return;
      }
    }
  }

  /** Between brackets, from the first to the last of what commas part. */
  #enclosed(closer: number, one: () => void): void {
    const bytes = this.#bytes;
    this.#at += 1;
    if (bytes[this.#space()] === closer) {
      this.#at += 1;
      return;
    }
    while (this.#at < bytes.length) {
      if (this.#visitsLeft <= 0) {
        this.#stoppedAt ??= this.#at;
        this.#at = bytes.length;
        return;
      }
      this.#visitsLeft -= 1;
      one();
      const next = bytes[this.#space()];
      this.#at += 1;
      if (next !== comma) return;
      this.#space();
    }
  }

  #leaving(visit: () => void): void {
    const start = this.#space();
    visit();
    if (this.#at === start) this.skip();
  }

  #space(): number {
    this.#at = skipSpace(this.#bytes, this.#at);
    return this.#at;
  }
}

function isEndOfScalar(byte: number): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || byte <= 0x20;
}

/** Where quotes are escaped there are mostly more: so many bytes behind one are looked at singly. */
const nearBytes = 256;

/** Behind the closing quote of the string that begins at `start`. */
function stringEnd(bytes: Buffer, start: number): number {
  let at = bytes.indexOf(quote, start + 1);
  while (at !== -1) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
    const near = at + nearBytes;
    for (at += 1; at < near; at += 1) {
      const byte = bytes[at];
      if (byte === quote) return at + 1;
      if (byte === backslash) at += 1;
    }
    at = bytes.indexOf(quote, at);
  }
  return bytes.length;
}

function decoded(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** An escape has at most six characters. */
const longestEscape = 6;
const farthestCut = 512;

/** Where a string can be cut, from here on: neither in a character nor in an escape. */
function cleanCut(bytes: Buffer, from: number): number {
  for (let at = from; at < from + farthestCut; at += 1) {
    const isInside = ((bytes[at] ?? 0) & 0xc0) === 0x80;
    if (!isInside && bytes.subarray(at - longestEscape, at).indexOf(backslash) === -1) return at;
  }
  return from;
}
