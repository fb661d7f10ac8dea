// A column of ids: 16 bytes each where all are UUIDs or 32 hex digits, else texts. Knows not whose ids they are.
import type { ColumnBytes } from "./column-bytes.ts";

const idBytes = 16;
const digits = "0123456789abcdef";
const valueOfCode = new Int8Array(128).fill(-1);
for (let value = 0; value < digits.length; value += 1) valueOfCode[digits.charCodeAt(value)] = value;

export type IdStyle = "uuid" | "hex";

const lengths: Readonly<Record<IdStyle, number>> = { uuid: 36, hex: 32 };
const dash = 0x2d;

/** Writes the id at `at`. @returns false when it is not of this style, to the letter; what was there is then broken */
export function putId(bytes: Uint8Array, at: number, id: string, style: IdStyle): boolean {
  if (id.length !== lengths[style]) return false;
  let from = 0;
  for (let index = 0; index < idBytes; index += 1) {
    if (style === "uuid" && (index === 4 || index === 6 || index === 8 || index === 10)) {
      if (id.charCodeAt(from) !== dash) return false;
      from += 1;
    }
    const high = valueOfCode[id.charCodeAt(from)] ?? -1;
    const low = valueOfCode[id.charCodeAt(from + 1)] ?? -1;
    if (high < 0 || low < 0) return false;
    bytes[at + index] = (high << 4) | low;
    from += 2;
  }
  return true;
}

export function idAt(bytes: Uint8Array, at: number, style: IdStyle): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + at, idBytes).toString("hex");
  if (style === "hex") return hex;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export interface IdColumn {
  at(row: number): string;
  /** Rows below `count` that have one of these ids. */
  rowsOf(ids: ReadonlySet<string>, count: number): number[];
}

export class ByteIds implements IdColumn {
  readonly #bytes: Uint8Array;
  readonly #style: IdStyle;

  constructor(bytes: Uint8Array, style: IdStyle) {
    this.#bytes = bytes;
    this.#style = style;
  }

  at(row: number): string {
    return idAt(this.#bytes, row * idBytes, this.#style);
  }

  rowsOf(ids: ReadonlySet<string>, count: number): number[] {
    const wanted = startsIn(ids, this.#style);
    if (wanted.size === 0) return [];
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, count * idBytes);
    const rows: number[] = [];
    for (let row = 0; row < count; row += 1)
      if (wanted.has(view.getUint32(row * idBytes)) && ids.has(this.at(row))) rows.push(row);
    return rows;
  }
}

/** Of sets of ids that are looked for in many columns; whoever looks does not change them. */
const startsOf: Readonly<Record<IdStyle, WeakMap<ReadonlySet<string>, ReadonlySet<number>>>> = {
  uuid: new WeakMap(),
  hex: new WeakMap(),
};

/** The first four bytes of each: enough to pass nearly all rows by. */
function startsIn(ids: ReadonlySet<string>, style: IdStyle): ReadonlySet<number> {
  const known = startsOf[style].get(ids);
  if (known !== undefined) return known;
  const starts = new Set<number>();
  const bytes = new Uint8Array(idBytes);
  const view = new DataView(bytes.buffer);
  for (const id of ids) if (putId(bytes, 0, id, style)) starts.add(view.getUint32(0));
  startsOf[style].set(ids, starts);
  return starts;
}

export class TextIds implements IdColumn {
  readonly #ids: readonly string[];

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  at(row: number): string {
    return this.#ids[row] ?? "";
  }

  rowsOf(ids: ReadonlySet<string>, count: number): number[] {
    const rows: number[] = [];
    for (let row = 0; row < count; row += 1) if (ids.has(this.at(row))) rows.push(row);
    return rows;
  }
}

/** Ids that are being gathered. */
export class GrowingIds {
  readonly #style: IdStyle;
  readonly #bytes: Uint8Array;
  /** Once one of them is of another style. */
  #texts: string[] | undefined;
  #count = 0;

  constructor(style: IdStyle, maxCount: number) {
    this.#style = style;
    this.#bytes = new Uint8Array(maxCount * idBytes);
  }

  push(id: string): void {
    if (this.#texts === undefined && !putId(this.#bytes, this.#count * idBytes, id, this.#style)) {
      const ids = new ByteIds(this.#bytes, this.#style);
      this.#texts = Array.from({ length: this.#count }, (_, row) => ids.at(row));
    }
    this.#texts?.push(id);
    this.#count += 1;
  }

  /** Stays true to what is pushed later. */
  get column(): IdColumn {
    return this.#texts === undefined ? new ByteIds(this.#bytes, this.#style) : new TextIds(this.#texts);
  }

  pack(): ColumnBytes {
    if (this.#texts !== undefined)
      return { kind: "texts", dictionary: JSON.stringify(this.#texts), bytes: new Uint8Array(0) };
    return { kind: this.#style, dictionary: null, bytes: this.#bytes.slice(0, this.#count * idBytes) };
  }
}

/** @throws Error when the kind is not one of `pack` */
export function unpackIds({ kind, dictionary, bytes }: ColumnBytes): IdColumn {
  if (kind === "uuid" || kind === "hex") return new ByteIds(bytes, kind);
  // What `pack` wrote.
  if (kind === "texts") return new TextIds(JSON.parse(dictionary ?? "[]") as string[]);
  throw new Error(`a column of ids is of the unknown kind ${kind}`);
}
