// The table of the embedded id store and its statements. Knows no family.
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { IdFamily } from "../core/id-families.ts";
import type { IdOwner } from "../core/id-owner.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

/** Step n brings version n to n + 1. Steps are only ever added: files of every released version must open. */
const migrations: readonly string[] = [
  // `place` tells apart bindings of one id; it is empty for ids that are unique in the instance.
  `CREATE TABLE ids (
     family TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL,
     service TEXT NOT NULL, key TEXT NOT NULL, consumer TEXT NOT NULL, api TEXT,
     created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
     settled INTEGER NOT NULL DEFAULT 0, forgotten INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (family, id, place)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX ids_of_consumer ON ids (family, consumer, created_ms, id);
   CREATE INDEX ids_by_expiry ON ids (expires_ms);`,
];

/** The version that this build writes. */
export const newestIdSchemaVersion = migrations.length;

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}

/**
 * Creates or upgrades the table in one transaction, so that an interrupted upgrade starts over.
 * @throws StoreUnavailable for a file of a newer build or of another program, before anything is changed
 */
export function prepareIdSchema(database: DatabaseSync, file: string): void {
  // The common start needs no write lock; the second look under the lock decides between threads starting at once.
  if (versionOf(database) === newestIdSchemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database);
    if (version > newestIdSchemaVersion) throw new StoreUnavailable("newer", file);
    const isForeign =
      version === 0 && database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
    if (isForeign) throw new StoreUnavailable("damaged", file);
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${newestIdSchemaVersion}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

export type IdStatements = Readonly<Record<keyof typeof statementTexts, StatementSync>>;

const columns = "family, id, service, key, consumer, api, created_ms, expires_ms";
const place = "family = ? AND id = ? AND place = ?";
const isLive = "forgotten = 0 AND expires_ms > ?";

const statementTexts = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  holder: `SELECT ${columns} FROM ids WHERE ${place} AND ${isLive}`,
  /** Takes the place of what has expired or was forgotten; whether there is such a holder is asked first. */
  insert: `INSERT OR REPLACE INTO ids (family, id, place, service, key, consumer, api, created_ms, expires_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  extend: `UPDATE ids SET expires_ms = ? WHERE ${place}`,
  find: `SELECT ${columns} FROM ids WHERE family = ? AND id = ? AND ${isLive}
    ORDER BY consumer = ? DESC, created_ms DESC, place LIMIT 1`,
  findForgotten: `SELECT ${columns} FROM ids WHERE family = ? AND id = ? AND forgotten = 1 AND consumer = ?
    ORDER BY created_ms DESC LIMIT 1`,
  list: `SELECT ${columns} FROM ids WHERE family = ? AND consumer = ? AND ${isLive}
    AND (created_ms, id) < (?, ?) ORDER BY created_ms DESC, id DESC LIMIT ?`,
  forget: `UPDATE ids SET forgotten = 1, expires_ms = min(expires_ms, ?) WHERE ${place} AND forgotten = 0`,
  settle: `UPDATE ids SET settled = 1 WHERE ${place} AND settled = 0`,
  sweep: `DELETE FROM ids WHERE (family, id, place) IN
    (SELECT family, id, place FROM ids WHERE expires_ms <= ? ORDER BY expires_ms LIMIT ?)`,
} as const;

export function prepareIdStatements(database: DatabaseSync): IdStatements {
  // Same keys on both sides.
  return Object.fromEntries(
    Object.entries(statementTexts).map(([name, text]) => [name, database.prepare(text)]),
  ) as IdStatements;
}

/** The columns have the types of the table, which is strict, and hold what `bind` was given. */
export function readIdOwner(row: Record<string, SQLOutputValue>): IdOwner {
  const api = row["api"];
  return {
    // Only families are ever written; one of a newer build is never asked for.
    family: String(row["family"]) as IdFamily,
    id: String(row["id"]),
    service: String(row["service"]),
    key: String(row["key"]),
    consumer: String(row["consumer"]),
    ...(typeof api === "string" ? { api } : {}),
    createdMs: Number(row["created_ms"]),
    expiresMs: Number(row["expires_ms"]),
  };
}
