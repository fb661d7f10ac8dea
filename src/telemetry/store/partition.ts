// One part of the log store, as a rule a day: a SQLite file that holds blocks of columns, the records themselves,
// roll-ups, feedback, and how far the spool has been read. Knows no query and no column.
import { DatabaseSync } from "node:sqlite";
import { rollupSchema } from "../rollups/rollup-parts.ts";

/** Another number: what is in the files has another shape. */
const storeVersion = 1;

const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blocks (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, records INTEGER NOT NULL,
  min_ms REAL NOT NULL, max_ms REAL NOT NULL) STRICT;
CREATE TABLE columns (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, dictionary TEXT, bytes BLOB NOT NULL) STRICT;
CREATE TABLE chunks (first INTEGER PRIMARY KEY, records INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE segments (name TEXT PRIMARY KEY, offset INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE feedback (request_id TEXT PRIMARY KEY, score INTEGER NOT NULL, comment TEXT NOT NULL,
  by TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** A block that stands in the file and does not change any more. */
export interface StoredBlock {
  readonly id: number;
  /** Number of its first record in the partition. */
  readonly first: number;
  readonly records: number;
  readonly minMs: number;
  readonly maxMs: number;
}

export interface Partition {
  /** Such as `2026-11-22`, the day on which its records were read in; `2026-11-22.000001` after it has become too large. */
  readonly key: string;
  readonly file: string;
  readonly db: DatabaseSync;
  /** Tells it from another of the same key. */
  readonly mark: string;
  /** Records that partitions before it were given. */
  readonly earlier: number;
  /** Oldest first. */
  readonly blocks: StoredBlock[];
  /** False once it has been removed. */
  isOpen: boolean;
}

/** Thrown for a file of a build that came later: it is left as it is. */
export class NewerPartition extends Error {
  constructor(file: string, version: number) {
    super(
      `${file} was written by a newer Moongate (version ${version} of the log store, this one knows ${storeVersion}): ` +
        "start that one again, or move the folder of logs away",
    );
    this.name = "NewerPartition";
  }
}

export interface NewPartition {
  readonly mark: string;
  readonly earlier: number;
}

/**
 * Opens the file, and makes it where there is none.
 * @throws NewerPartition; SQLite's error for a damaged file, see `isDamage`
 */
export function openPartition(file: string, key: string, made: NewPartition): Partition {
  const db = new DatabaseSync(file);
  try {
    // The folder is one process's alone: only a reader in another thread may be in the way, for a moment.
    db.exec("PRAGMA busy_timeout = 1000; PRAGMA page_size = 16384; PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -1024");
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > storeVersion) throw new NewerPartition(file, version);
    if (version === 0) makeTables(db, made);
    return { key, file, db, ...readMeta(db), blocks: readBlocks(db), isOpen: true };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** All or nothing: an end in the middle leaves an empty file, which is made again. */
function makeTables(db: DatabaseSync, { mark, earlier }: NewPartition): void {
  db.exec(`BEGIN IMMEDIATE; ${schema} ${rollupSchema} PRAGMA user_version = ${storeVersion}`);
  const put = db.prepare("INSERT INTO meta VALUES (?, ?)");
  put.run("mark", mark);
  put.run("earlier", earlier);
  db.exec("COMMIT");
}

/** Birth mark of a partition, and how many records came before its own. */
export function readMeta(db: DatabaseSync): NewPartition {
  const values = new Map(
    db
      .prepare("SELECT name, value FROM meta")
      .all()
      .map(({ name, value }) => [name, value]),
  );
  return { mark: String(values.get("mark")), earlier: Number(values.get("earlier")) };
}

function readBlocks(db: DatabaseSync): StoredBlock[] {
  return db
    .prepare("SELECT id, first, records, min_ms, max_ms FROM blocks ORDER BY id")
    .all()
    .map(({ id, first, records, min_ms, max_ms }) => ({
      id: Number(id),
      first: Number(first),
      records: Number(records),
      minMs: Number(min_ms),
      maxMs: Number(max_ms),
    }));
}

/** How many records a partition holds. */
export function recordsOf({ blocks }: Partition): number {
  const last = blocks.at(-1);
  return last === undefined ? 0 : last.first + last.records;
}

const corrupt = 11;
const notDatabase = 26;

/** Whether SQLite says that the file is no database, or not a whole one. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  const primary = error.errcode & 0xff;
  return primary === corrupt || primary === notDatabase;
}

const keyPattern = /^(\d{4}-\d\d-\d\d(?:\.\d{6})?)\.db$/u;

/** Key of a partition by the name of its file; undefined for any other file. */
export function partitionKey(name: string): string | undefined {
  return keyPattern.exec(name)?.[1];
}

export function dayOf(key: string): string {
  return key.slice(0, "2026-11-22".length);
}

/** The key after this one on the same day. */
export function nextKey(key: string): string {
  const number = Number(key.slice("2026-11-22.".length)) + 1;
  return `${dayOf(key)}.${String(number).padStart(6, "0")}`;
}
