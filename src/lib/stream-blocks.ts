// Cuts a stream into blocks that are whole: events of a server-sent event stream, items of a JSON array. Every byte is in
// one block, in order. Must not know what the blocks mean.

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Where the data of a block stands: ranges of its bytes that are joined by line feeds. */
export type DataRange = readonly [start: number, end: number];

export interface BlockCutter {
  /** Takes bytes in, gives the blocks that are whole by now. */
  push(chunk: Buffer): Buffer[];
  /** What is left at the end. */
  finish(): Buffer;
  /** Bytes of the block that is not whole yet. */
  readonly heldBytes: number;
  /** Where data stands in a whole block; empty for a block without. */
  dataOf(block: Buffer): readonly DataRange[];
  /** What else stands in a whole block, but for what only programs read; mostly "". */
  asideOf(block: Buffer): string;
}

const blockSigns = /^[\s,[\]]*/;
/** Names, ids and times of events, of one word each. */
const programLine = /^(?:\ufeff?(?:event|id|retry)(?:: ?[\w./:-]{0,128})?|)$/;

/** Keeps what came of the open block, without copying it again for each chunk. */
class OpenBlock {
  #pieces: Buffer[] = [];
  bytes = 0;

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    // A piece must not keep its whole chunk in memory for long, nor be changed with it.
    this.#pieces.push(piece);
    this.bytes += piece.length;
  }

  take(last: Buffer): Buffer {
    if (this.#pieces.length === 0) return last;
    this.#pieces.push(last);
    const block = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.bytes = 0;
    return block;
  }
}

const nothing = Buffer.alloc(0);

/** The event stream format of the WHATWG HTML standard, section 9.2: a block ends with its blank line. */
export class EventBlocks implements BlockCutter {
  readonly #open = new OpenBlock();
  #lineEmpty = true;
  #afterCarriageReturn = false;

  get heldBytes(): number {
    return this.#open.bytes;
  }

  push(chunk: Buffer): Buffer[] {
    const blocks: Buffer[] = [];
    let from = 0;
    let at = 0;
    // The second half of a CRLF belongs to what comes next where its first half has ended a block already.
    if (this.#afterCarriageReturn && chunk[0] === lineFeed) at = 1;
    if (chunk.length > 0) this.#afterCarriageReturn = false;
    let feed = chunk.indexOf(lineFeed, at);
    let carriage = chunk.indexOf(carriageReturn, at);
    while (feed !== -1 || carriage !== -1) {
      const end = carriage === -1 || (feed !== -1 && feed < carriage) ? feed : carriage;
      let next = end + 1;
      if (end === carriage && next === feed) next += 1;
      else if (end === carriage) this.#afterCarriageReturn = next === chunk.length;
      const isBlank = end === at && this.#lineEmpty;
      this.#lineEmpty = true;
      if (isBlank) {
        blocks.push(this.#open.take(chunk.subarray(from, next)));
        from = next;
      }
      at = next;
      if (feed !== -1 && feed < at) feed = chunk.indexOf(lineFeed, at);
      if (carriage !== -1 && carriage < at) carriage = chunk.indexOf(carriageReturn, at);
    }
    if (at < chunk.length) this.#lineEmpty = false;
    this.#open.add(chunk.subarray(from));
    return blocks;
  }

  finish(): Buffer {
    return this.#open.take(nothing);
  }

  dataOf(block: Buffer): readonly DataRange[] {
    const ranges: DataRange[] = [];
    let at = block.length >= 3 && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
    while (at < block.length) {
      const end = endOfLine(block, at);
      if (block.toString("latin1", at, at + 4) === "data") {
        const mark = block[at + 4];
        if (mark === 0x3a) ranges.push([Math.min(end, block[at + 5] === 0x20 ? at + 6 : at + 5), end]);
        else if (at + 4 === end) ranges.push([end, end]);
      }
      at = end + 1;
    }
    return ranges;
  }

  asideOf(block: Buffer): string {
    let aside = "";
    for (let at = 0; at < block.length;) {
      const end = endOfLine(block, at);
      if (!isData(block, at)) {
        const line = block.toString("utf8", at, end);
        if (!programLine.test(line)) aside += `${line}\n`;
      }
      at = end + 1;
    }
    return aside;
  }
}

function isData(block: Buffer, at: number): boolean {
  const isNamed =
    block[at] === 0x64 && block[at + 1] === 0x61 && block[at + 2] === 0x74 && block[at + 3] === 0x61;
  const mark = block[at + 4];
  return isNamed && (mark === 0x3a || mark === lineFeed || mark === carriageReturn || mark === undefined);
}

function endOfLine(block: Buffer, from: number): number {
  let at = from;
  while (at < block.length && block[at] !== lineFeed && block[at] !== carriageReturn) at += 1;
  return at;
}

/** One JSON array that comes bit by bit: a block ends with an item that is an object. */
export class ArrayBlocks implements BlockCutter {
  readonly #open = new OpenBlock();
  #depth = 0;
  #inString = false;
  #escaped = false;

  get heldBytes(): number {
    return this.#open.bytes;
  }

  push(chunk: Buffer): Buffer[] {
    const blocks: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote && this.#depth > 0) {
        this.#inString = true;
      } else if (byte === openBrace || (byte === openBracket && this.#depth > 0)) {
        this.#depth += 1;
      } else if ((byte === closeBrace || byte === closeBracket) && this.#depth > 0) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        blocks.push(this.#open.take(chunk.subarray(from, at + 1)));
        from = at + 1;
      }
    }
    this.#open.add(chunk.subarray(from));
    return blocks;
  }

  finish(): Buffer {
    return this.#open.take(nothing);
  }

  dataOf(block: Buffer): readonly DataRange[] {
    const start = block.indexOf(openBrace);
    return start === -1 ? [] : [[start, block.length]];
  }

  asideOf(block: Buffer): string {
    const start = block.indexOf(openBrace);
    return block.toString("utf8", 0, start === -1 ? block.length : start).replace(blockSigns, "");
  }
}
