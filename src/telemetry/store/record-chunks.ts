// Records as compressed runs of lines, each run with its own header: written beside the columns, read for single records.
// Knows no file.
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { lineHeader, readLineHeader, type LineLayout } from "../line-layout.ts";

/** Of one chunk: small enough to be unpacked for a single record, large enough to be packed well. */
export const chunkRecords = 128;

const lineFeed = 0x0a;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** @param lines as `lineOf` writes them */
export function packChunk(lines: readonly string[]): Uint8Array {
  return zstdCompressSync(`${lineHeader}\n${lines.join("\n")}\n`, options);
}

export interface Chunk {
  readonly layout: LineLayout;
  readonly records: number;
  line(index: number): string | undefined;
  /** Of what it holds in memory. */
  readonly bytes: number;
}

/** @throws Error for bytes that are no chunk */
export function unpackChunk(bytes: Uint8Array): Chunk {
  const text = zstdDecompressSync(bytes);
  const ends: number[] = [];
  for (let at = text.indexOf(lineFeed); at !== -1; at = text.indexOf(lineFeed, at + 1)) ends.push(at);
  const layout = readLineHeader(text.toString("utf8", 0, ends[0] ?? 0));
  if (layout === undefined) throw new Error("a run of records does not say which columns it has");
  return {
    layout,
    records: ends.length - 1,
    line: (index) => {
      const from = ends[index];
      const to = ends[index + 1];
      return from === undefined || to === undefined ? undefined : text.toString("utf8", from + 1, to);
    },
    bytes: text.length,
  };
}
