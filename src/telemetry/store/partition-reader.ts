// Reads blocks and records of partitions, by columns and one by one. Knows no query.
import type { StatementSync } from "node:sqlite";
import { readLine, type HeadOfLine } from "../record-lines.ts";
import { columnNumber, isLaterColumn, type Block, type ColumnName } from "./block-columns.ts";
import { asFloat64, packTexts, unpackNumbers, unpackTexts, type ColumnBytes } from "./column-bytes.ts";
import { ColumnCache } from "./column-cache.ts";
import { unpackIds } from "./id-column.ts";
import type { Partition, StoredBlock } from "./partition.ts";
import { unpackChunk, type Chunk } from "./record-chunks.ts";

interface Statements {
  readonly column: StatementSync;
  readonly chunk: StatementSync;
}

/** What is held of an entry beside its bytes. */
const entryBytes = 200;

export class PartitionReader {
  readonly #columns: ColumnCache;
  readonly #chunks: ColumnCache;
  readonly #statements = new WeakMap<Partition, Statements>();

  /** @param maxBytes of columns that are kept ready, and an eighth of it of records */
  constructor(maxBytes: number) {
    this.#columns = new ColumnCache(maxBytes);
    this.#chunks = new ColumnCache(maxBytes / 8);
  }

  get bytes(): number {
    return this.#columns.bytes + this.#chunks.bytes;
  }

  block(partition: Partition, stored: StoredBlock): Block {
    const get = <Value>(column: ColumnName, unpack: (bytes: ColumnBytes) => Value): Value =>
      this.#column(partition, stored, column, unpack);
    return {
      first: stored.first,
      records: stored.records,
      minMs: stored.minMs,
      maxMs: stored.maxMs,
      texts: (field) => get(field, unpackTexts),
      numbers: (field) => get(field, unpackNumbers),
      ids: (field) => get(field, unpackIds),
      times: () => get("times", ({ bytes }) => asFloat64(bytes)),
      flags: () => get("flags", ({ bytes }) => bytes),
    };
  }

  #column<Value>(
    partition: Partition,
    { id, records }: StoredBlock,
    column: ColumnName,
    unpack: (bytes: ColumnBytes) => Value,
  ): Value {
    const number = columnNumber(id, column);
    return this.#columns.get(`${partition.mark} ${number}`, () => {
      const row = this.#of(partition).column.get(number);
      if (row === undefined && isLaterColumn(column)) {
        return { value: unpack(packTexts([""], new Uint16Array(records))), bytes: 2 * records + entryBytes };
      }
      const kind = row?.["kind"];
      const dictionary = row?.["dictionary"];
      const bytes = row?.["bytes"];
      if (typeof kind !== "string" || !(bytes instanceof Uint8Array))
        throw new Error(`${partition.file} lacks the column ${column} of block ${id}`);
      const texts = typeof dictionary === "string" ? dictionary : null;
      const size = bytes.length + 2 * (texts?.length ?? 0) + entryBytes;
      return { value: unpack({ kind, dictionary: texts, bytes }), bytes: size };
    });
  }

  /** @param sequence number of a record in the partition; undefined when its line is torn */
  record(partition: Partition, sequence: number): HeadOfLine | undefined {
    const { chunk, first } = this.#chunkOf(partition, sequence);
    const line = chunk.line(sequence - first);
    return line === undefined ? undefined : readLine(line, chunk.layout);
  }

  #chunkOf(partition: Partition, sequence: number): { readonly chunk: Chunk; readonly first: number } {
    const row = this.#of(partition).chunk.get(sequence);
    const first = Number(row?.["first"]);
    const bytes = row?.["bytes"];
    if (!(bytes instanceof Uint8Array)) throw new Error(`${partition.file} lacks record ${sequence}`);
    // The last one of a block grows: with it the size of its bytes.
    const chunk = this.#chunks.get(`${partition.mark} ${first} ${bytes.length}`, () => {
      const value = unpackChunk(bytes);
      return { value, bytes: value.bytes + entryBytes };
    });
    return { chunk, first };
  }

  #of(partition: Partition): Statements {
    const known = this.#statements.get(partition);
    if (known !== undefined) return known;
    const { db } = partition;
    const made = {
      column: db.prepare("SELECT kind, dictionary, bytes FROM columns WHERE id = ?"),
      chunk: db.prepare("SELECT first, bytes FROM chunks WHERE first <= ? ORDER BY first DESC LIMIT 1"),
    };
    this.#statements.set(partition, made);
    return made;
  }
}
