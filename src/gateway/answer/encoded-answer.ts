// Looks inside an answer that a service compressed although it was asked not to. The client gets the bytes as they came;
// what is read here is only for judging and usage. Bounded, and off the event loop.
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { Transform } from "node:stream";

/** Decoded bytes looked at, at most. */
const maxDecodedBytes = 64 * 1024 * 1024;

const decoders: Readonly<Record<string, () => Transform>> = {
  __proto__: null as never,
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Decodes one answer on the side. */
export interface SideDecoder {
  push(chunk: Buffer): void;
  /** Resolves when everything pushed was decoded and handed out. False: the coding is broken or its content too large. */
  finish(): Promise<boolean>;
  abort(): void;
  /** The coding is broken or its content too large: nothing more is handed out. */
  readonly broken: boolean;
}

/**
 * @param coding value of Content-Encoding
 * @param onDecoded gets the decoded pieces in order
 * @returns undefined for a coding that is not known, or several at once
 */
export function decodeAside(coding: string, onDecoded: (piece: Buffer) => void): SideDecoder | undefined {
  const decoder = decoders[coding.trim().toLowerCase()]?.();
  if (decoder === undefined) return undefined;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let decodedBytes = 0;
  let broken = false;
  decoder.on("data", (piece: Buffer) => {
    decodedBytes += piece.length;
    if (decodedBytes <= maxDecodedBytes) return onDecoded(piece);
    broken = true;
    decoder.destroy();
    resolve(false);
  });
  decoder.on("end", () => resolve(true));
  decoder.on("error", () => {
    broken = true;
    resolve(false);
  });
  decoder.on("close", () => resolve(false));
  return {
    // Not waiting for "drain" is bounded by what the caller holds or by the window of the decoder's own queue.
    push: (chunk) => void (decoder.destroyed || decoder.write(chunk)),
    finish: () => {
      if (!decoder.destroyed) decoder.end();
      return promise;
    },
    abort: () => void decoder.destroy(),
    get broken() {
      return broken;
    },
  };
}

/** What a whole answer decodes to; null when its coding is broken or not known. */
export async function decodeWhole(coding: string, body: Buffer): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  const decoder = decodeAside(coding, (piece) => pieces.push(piece));
  if (decoder === undefined) return null;
  decoder.push(body);
  return (await decoder.finish()) ? Buffer.concat(pieces) : null;
}
