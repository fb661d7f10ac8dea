// Columns of a block as bytes and back: numbers as narrow as they go, texts as codes of a dictionary, ids as 16 bytes.
// Knows not what a column says.

/** Codes of a block's records, and what each stands for. */
export interface TextColumn {
  readonly values: readonly string[];
  readonly codes: Uint8Array | Uint16Array;
}

export interface NumberColumn {
  readonly values: Uint8Array | Uint16Array | Uint32Array | Float64Array;
  /** What is meant is the value divided by this. */
  readonly scale: number;
  /** This value means that there is none; not-a-number does so always. */
  readonly none: number;
}

/** What stands in the file for one column. */
export interface ColumnBytes {
  readonly kind: string;
  readonly dictionary: string | null;
  readonly bytes: Uint8Array;
}

const widths = [
  { name: "u8", none: 0xff, make: (length: number) => new Uint8Array(length) },
  { name: "u16", none: 0xffff, make: (length: number) => new Uint16Array(length) },
  { name: "u32", none: 0xffff_ffff, make: (length: number) => new Uint32Array(length) },
] as const;

const thousand = 1_000;

/** @param values not-a-number = none */
export function packNumbers(values: Float64Array): ColumnBytes {
  const scale = values.every((value) => Number.isNaN(value) || Number.isInteger(value)) ? 1 : thousand;
  let most = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const scaled = Math.round(value * scale);
    // Nothing may be read back as anything else.
    if (scaled / scale !== value || scaled < 0)
      return { kind: "f64", dictionary: null, bytes: bytesOf(values) };
    if (scaled > most) most = scaled;
  }
  const width = widths.find(({ none }) => most < none);
  if (width === undefined) return { kind: "f64", dictionary: null, bytes: bytesOf(values) };
  const packed = width.make(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    packed[index] = Number.isNaN(value) ? width.none : Math.round(value * scale);
  }
  return {
    kind: scale === 1 ? width.name : `${width.name}/${scale}`,
    dictionary: null,
    bytes: bytesOf(packed),
  };
}

/** @throws Error when the kind is not one of `packNumbers` */
export function unpackNumbers({ kind, bytes }: ColumnBytes): NumberColumn {
  const [name, scale = "1"] = kind.split("/");
  switch (name) {
    case "u8":
      return { values: bytes, scale: Number(scale), none: 0xff };
    case "u16":
      return { values: asUint16(bytes), scale: Number(scale), none: 0xffff };
    case "u32":
      return { values: asUint32(bytes), scale: Number(scale), none: 0xffff_ffff };
    case "f64":
      return { values: asFloat64(bytes), scale: 1, none: Number.NaN };
    default:
      throw new Error(`a column of numbers is of the unknown kind ${kind}`);
  }
}

export function packTexts(values: readonly string[], codes: Uint16Array): ColumnBytes {
  const narrow = values.length <= 0x100;
  return {
    kind: narrow ? "c8" : "c16",
    dictionary: JSON.stringify(values),
    bytes: narrow ? Uint8Array.from(codes) : bytesOf(codes),
  };
}

/** @throws Error when the kind is not one of `packTexts` */
export function unpackTexts({ kind, dictionary, bytes }: ColumnBytes): TextColumn {
  if (kind !== "c8" && kind !== "c16") throw new Error(`a column of texts is of the unknown kind ${kind}`);
  // What `packTexts` wrote.
  const values = JSON.parse(dictionary ?? "[]") as string[];
  return { values, codes: kind === "c8" ? bytes : asUint16(bytes) };
}

/** A copy, as what it was made of goes on changing. */
export function bytesOf(values: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

/** A view needs a place that is a multiple of its width. */
function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : bytes.slice();
}

function asUint16(bytes: Uint8Array): Uint16Array {
  const from = aligned(bytes, 2);
  return new Uint16Array(from.buffer, from.byteOffset, from.byteLength / 2);
}

function asUint32(bytes: Uint8Array): Uint32Array {
  const from = aligned(bytes, 4);
  return new Uint32Array(from.buffer, from.byteOffset, from.byteLength / 4);
}

export function asFloat64(bytes: Uint8Array): Float64Array {
  const from = aligned(bytes, 8);
  return new Float64Array(from.buffer, from.byteOffset, from.byteLength / 8);
}
