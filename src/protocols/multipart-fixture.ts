// Makes multipart forms for tests and reads them in pieces.
import { GatewayError } from "../core/errors.ts";
import { MultipartScanner } from "./multipart.ts";

/** With characters that other grammars treat specially. */
export const boundary = "--bOundary'7";

/** One part of a form. */
export interface Part {
  readonly headers: string;
  readonly content: Buffer;
}

export function bodyOf(parts: readonly Part[], { preamble = "", end = "\r\n" } = {}): Buffer {
  const pieces = parts.map(({ headers, content }) =>
    Buffer.concat([Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`), content, Buffer.from("\r\n")]),
  );
  return Buffer.concat([Buffer.from(preamble), ...pieces, Buffer.from(`--${boundary}--${end}`)]);
}

export function field(name: string, content: string | Buffer, more = ""): Part {
  return { headers: `Content-Disposition: form-data; name="${name}"${more}`, content: Buffer.from(content) };
}

export const file = (content: string | Buffer): Part =>
  field("image[]", content, '; filename="C:\\a.png"\r\nContent-Type: image/png');

/** Scans pieces that are overwritten once they were read, as a socket may do with its buffer. */
export function scan(pieces: readonly Buffer[], by = boundary): MultipartScanner {
  const scanner = new MultipartScanner(by);
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    scanner.push(copy);
    copy.fill(0x2d);
  }
  scanner.finish();
  return scanner;
}

export function outcome(pieces: readonly Buffer[], by = boundary): unknown {
  try {
    const { model, stream } = scan(pieces, by);
    return { model, stream };
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
}

export const single = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
export const halves = (bytes: Buffer, at: number): Buffer[] => [bytes.subarray(0, at), bytes.subarray(at)];

export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}
