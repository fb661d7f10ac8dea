// Cells <-> bytes: a header in JSON, then every column as numbers of one width, so that reading one back is a view of
// the bytes and not a loop. What is kept for long is compressed. Knows no time and no file.
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { cellDimensions, cellHistograms, cellSums } from "./cell-layout.ts";
import type { CellTable } from "./cell-table.ts";

export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface CellColumns {
  readonly rows: number;
  /** By dimension. */
  readonly dimensions: readonly { readonly texts: readonly string[]; readonly codes: Column }[];
  /** By sum; undefined = all zero. */
  readonly sums: readonly (Column | undefined)[];
  /** By histogram; the entries of a row stand from the end of the row before to its own. */
  readonly histograms: readonly (HistogramColumns | undefined)[];
  /** What it takes in memory, about. */
  readonly bytes: number;
}

export interface HistogramColumns {
  readonly ends: Column;
  readonly buckets: Column;
  readonly counts: Column;
}

type Width = 1 | 2 | 4 | 8;
/** Where a column stands behind the header, and its numbers. */
type Place = readonly [width: Width, offset: number, length: number];

interface Header {
  readonly rows: number;
  readonly texts: readonly (readonly string[])[];
  readonly codes: readonly Place[];
  readonly sums: readonly (Place | null)[];
  readonly histograms: readonly (readonly [ends: Place, buckets: Place, counts: Place] | null)[];
}

const version = 1;
const plain = 0;
const compressed = 1;
const prefixBytes = 8;
/** Numbers of several bytes must begin at such a place to be read as they stand. */
const alignment = 8;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function encodeCells(table: CellTable, { compress }: { readonly compress: boolean }): Uint8Array {
  const body = new ColumnWriter();
  const { rows } = table;
  const header: Header = {
    rows,
    texts: table.dictionaries.map(({ texts }) => texts),
    codes: table.codes.map((codes) => body.put(Float64Array.from(codes))),
    sums: table.sums.map((sums) => (sums === undefined ? null : body.put(sums.subarray(0, rows)))),
    histograms: table.histograms.map((log) => {
      if (log.isEmpty) return null;
      const { ends, buckets, counts } = log.pack(rows);
      return [body.put(ends), body.put(buckets), body.put(counts)];
    }),
  };
  const payload = joined(Buffer.from(JSON.stringify(header)), body);
  return Buffer.concat([
    Buffer.from([version, compress ? compressed : plain, 0, 0, 0, 0, 0, 0]),
    compress ? zstdCompressSync(payload, level) : payload,
  ]);
}

/** @throws Error for bytes that `encodeCells` has not written */
export function decodeCells(bytes: Uint8Array): CellColumns {
  if (bytes[0] !== version) throw new Error(`cells of version ${bytes[0] ?? "none"} cannot be read`);
  const payload = aligned(
    bytes[1] === compressed ? zstdDecompressSync(bytes.subarray(prefixBytes)) : bytes.subarray(prefixBytes),
  );
  const headerBytes = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
  // Written by `encodeCells`, whose version this is.
  const header = JSON.parse(
    Buffer.from(payload.buffer, payload.byteOffset + prefixBytes, headerBytes).toString(),
  ) as Header;
  const start = payload.byteOffset + up(prefixBytes + headerBytes);
  const column = (place: Place): Column => viewOf(payload.buffer, start, place);
  return {
    rows: header.rows,
    dimensions: cellDimensions.map((_name, index) => ({
      texts: header.texts[index] ?? [],
      codes: column(header.codes[index] ?? [1, 0, 0]),
    })),
    sums: cellSums.map((_name, index) => {
      const place = header.sums[index];
      return place === null || place === undefined ? undefined : column(place);
    }),
    histograms: cellHistograms.map((_name, index) => {
      const places = header.histograms[index];
      if (places === null || places === undefined) return undefined;
      const [ends, buckets, counts] = places;
      return { ends: column(ends), buckets: column(buckets), counts: column(counts) };
    }),
    // Texts are twice their bytes, and objects of their own.
    bytes: payload.byteLength + 4 * headerBytes,
  };
}

/** Puts columns behind each other, each as narrow as its largest number allows. */
class ColumnWriter {
  readonly columns: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  length = 0;

  put(numbers: Float64Array | Uint8Array): Place {
    const width = widthOf(numbers);
    const narrow = narrowed(numbers, width);
    const at = this.length;
    this.columns.push({ at, bytes: new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength) });
    this.length = up(at + narrow.byteLength);
    return [width, at, numbers.length];
  }
}

function widthOf(numbers: Float64Array | Uint8Array): Width {
  if (numbers instanceof Uint8Array) return 1;
  let max = 0;
  for (const number of numbers) {
    if (number < 0 || !Number.isInteger(number)) return 8;
    if (number > max) max = number;
  }
  if (max < 2 ** 8) return 1;
  if (max < 2 ** 16) return 2;
  return max < 2 ** 32 ? 4 : 8;
}

function narrowed(numbers: Float64Array | Uint8Array, width: Width): Column {
  switch (width) {
    case 1:
      return numbers instanceof Uint8Array ? numbers : Uint8Array.from(numbers);
    case 2:
      return Uint16Array.from(numbers);
    case 4:
      return Uint32Array.from(numbers);
    case 8:
      return Float64Array.from(numbers);
  }
}

function joined(header: Buffer, body: ColumnWriter): Buffer {
  const start = up(prefixBytes + header.length);
  const payload = Buffer.alloc(start + body.length);
  payload.writeUInt32LE(header.length, 0);
  header.copy(payload, prefixBytes);
  for (const { at, bytes } of body.columns) payload.set(bytes, start + at);
  return payload;
}

function viewOf(buffer: ArrayBufferLike, start: number, [width, offset, length]: Place): Column {
  switch (width) {
    case 1:
      return new Uint8Array(buffer, start + offset, length);
    case 2:
      return new Uint16Array(buffer, start + offset, length);
    case 4:
      return new Uint32Array(buffer, start + offset, length);
    case 8:
      return new Float64Array(buffer, start + offset, length);
  }
}

function aligned(bytes: Uint8Array): Uint8Array {
  // Small buffers of Node share one allocation, whose rest would be held too.
  const standsAlone = bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.byteLength;
  if (standsAlone || (bytes.byteOffset % alignment === 0 && bytes.byteLength > 64 * 1024)) return bytes;
  return Uint8Array.from(bytes);
}

function up(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}
