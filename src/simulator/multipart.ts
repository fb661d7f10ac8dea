// Reads multipart/form-data as it arrives: text fields whole, of files only what is asked for. Must not know endpoints.
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { RefusedRequest } from "./refused-request.ts";
import type { UploadedFile } from "./reply.ts";

const mostHeaderBytes = 16 * 1024;
const mostFieldBytes = 1024 * 1024;
const mostParts = 1_000;

const lineEnd = Buffer.from("\r\n");
const headerEnd = Buffer.from("\r\n\r\n");
const dashes = Buffer.from("--");

export interface Form {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly UploadedFile[];
}

interface Part {
  readonly name: string;
  /** Null for a text field. */
  readonly filename: string | null;
  readonly contentType: string;
  readonly hash: Hash | null;
  readonly kept: Buffer[];
  readonly mostKept: number;
  keptBytes: number;
  size: number;
}

type Stage = "preamble" | "delimiter" | "headers" | "content" | "end";

/** Takes a body piece by piece; between pieces it holds no more than a delimiter or a part's head. */
export class FormReader {
  readonly #delimiter: Buffer;
  readonly #keepBytes: number;
  readonly #fields = new Map<string, string[]>();
  readonly #files: UploadedFile[] = [];
  #stage: Stage = "preamble";
  // The first delimiter has no line end before it.
  #held: Buffer = lineEnd;
  #part: Part | null = null;
  #parts = 0;

  /** `keepBytes` of every file are kept. @throws RefusedRequest (400) when the content type names no boundary. */
  constructor(contentType: string, keepBytes: number) {
    const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
    const boundary = match?.[1] ?? match?.[2];
    if (boundary === undefined) malformed("the content type names no boundary");
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#keepBytes = keepBytes;
  }

  /** @throws RefusedRequest (400, 413) for what is no form or too large. */
  push(piece: Buffer): void {
    this.#join(piece);
    while (this.#step());
  }

  /** Puts a piece behind what is held; inside of a file without a copy, unless a delimiter is cut in two. */
  #join(piece: Buffer): void {
    const held = this.#held;
    const length = this.#delimiter.length;
    const isInside = this.#stage === "content" && held.length < length && piece.length >= length;
    if (!isInside || Buffer.concat([held, piece.subarray(0, length)]).indexOf(this.#delimiter) >= 0) {
      this.#held = held.length === 0 ? piece : Buffer.concat([held, piece]);
      return;
    }
    if (this.#part !== null) take(this.#part, held);
    this.#held = piece;
  }

  /** The whole form. @throws RefusedRequest (400) when its end is missing. */
  finish(): Form {
    if (this.#stage !== "end") malformed("it ends before its last delimiter");
    return { fields: this.#fields, files: this.#files };
  }

  /** One step of the reader; false when it needs more bytes. */
  #step(): boolean {
    switch (this.#stage) {
      case "preamble":
      case "content":
        return this.#readContent();
      case "delimiter":
        return this.#readDelimiterEnd();
      case "headers":
        return this.#readHeaders();
      case "end":
        this.#held = Buffer.alloc(0);
        return false;
    }
  }

  #readContent(): boolean {
    const at = this.#held.indexOf(this.#delimiter);
    // The end of what is here could be the start of a delimiter.
    const end = at >= 0 ? at : Math.max(0, this.#held.length - this.#delimiter.length + 1);
    if (this.#part !== null) take(this.#part, this.#held.subarray(0, end));
    this.#held = this.#held.subarray(at >= 0 ? at + this.#delimiter.length : end);
    if (at < 0) return false;
    this.#endPart();
    this.#stage = "delimiter";
    return true;
  }

  #readDelimiterEnd(): boolean {
    if (this.#held.length < 2) return false;
    const two = this.#held.subarray(0, 2);
    if (two.equals(dashes)) this.#stage = "end";
    else if (two.equals(lineEnd)) this.#stage = "headers";
    else malformed("a delimiter is followed by neither a line end nor two dashes");
    return true;
  }

  #readHeaders(): boolean {
    // The line end of the delimiter is still there, so that a part without headers is found too.
    const at = this.#held.indexOf(headerEnd);
    if (at < 0 && this.#held.length > mostHeaderBytes) malformed("the headers of a part are too long");
    if (at < 0) return false;
    this.#parts += 1;
    if (this.#parts > mostParts) malformed(`it has more than ${mostParts} parts`);
    this.#part = readPart(this.#held.toString("utf8", 0, at), this.#keepBytes);
    this.#held = this.#held.subarray(at + headerEnd.length);
    this.#stage = "content";
    return true;
  }

  #endPart(): void {
    const part = this.#part;
    this.#part = null;
    if (part === null) return;
    const kept = Buffer.concat(part.kept, part.keptBytes);
    if (part.filename === null) {
      this.#fields.set(part.name, [...(this.#fields.get(part.name) ?? []), kept.toString()]);
      return;
    }
    const { name: field, filename, contentType, size } = part;
    this.#files.push({ field, filename, contentType, size, sha256: part.hash?.digest("hex") ?? "", kept });
  }
}

function readPart(head: string, keepBytes: number): Part {
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? "";
  const name = parameter(disposition, "name") ?? malformed("a part has no name");
  const filename = parameter(disposition, "filename");
  const contentType = /^content-type:\s*([^\r\n]+)/im.exec(head)?.[1] ?? "application/octet-stream";
  return {
    name,
    filename,
    contentType,
    hash: filename === null ? null : createHash("sha256"),
    kept: [],
    mostKept: filename === null ? mostFieldBytes : keepBytes,
    keptBytes: 0,
    size: 0,
  };
}

/** A quoted parameter as browsers write it: `"`, CR and LF stand in it as %22, %0D and %0A, or `"` behind a back-slash. */
function parameter(disposition: string, name: string): string | null {
  const match = new RegExp(String.raw`(?:^|;)\s*${name}=(?:"((?:\\"|[^"])*)"|([^\s;]+))`, "i").exec(
    disposition,
  );
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? null : value.replaceAll('\\"', '"').replaceAll("%22", '"');
}

function take(part: Part, bytes: Buffer): void {
  part.size += bytes.length;
  part.hash?.update(bytes);
  if (part.filename === null && part.size > mostFieldBytes) {
    throw new RefusedRequest(413, `The form field '${part.name}' is too large.`, part.name);
  }
  const room = Math.min(bytes.length, part.mostKept - part.keptBytes);
  if (room <= 0) return;
  // A copy, so that a few kept bytes do not hold a whole piece.
  part.kept.push(Buffer.from(bytes.subarray(0, room)));
  part.keptBytes += room;
}

function malformed(what: string): never {
  throw new RefusedRequest(400, `The request body is no valid multipart form: ${what}.`);
}
