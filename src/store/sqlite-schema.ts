// The tables of the embedded store and the way from an older version to the newest. Knows no resource.
import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "./store-unavailable.ts";

/** Step n brings version n to n + 1. Steps are only ever added: files of every released version must open. */
const migrations: readonly string[] = [
  `CREATE TABLE resources (
     instance TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
     revision INTEGER NOT NULL, managed_by TEXT NOT NULL, body TEXT NOT NULL,
     created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
     PRIMARY KEY (instance, kind, name)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE revisions (
     instance TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, made_by TEXT NOT NULL,
     PRIMARY KEY (instance, number)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE history (
     instance TEXT NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,
     kind TEXT NOT NULL, name TEXT NOT NULL, before TEXT, after TEXT,
     PRIMARY KEY (instance, revision, position)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE meta (
     instance TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (instance, key)
   ) STRICT, WITHOUT ROWID;`,
  "CREATE INDEX history_of_resource ON history (instance, kind, name, revision)",
  `CREATE TABLE audit (
     instance TEXT NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, chain TEXT NOT NULL,
     PRIMARY KEY (instance, number)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE audit_ends (
     instance TEXT NOT NULL, which TEXT NOT NULL,
     number INTEGER NOT NULL, chain TEXT NOT NULL, proof TEXT NOT NULL,
     PRIMARY KEY (instance, which)
   ) STRICT, WITHOUT ROWID;`,
];

/** The version that this build writes. */
export const newestSchemaVersion = migrations.length;

/** 0 = an empty file. Throws StoreUnavailable for a database that is not ours. */
function schemaVersion(database: DatabaseSync, file: string): number {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0) return 0;
  if (!tables.some((row) => row["name"] === "schema_version")) throw new StoreUnavailable("damaged", file);
  const version = database.prepare("SELECT version FROM schema_version").get()?.["version"];
  if (typeof version !== "number") throw new StoreUnavailable("damaged", file);
  return version;
}

/**
 * Creates or upgrades the tables in one transaction, so that an interrupted upgrade starts over.
 * @throws StoreUnavailable when a newer build wrote the file, before anything is changed
 */
export function prepareSchema(database: DatabaseSync, file: string): void {
  // The common start needs no write lock; the second look under the lock decides between two processes starting at once.
  if (schemaVersion(database, file) === newestSchemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = schemaVersion(database, file);
    if (version > newestSchemaVersion) throw new StoreUnavailable("newer", file);
    if (version === 0) {
      database.exec(
        "CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT; INSERT INTO schema_version VALUES (0)",
      );
    }
    for (const step of migrations.slice(version)) database.exec(step);
    database.prepare("UPDATE schema_version SET version = ?").run(newestSchemaVersion);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
