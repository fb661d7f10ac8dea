// Finds the events of a server-sent event stream in its bytes, however they are cut. Must not know what the events mean.

/**
 * Called once per event.
 * @param event name of the event, "" without one
 * @param data the data lines, joined by line feeds; a view into the chunk where possible
 * @param start offset in the chunk of the first byte after the boundary before; negative when it lies in an earlier chunk
 * @param end offset in the chunk just past the blank line that ends the event; 0 from `finish`
 * @returns false to stop the decoder for good
 */
export type SseListener = (event: string, data: Buffer, start: number, end: number) => boolean | void;

/** Largest event that is looked at, in bytes without comments and line ends. */
export const maxEventBytes = 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;
const dataField = Buffer.from("data");
const eventField = Buffer.from("event");

/** Bytes that grow by doubling, so that one-byte chunks stay linear. */
class ByteStore {
  bytes: Buffer = Buffer.alloc(0);
  length = 0;

  append(source: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(256, length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(source.subarray(from, to), this.length);
    this.length = length;
  }

  /** Forgets the content; a large buffer is let go. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > 16_384) this.bytes = Buffer.alloc(0);
  }

  /** Hands the content out for good. */
  take(): Buffer {
    const content = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.alloc(0);
    this.length = 0;
    return content;
  }
}

/** The event stream format of the WHATWG HTML standard, section 9.2, with offsets into the raw bytes. */
export class SseDecoder {
  /** Bytes of a line whose end was not seen yet, unless it is a comment. */
  readonly #line = new ByteStore();
  /** Data of the event so far, when it had to be copied. */
  readonly #copied = new ByteStore();
  /** Data of the event so far, when it is one line of the present chunk. */
  #view: Buffer | undefined;
  #hasData = false;
  #event = "";
  /** Bytes of the event's complete lines, without comments. */
  #held = 0;
  /** Where the event began, relative to the present chunk; between two chunks relative to the next one. */
  #start = 0;
  #inComment = false;
  #afterCarriageReturn = false;
  #firstLine = true;
  #stopped = false;
  #skipping = false;
  /** Whether the present line of a skipped event has any bytes. */
  #skippedBytes = false;

  readonly #mostBytes: number;

  /** @param mostBytes of an event that is looked at, without comments and line ends */
  constructor(mostBytes: number = maxEventBytes) {
    this.#mostBytes = mostBytes;
  }

  /** True inside an event that is too large to be looked at: it is passed over up to its blank line. */
  get skipping(): boolean {
    return this.#skipping;
  }

  /** True when bytes were fed since the last blank line, comments included. */
  get midEvent(): boolean {
    return this.#start < 0;
  }

