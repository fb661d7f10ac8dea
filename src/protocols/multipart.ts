// Finds the text parts `model` and `stream` of a multipart/form-data body as it streams by, and how to put another model
// into it. Holds no file. RFC 7578 and 2046. Must not know routes or services.
import { isUtf8 } from "node:buffer";
import type { Edit } from "../lib/json-splice.ts";
import { badField, headersTooLong, malformedForm, textOnBoundary, valueTooLong } from "./form-faults.ts";
import { maxHeaderBytes, maxParts, maxValueBytes, notedFields, type FieldName } from "./form-limits.ts";
import { readPartHeader } from "./multipart-header.ts";

/** White space between a boundary and the end of its line at most, in bytes. */
const maxPaddingBytes = 64;

const nothing = Buffer.alloc(0);
const lineEnd = Buffer.from("\r\n");
const blankLine = Buffer.from("\r\n\r\n");
/** Bytes after a boundary that are looked at. */
const maxBlockBytes = maxPaddingBytes + maxHeaderBytes + blankLine.length;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const hyphen = 0x2d;

/** A text part. */
export interface FormField {
  readonly value: string;
  /** Where the value stands in the whole body, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** What a part is called; the value of a short text part that is noted. */
export interface NotedPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly value: string | undefined;
}

/** `content`: before the first part or inside one; `header`: after a boundary; `closing`, `over`: after the last one. */
type State = "content" | "header" | "closing" | "over";

/**
 * Feed it every chunk of the body, then `finish`. Chunks are neither changed nor kept. `model` and `stream` are there as
 * soon as their parts have ended. Throws GatewayError `invalid_request` at the first fault and is of no use after that.
 */
export class MultipartScanner {
  model: FormField | undefined;
  stream: FormField | undefined;
  /** Every part so far, in order. */
  readonly parts: NotedPart[] = [];
  /** Bytes before the present chunk. */
  #offset = 0;
  readonly #boundary: string;
  /** A line end, two hyphens and the boundary. */
  readonly #delimiter: Buffer;
  #state: State = "content";
  /** The last bytes of the content, with which a delimiter may have begun. A body begins like a new line. */
  #tail: Buffer = lineEnd;
  /** Bytes after a delimiter that are not understood yet: the rest of its line, then headers. */
  #block: Buffer = nothing;
  #blockBytes = 0;
  /** Offset of the block, later of the content. */
  #start = 0;
  #parts = 0;
  /** Offset of the first boundary's line. */
  #firstLine = 0;
  #field: FieldName | undefined;
  /** The present part is noted with its value. */
  #noted = false;
  #value: Buffer[] = [];
  #valueBytes = 0;

