// What of quotas outlives the process, in one small SQLite file, written by the main thread alone. Knows no consumer.
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import type { KeptQuota, QuotaChanges, QuotaLetter, QuotaStore } from "../core/kept-quota.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

const schemaVersion = 1;
const schema = `
  CREATE TABLE counts (
    key TEXT PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, used REAL NOT NULL,
    told_share REAL NOT NULL, told_limit REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE letters (
    id INTEGER PRIMARY KEY, delivery_id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, webhook TEXT NOT NULL,
    body TEXT NOT NULL, tries INTEGER NOT NULL, next_try_ms INTEGER NOT NULL
  ) STRICT;`;

/**
 * Opens or creates the file. One that is damaged is moved aside and begun anew.
 * @param onProblem told of that
 * @throws StoreUnavailable when the file cannot be used or was written by a newer version
 */
export function openSqliteQuotaStore(file: string, onProblem: (error: Error) => void): QuotaStore {
  try {
    return storeIn(openDatabase(file), file);
  } catch (error) {
    if (!(error instanceof StoreUnavailable) || error.reason !== "damaged") throw error;
  }
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const side of ["-wal", "-shm"]) rmSync(`${file}${side}`, { force: true });
  onProblem(new Error(`${file} is damaged and was moved to ${aside}: every quota counts anew`));
  return storeIn(openDatabase(file), file);
}

function openDatabase(file: string): DatabaseSync {
  return guarded(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file, { timeout: 2_000 });
    try {
      // NORMAL: what is committed survives the end of the process, however sudden; a power cut may take the newest.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      prepareSchema(database, file);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function prepareSchema(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > schemaVersion) throw new StoreUnavailable("newer", file);
  // Damage behind the head of the file would otherwise be met by a write, when it is too late to begin anew.
  const sound = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (sound !== "ok") throw new StoreUnavailable("damaged", file);
  if (version === schemaVersion) return;
  database.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT`);
}

function storeIn(database: DatabaseSync, file: string): QuotaStore {
  const sql = guarded(file, () => statementsOf(database));
  return {
    counts: () => guarded(file, () => sql.counts.all().map(toCount)),
    letters: () => guarded(file, () => sql.letters.all().map(toLetter)),
    write: (changes) => guarded(file, () => writeAll(database, sql, changes)),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

type Statements = ReturnType<typeof statementsOf>;

function statementsOf(database: DatabaseSync) {
  const prepare = (text: string): StatementSync => database.prepare(text);
  return {
    counts: prepare("SELECT * FROM counts"),
    letters: prepare("SELECT * FROM letters ORDER BY id"),
    putCount: prepare("INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?, ?, ?)"),
    removeCount: prepare("DELETE FROM counts WHERE key = ?"),
    putLetter: prepare(
      `INSERT INTO letters (delivery_id, key, webhook, body, tries, next_try_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (delivery_id) DO UPDATE SET tries = excluded.tries, next_try_ms = excluded.next_try_ms`,
    ),
    removeLetter: prepare("DELETE FROM letters WHERE delivery_id = ?"),
    removeLettersOf: prepare("DELETE FROM letters WHERE key = ?"),
  };
}

function writeAll(database: DatabaseSync, sql: Statements, changes: QuotaChanges): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const { key, startMs, endMs, used, toldShare, toldLimit } of changes.counts)
      sql.putCount.run(key, startMs, endMs, used, toldShare, toldLimit);
    for (const key of changes.gone) {
      sql.removeCount.run(key);
      sql.removeLettersOf.run(key);
    }
    for (const { key, webhook, deliveryId, body, tries, nextTryMs } of changes.letters)
      sql.putLetter.run(deliveryId, key, webhook, body, tries, nextTryMs);
    for (const deliveryId of changes.sent) sql.removeLetter.run(deliveryId);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function toCount(row: Row): KeptQuota {
  return {
    key: String(row["key"]),
    startMs: Number(row["start_ms"]),
    endMs: Number(row["end_ms"]),
    used: Number(row["used"]),
    toldShare: Number(row["told_share"]),
    toldLimit: Number(row["told_limit"]),
  };
}

function toLetter(row: Row): QuotaLetter {
  return {
    key: String(row["key"]),
    webhook: String(row["webhook"]),
    deliveryId: String(row["delivery_id"]),
    body: String(row["body"]),
    tries: Number(row["tries"]),
    nextTryMs: Number(row["next_try_ms"]),
  };
}

function guarded<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw asStoreFailure(error, file);
  }
}