  /** Reads the next bytes of the stream. The chunk must not change until the listener has returned for the last time. */
  push(chunk: Buffer, listener: SseListener): void {
    if (this.#stopped || chunk.length === 0) return;
    let at = this.#skipSecondHalf(chunk);
    let feed = chunk.indexOf(lineFeed, at);
    let carriage = chunk.indexOf(carriageReturn, at);
    while (feed !== -1 || carriage !== -1) {
      const lineEnd = carriage === -1 || (feed !== -1 && feed < carriage) ? feed : carriage;
      let next = lineEnd + 1;
      if (lineEnd === carriage) {
        if (next === feed) next++;
        else this.#afterCarriageReturn = next === chunk.length;
      }
      const blank = this.#endLine(chunk, at, lineEnd);
      if (this.#stopped) return;
      if (blank) {
        this.#dispatch(next, listener);
        this.#start = next;
        if (this.#stopped) return;
      }
      at = next;
      if (feed !== -1 && feed < at) feed = chunk.indexOf(lineFeed, at);
      if (carriage !== -1 && carriage < at) carriage = chunk.indexOf(carriageReturn, at);
    }
    this.#keep(chunk, at);
    this.#start -= chunk.length;
  }

  /** Delivers an event that the end of the stream cut off before its blank line. Call once, after the last push. */
  finish(listener: SseListener): void {
    if (this.#stopped) return;
    if (this.#line.length > 0) this.#endLine(Buffer.alloc(0), 0, 0);
    if (!this.#stopped) this.#dispatch(0, listener);
    this.#stopped = true;
  }

  /** Start of the next line: after the line feed of a CRLF whose first half ended the chunk before. */
  #skipSecondHalf(chunk: Buffer): number {
    if (!this.#afterCarriageReturn) return 0;
    this.#afterCarriageReturn = false;
    if (chunk[0] !== lineFeed) return 0;
    if (this.#start === 0) this.#start = 1;
    return 1;
  }

  /** Takes in the line that ends at `to`; true when it is blank. */
  #endLine(chunk: Buffer, from: number, to: number): boolean {
    if (this.#skipping) {
      const blank = from === to && !this.#skippedBytes;
      this.#skippedBytes = false;
      return blank;
    }
    if (this.#inComment) {
      this.#inComment = false;
      this.#firstLine = false;
      return false;
    }
    if (this.#line.length === 0) return this.#readLine(chunk, from, to, true);
    this.#line.append(chunk, from, to);
    const blank = this.#readLine(this.#line.bytes, 0, this.#line.length, false);
    this.#line.clear();
    return blank;
  }

  #readLine(bytes: Buffer, lineStart: number, to: number, borrowed: boolean): boolean {
    const from = this.#firstLine && startsWithMark(bytes, lineStart, to) ? lineStart + 3 : lineStart;
    this.#firstLine = false;
    if (from === to) return true;
    if (bytes[from] === colon) return false;
    this.#held += to - from;
    if (this.#held > this.#mostBytes) {
      this.#skip();
    } else if (isField(bytes, from, to, dataField)) {
      this.#addData(bytes, valueStart(bytes, from + dataField.length, to), to, borrowed);
    } else if (isField(bytes, from, to, eventField)) {
      this.#event = bytes.toString("utf8", valueStart(bytes, from + eventField.length, to), to);
    }
    return false;
  }

  #addData(bytes: Buffer, from: number, to: number, borrowed: boolean): void {
    if (!this.#hasData && borrowed) {
      this.#view = bytes.subarray(from, to);
    } else {
      this.#copyView();
      if (this.#hasData) this.#copied.append(lineFeedBytes, 0, 1);
      this.#copied.append(bytes, from, to);
    }
    this.#hasData = true;
  }

  #copyView(): void {
    if (this.#view === undefined) return;
    this.#copied.append(this.#view, 0, this.#view.length);
    this.#view = undefined;
  }

  #dispatch(end: number, listener: SseListener): void {
    const event = this.#event;
    this.#event = "";
    this.#held = 0;
    this.#skipping = false;
    if (!this.#hasData) return;
    const data = this.#view ?? this.#copied.take();
    this.#hasData = false;
    this.#view = undefined;
    if (listener(event, data, this.#start, end) === false) this.#stopped = true;
  }

  /** Keeps what follows the last line end, and data that would otherwise hold on to the chunk. */
  #keep(chunk: Buffer, at: number): void {
    this.#copyView();
    if (this.#inComment || at === chunk.length) return;
    if (this.#skipping) {
      this.#skippedBytes = true;
      return;
    }
    if (this.#line.length === 0 && chunk[at] === colon) {
      this.#inComment = true;
      return;
    }
    if (this.#held + this.#line.length + chunk.length - at > this.#mostBytes) {
      this.#skip();
      this.#skippedBytes = true;
    } else {
      this.#line.append(chunk, at, chunk.length);
    }
  }

  /** The event is too large: nothing of it is kept, and the next one is read again. */
  #skip(): void {
    this.#skipping = true;
    this.#hasData = false;
    this.#event = "";
    this.#view = undefined;
    this.#line.take();
    this.#copied.take();
  }
}

const lineFeedBytes = Buffer.from("\n");

function startsWithMark(bytes: Buffer, from: number, to: number): boolean {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
}

function isField(bytes: Buffer, from: number, to: number, name: Buffer): boolean {
  const end = from + name.length;
  if (end > to || (end < to && bytes[end] !== colon)) return false;
  for (let index = 0; index < name.length; index++) {
    if (bytes[from + index] !== name[index]) return false;
  }
  return true;
}

/** Where the value starts after a field name: past the colon and one space. */
function valueStart(bytes: Buffer, at: number, to: number): number {
  if (at >= to) return to;
  return at + 1 < to && bytes[at + 1] === space ? at + 2 : at + 1;
}
