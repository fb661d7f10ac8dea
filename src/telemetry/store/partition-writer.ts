// Writes to a partition: blocks with their records, roll-ups, and how far the spool has been read, all in one
// transaction, so that whatever is killed when, every record is taken exactly once.
import type { StatementSync } from "node:sqlite";
import { writeParts } from "../rollups/rollup-parts.ts";
import type { RollupPart } from "../rollups/rollups.ts";
import type { BlockBuilder } from "./block-builder.ts";
import { columnNumber } from "./block-columns.ts";
import type { Partition } from "./partition.ts";
import { chunkRecords, packChunk } from "./record-chunks.ts";

export interface Commit {
  readonly builders: readonly BlockBuilder[];
  readonly parts: readonly RollupPart[];
  /** Segment and offset: the records up to there are in this commit or one before. */
  readonly offsets: ReadonlyMap<string, number>;
}

export class PartitionWriter {
  readonly partition: Partition;
  readonly #block: StatementSync;
  readonly #column: StatementSync;
  readonly #chunk: StatementSync;
  readonly #segment: StatementSync;
  readonly #forget: StatementSync;

  constructor(partition: Partition) {
    this.partition = partition;
    const { db } = partition;
    this.#block = db.prepare(
      "INSERT OR REPLACE INTO blocks (id, first, records, min_ms, max_ms) VALUES (?, ?, ?, ?, ?)",
    );
    this.#column = db.prepare(
      "INSERT OR REPLACE INTO columns (id, kind, dictionary, bytes) VALUES (?, ?, ?, ?)",
    );
    this.#chunk = db.prepare("INSERT OR REPLACE INTO chunks (first, records, bytes) VALUES (?, ?, ?)");
    this.#segment = db.prepare("INSERT OR REPLACE INTO segments (name, offset) VALUES (?, ?)");
    this.#forget = db.prepare("DELETE FROM segments WHERE name = ?");
  }

  /** @throws SQLite's error when the disk takes nothing; nothing is changed then */
  commit({ builders, parts, offsets }: Commit): void {
    const { db } = this.partition;
    db.exec("BEGIN IMMEDIATE");
    try {
      for (const builder of builders) this.#write(builder);
      writeParts(db, parts);
      for (const [name, offset] of offsets) this.#segment.run(name, offset);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }

  #write(builder: BlockBuilder): void {
    const { id, first, records, minMs, maxMs, lines, committed } = builder;
    if (records === committed) return;
    // The last chunk may have grown: it is written again, those before it are as they were.
    for (let from = committed - (committed % chunkRecords); from < records; from += chunkRecords) {
      const chunk = lines.slice(from, from + chunkRecords);
      this.#chunk.run(first + from, chunk.length, packChunk(chunk));
    }
    for (const [column, { kind, dictionary, bytes }] of builder.pack())
      this.#column.run(columnNumber(id, column), kind, dictionary, bytes);
    this.#block.run(id, first, records, minMs, maxMs);
  }

  forgetSegment(name: string): void {
    this.#forget.run(name);
  }

  /** @returns whether everything committed so far is on the disk itself */
  checkpoint(): boolean {
    const told = this.partition.db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
    return told?.["busy"] === 0 && told["log"] === told["checkpointed"];
  }
}