  constructor(boundary: string) {
    this.#boundary = boundary;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== "over") {
      at = this.#state === "content" ? this.#passContent(chunk, at) : this.#passBlock(chunk, at);
    }
    this.#offset += chunk.length;
  }

  /** The body is over. */
  finish(): void {
    const rest = this.#block.subarray(0, this.#blockBytes);
    if (this.#state === "over" || (this.#state === "closing" && !rest.includes(carriageReturn))) return;
    throw malformedForm(this.#parts === 0 ? "it holds no part" : "it ends before its last boundary");
  }

  /**
   * What to change so that the form names this model: the value of its part, or a new first part where there is none.
   * Offsets are those of the body as it came. Undefined when nothing has to change. Throws RangeError for a model that
   * cannot stand in a form.
   */
  rewriteModel(model: string): Edit | undefined {
    if (this.model?.value === model) return undefined;
    if (/[\r\n]/.test(model)) throw new RangeError("a model name must not hold line ends");
    if (this.model !== undefined) return { start: this.model.start, end: this.model.end, text: model };
    const header = 'Content-Disposition: form-data; name="model"';
    const text = `--${this.#boundary}\r\n${header}\r\n\r\n${model}\r\n`;
    return { start: this.#firstLine, end: this.#firstLine, text };
  }

  /** Passes over content; gives the offset after the next delimiter, or the end of the chunk. */
  #passContent(chunk: Buffer, from: number): number {
    const { length } = this.#delimiter;
    // A delimiter that began in an earlier chunk ends within these few bytes.
    const seam = Buffer.concat([this.#tail, chunk.subarray(from, from + length - 1)]);
    const begun = seam.indexOf(this.#delimiter);
    if (begun !== -1) return this.#endContent(chunk, from, from + begun - this.#tail.length);
    const found = chunk.indexOf(this.#delimiter, from);
    if (found !== -1) return this.#endContent(chunk, from, found);
    this.#keepTail(chunk, from);
    this.#keepValue(chunk.subarray(from));
    return chunk.length;
  }

  #keepTail(chunk: Buffer, from: number): void {
    const most = this.#delimiter.length - 1;
    // Copies, so that a few bytes do not keep a whole chunk in memory.
    if (chunk.length - from >= most) this.#tail = Buffer.from(chunk.subarray(chunk.length - most));
    else this.#tail = Buffer.from(Buffer.concat([this.#tail, chunk.subarray(from)]).subarray(-most));
  }

  /** @param end where the delimiter begins; before `from` when it began in an earlier chunk */
  #endContent(chunk: Buffer, from: number, end: number): number {
    if (end > from) this.#keepValue(chunk.subarray(from, end));
    if (this.#parts === 0) this.#firstLine = this.#offset + end + lineEnd.length;
    else this.#endPart(this.#offset + end);
    this.#parts++;
    this.#state = "header";
    this.#start = this.#offset + end + this.#delimiter.length;
    return end + this.#delimiter.length;
  }

  /** Understands what follows a delimiter as far as it is there; gives the offset after it, or the end of the chunk. */
  #passBlock(chunk: Buffer, from: number): number {
    const known = this.#blockBytes;
    this.#gather(chunk.subarray(from, from + maxBlockBytes - known));
    const block = this.#block.subarray(0, this.#blockBytes);
    const end = this.#state === "closing" ? this.#readClosing(block) : this.#readHeader(block, known);
    if (end === -1) {
      if (block.length === maxBlockBytes) throw headersTooLong();
      return chunk.length;
    }
    this.#start += end;
    this.#block = nothing;
    this.#blockBytes = 0;
    return from + end - known;
  }

  #gather(bytes: Buffer): void {
    const length = this.#blockBytes + bytes.length;
    if (length > this.#block.length) {
      const larger = Buffer.allocUnsafe(
        Math.min(maxBlockBytes, Math.max(512, length, this.#block.length * 2)),
      );
      larger.set(this.#block.subarray(0, this.#blockBytes));
      this.#block = larger;
    }
    this.#block.set(bytes, this.#blockBytes);
    this.#blockBytes = length;
  }

  /** Offset just past the headers of a part, or past the hyphens of the last boundary; -1 when more bytes are needed. */
  #readHeader(block: Buffer, known: number): number {
    if (block[0] === hyphen) {
      if (block.length === 1) return -1;
      if (block[1] !== hyphen) throw textOnBoundary();
      this.#state = "closing";
      return 2;
    }
    const line = endOfPadding(block);
    if (line === -1) return -1;
    const end = block.indexOf(blankLine, Math.max(line, known - blankLine.length));
    if (end === -1) return -1;
    if (end - line > maxHeaderBytes) throw headersTooLong();
    if (end === line) throw malformedForm("a part has no headers");
    if (this.#parts > maxParts) throw malformedForm(`it has more than ${maxParts} parts`);
    this.#beginPart(block.toString("latin1", line + lineEnd.length, end));
    return end + blankLine.length;
  }

  /** Only white space may follow the last boundary on its line; what stands below that line is nobody's. */
  #readClosing(block: Buffer): number {
    const line = endOfPadding(block);
    if (line !== -1) this.#state = "over";
    return line;
  }

  #beginPart(headers: string): void {
    const { name, filename, isText } = readPartHeader(headers);
    this.parts.push({ name, filename, value: undefined });
    this.#noted = isText && notedFields.has(name);
    this.#state = "content";
    // The end of the blank line could be taken for the beginning of a delimiter: `#endPart` refuses that.
    this.#tail = lineEnd;
    this.#field = name === "model" || name === "stream" ? name : undefined;
    if (this.#field === undefined) return;
    if (this[this.#field] !== undefined) throw badField(this.#field, "occurs twice in the form");
    if (!isText) throw badField(this.#field, "must be a text part of the form");
  }

  #keepValue(bytes: Buffer): void {
    if (this.#field === undefined && !this.#noted) return;
    this.#value.push(Buffer.from(bytes));
    this.#valueBytes += bytes.length;
    // The last bytes may be the beginning of a delimiter.
    if (this.#valueBytes <= maxValueBytes + this.#delimiter.length) return;
    if (this.#field !== undefined) throw valueTooLong(this.#field);
    this.#noted = false;
    this.#forgetValue();
  }

  #endPart(end: number): void {
    if (end < this.#start) throw malformedForm("the headers of a part do not end with a blank line");
    const field = this.#field;
    if (field === undefined && !this.#noted) return;
    const bytes = Buffer.concat(this.#value).subarray(0, end - this.#start);
    this.#forgetValue();
    const last = this.parts.at(-1);
    if (this.#noted && last !== undefined)
      this.parts[this.parts.length - 1] = { ...last, value: bytes.toString() };
    this.#noted = false;
    if (field === undefined) return;
    if (bytes.length > maxValueBytes) throw valueTooLong(field);
    if (!isUtf8(bytes)) throw badField(field, "is not valid UTF-8");
    this[field] = { value: bytes.toString(), start: this.#start, end };
    this.#field = undefined;
  }

  #forgetValue(): void {
    this.#value = [];
    this.#valueBytes = 0;
  }
}

/** Whether a form asks for a stream, as clients of several languages write it. */
export function isStreamAsked(field: FormField | undefined): boolean {
  return field !== undefined && /^(true|1)$/i.test(field.value);
}

/** Offset of the line end after white space; -1 when it is not there yet. */
function endOfPadding(block: Buffer): number {
  let at = 0;
  while (at < block.length && (block[at] === space || block[at] === tab)) at++;
  if (at > maxPaddingBytes) throw textOnBoundary();
  if (at === block.length || (at + 1 === block.length && block[at] === carriageReturn)) return -1;
  if (block[at] !== carriageReturn || block[at + 1] !== lineFeed) throw textOnBoundary();
  return at;
}
