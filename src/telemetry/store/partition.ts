// One day of the log store: a SQLite file that holds blocks, records, roll-ups and how far the spool has been read.
// Knows no query.
import type { DatabaseSync } from "node:sqlite";

export interface Partition {
  /** Such as `2026-11-22`: when its records were read in. */
  readonly day: string;
  readonly file: string;
  readonly db: DatabaseSync;
  /** Start of its oldest and newest record, milliseconds since 1970; Infinity and -Infinity without any. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly records: number;
}
