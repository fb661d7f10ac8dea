// Bytes that a client has sent or that a batch has made: their count, their hash, and the first of them.
import { createHash } from "node:crypto";
import type { Frame, StreamReply } from "./reply.ts";

/** Bytes of one file that are kept for reading it again; the rest is given back as zeros. */
export const keptFileBytes = 4 * 1024 * 1024;

/** Written at once when bytes are given back. */
const pieceBytes = 64 * 1024;

const zeros = Buffer.alloc(pieceBytes);

/** An `UploadedFile` is one too. */
export interface Blob {
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly contentType: string;
  readonly kept: Buffer;
}

export function blobOf(bytes: Buffer, contentType: string): Blob {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { size: bytes.length, sha256, contentType, kept: bytes.subarray(0, keptFileBytes) };
}

/** The bytes themselves, as a download. */
export function downloadOf(blob: Blob, contentType: string): StreamReply {
  return { kind: "stream", frames: piecesOf(blob), outputTokens: 0, contentType, length: blob.size };
}

function* piecesOf({ kept, size }: Blob): Generator<Frame> {
  for (let at = 0; at < size; at += pieceBytes) {
    const length = Math.min(pieceBytes, size - at);
    yield { text: pieceAt(kept, at, length), isToken: false };
  }
}

function pieceAt(kept: Buffer, at: number, length: number): Buffer {
  const known = kept.subarray(at, at + length);
  if (known.length === length) return known;
  return known.length === 0 ? zeros.subarray(0, length) : Buffer.concat([known, zeros], length);
}
