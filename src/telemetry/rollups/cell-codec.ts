// Cells <-> bytes: a header in JSON, then every column as numbers of one width, so that reading one back is a view of
// the bytes and not a loop. What is kept for long is compressed. Knows no time and no file.
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { dimensionIndex } from "./cell-layout.ts";
import type { PackedHistogram } from "./histogram-log.ts";

export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface TextColumn {
  readonly texts: readonly string[];
  readonly codes: Column;
}

export interface HistogramColumns {
  readonly ends: Column;
  readonly buckets: Column;
  readonly counts: Column;
}

type Width = 1 | 2 | 4 | 8;
/** Where a column stands behind the prefix and the header, and its numbers. */
type Place = readonly [width: Width, offset: number, length: number];
type HistogramPlaces = readonly [ends: Place, buckets: Place, counts: Place];

interface Header {
  readonly rows: number;
  readonly texts: readonly (readonly string[])[];
  readonly codes: readonly Place[];
  readonly sums: readonly (Place | null)[];
  readonly histograms: readonly (HistogramPlaces | null)[];
}

const version = 2;
const compressed = 1;
/** Version, whether it is compressed, and the length of the header. */
const prefixBytes = 8;
/** Numbers of several bytes must begin at such a place to be read as they stand. */
const alignment = 8;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const empty = new Uint8Array();

/** Cells by columns, to be written. */
export interface CellSource {
  readonly rows: number;
  /** By dimension. */
  readonly texts: readonly (readonly string[])[];
  readonly codes: readonly ArrayLike<number>[];
  /** By sum; undefined = all zero. Numbers that are missing are zero. */
  readonly sums: readonly (ArrayLike<number> | undefined)[];
  readonly histograms: readonly (PackedHistogram | undefined)[];
}

export function encodeCells(cells: CellSource, { compress }: { readonly compress: boolean }): Uint8Array {
  const columns = new ColumnPlaces();
  const { rows } = cells;
  const header: Header = {
    rows,
    texts: cells.texts,
    codes: cells.codes.map((codes) => columns.put(codes, rows)),
    sums: cells.sums.map((sums) => (sums === undefined ? null : columns.put(sums, rows))),
    histograms: cells.histograms.map((histogram) => {
      if (histogram === undefined) return null;
      const { ends, buckets, counts } = histogram;
      return [columns.put(ends), columns.put(buckets), columns.put(counts)];
    }),
  };
  const headerBytes = Buffer.from(JSON.stringify(header));
  const start = up(headerBytes.length);
  const bytes = new Uint8Array(prefixBytes + start + columns.length);
  bytes.set(headerBytes, prefixBytes);
  columns.write(bytes.buffer, prefixBytes + start);
  bytes[0] = version;
  new DataView(bytes.buffer).setUint32(4, headerBytes.length, true);
  if (!compress) return bytes;
  bytes[1] = compressed;
  return Buffer.concat([
    bytes.subarray(0, prefixBytes),
    zstdCompressSync(bytes.subarray(prefixBytes), level),
  ]);
}

/** Columns behind each other, each as narrow as its largest number allows. */
class ColumnPlaces {
  readonly #columns: { readonly place: Place; readonly numbers: ArrayLike<number> }[] = [];
  length = 0;

  /** @param count numbers that are missing are zero */
  put(numbers: ArrayLike<number>, count = numbers.length): Place {
    const width = widthOf(numbers);
    const place: Place = [width, this.length, count];
    this.#columns.push({ place, numbers });
    this.length = up(this.length + width * count);
    return place;
  }

  write(buffer: ArrayBuffer, start: number): void {
    for (const { place, numbers } of this.#columns) viewOf(buffer, start, place).set(numbers);
  }
}

function widthOf(numbers: ArrayLike<number>): Width {
  let max = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    if (number < 0 || !Number.isInteger(number)) return 8;
    if (number > max) max = number;
  }
  if (max < 2 ** 8) return 1;
  if (max < 2 ** 16) return 2;
  return max < 2 ** 32 ? 4 : 8;
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

function up(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** Cells that are read: a column comes about when it is asked for. */
export class CellColumns {
  readonly rows: number;
  /** What it takes in memory, about. */
  readonly bytes: number;
  readonly #header: Header;
  readonly #buffer: ArrayBufferLike;
  readonly #start: number;
  readonly #dimensions: (TextColumn | undefined)[] = [];
  readonly #sums: (Column | undefined)[] = [];
  readonly #histograms: (HistogramColumns | undefined)[] = [];
  #slotsMs: readonly number[] | undefined;

  /** @param payload begins with the header of so many bytes */
  constructor(payload: Uint8Array, headerBytes: number) {
    // Written by `encodeCells`, whose version this is.
    this.#header = JSON.parse(
      Buffer.from(payload.buffer, payload.byteOffset, headerBytes).toString(),
    ) as Header;
    this.rows = this.#header.rows;
    this.#buffer = payload.buffer;
    this.#start = payload.byteOffset + up(headerBytes);
    // Texts and views are objects of their own.
    this.bytes = payload.byteLength + 4 * headerBytes + 2_000;
  }

  dimension(index: number): TextColumn {
    return (this.#dimensions[index] ??= {
      texts: this.#header.texts[index] ?? [],
      codes: this.#view(this.#header.codes[index]) ?? empty,
    });
  }

  /** Undefined: all are zero. */
  sum(index: number): Column | undefined {
    return (this.#sums[index] ??= this.#view(this.#header.sums[index]));
  }

  histogram(index: number): HistogramColumns | undefined {
    const places = this.#header.histograms[index];
    if (places === null || places === undefined) return undefined;
    const [ends, buckets, counts] = places;
    return (this.#histograms[index] ??= {
      ends: this.#view(ends) ?? empty,
      buckets: this.#view(buckets) ?? empty,
      counts: this.#view(counts) ?? empty,
    });
  }

  /** Beginnings of the times of the cells, by code. */
  get slotsMs(): readonly number[] {
    return (this.#slotsMs ??= this.dimension(dimensionIndex.slot).texts.map(Number));
  }

  #view(place: Place | null | undefined): Column | undefined {
    return place === null || place === undefined ? undefined : viewOf(this.#buffer, this.#start, place);
  }
}

/** @throws Error for bytes that `encodeCells` has not written */
export function decodeCells(bytes: Uint8Array): CellColumns {
  if (bytes[0] !== version) throw new Error(`cells of version ${bytes[0] ?? "none"} cannot be read`);
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const body = bytes.subarray(prefixBytes);
  return new CellColumns(aligned(bytes[1] === compressed ? zstdDecompressSync(body) : body), headerBytes);
}

function aligned(bytes: Uint8Array): Uint8Array {
  const isAligned = bytes.byteOffset % alignment === 0;
  // Small buffers of Node are pieces of one that is larger, which they would hold as long as they are kept.
  const isAlone = bytes.buffer.byteLength - bytes.byteLength <= prefixBytes;
  return isAligned && isAlone ? bytes : Uint8Array.from(bytes);
}
