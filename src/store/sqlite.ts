// The embedded store: one SQLite file, every write one durable transaction. Knows no resource schema and no secret.
import { mkdirSync, openSync, closeSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../core/clock.ts";
import { createAuditStore } from "./sqlite-audit.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import {
  prepareStatements,
  readResourceChange,
  readRevisionChange,
  readRevisionInfo,
  readStoredResource,
} from "./sqlite-rows.ts";
import type { Statements } from "./sqlite-rows.ts";
import { prepareSchema } from "./sqlite-schema.ts";
import { createRevisionWatchers } from "./sqlite-watch.ts";
import { writeChanges } from "./sqlite-write.ts";
import type { Store } from "./store.ts";

export interface SqliteStoreOptions {
  /** Path of the database; it and its folder are created, readable by their owner alone. */
  readonly file: string;
  readonly instance: string;
  readonly clock: Clock;
  /** How often to look for writes of other processes while somebody watches. */
  readonly pollMs?: number;
}

const busyTimeoutMs = 5000;
/** A large import may grow the write-ahead log; the next checkpoint cuts it back to this. */
const logSizeLimitBytes = 64 * 1024 * 1024;

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its side files the mode of the database, so the mode is set before SQLite sees it.
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    // FULL: an acknowledged write survives a power cut, not only the end of this process.
    database.exec("PRAGMA synchronous = FULL");
    // Before the journal mode, which would change the file of a newer version or of another program.
    prepareSchema(database, file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${logSizeLimitBytes}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** node:sqlite is synchronous; this turns what it throws into a rejection of the right kind. */
type Guard = <Result>(run: () => Result) => Promise<Result>;

function createReader(statements: Statements, instance: string, guard: Guard) {
  const newestRevision = (): number => Number(statements.newestRevision.get(instance)?.["number"] ?? 0);
  const reader: Omit<Store, "instance" | "audit" | "write" | "watch" | "setMeta" | "close"> = {
    revision: () => guard(newestRevision),
    list: (kind) =>
      guard(() => {
        const all =
          kind === undefined ? statements.listAll.all(instance) : statements.listKind.all(instance, kind);
        return all.map(readStoredResource);
      }),
    get: (kind, name) =>
      guard(() => {
        const row = statements.get.get(instance, kind, name);
        return row === undefined ? undefined : readStoredResource(row);
      }),
    revisions: (limit, before = Number.MAX_SAFE_INTEGER) =>
      guard(() => statements.revisions.all(instance, before, limit).map(readRevisionInfo)),
    changesBetween: (from, to) =>
      guard(() => statements.changes.all(instance, from, to).map(readRevisionChange)),
    changesOf: (kind, name, limit, before = Number.MAX_SAFE_INTEGER) =>
      guard(() => statements.changesOf.all(instance, kind, name, before, limit).map(readResourceChange)),
    getMeta: (key) =>
      guard(() => {
        const value = statements.getMeta.get(instance, key)?.["value"];
        return value === undefined ? undefined : String(value);
      }),
  };
  return { reader, newestRevision };
}

/**
 * Opens or creates the embedded store.
 * @throws StoreUnavailable when the file cannot be used, is damaged or was written by a newer version
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, instance, clock } = options;
  const guard: Guard = async (run) => {
    try {
      return run();
    } catch (error) {
      throw asStoreFailure(error, file);
    }
  };

  const database = await guard(() => openDatabase(file));
  const statements = prepareStatements(database);
  const { reader, newestRevision } = createReader(statements, instance, guard);
  const watchers = createRevisionWatchers(options.pollMs ?? 1000, newestRevision);

  return {
    ...reader,
    instance,
    audit: createAuditStore(database, statements, instance, guard),
    watch: watchers.watch,
    write: (changes, by, audit) =>
      guard(() => {
        if (changes.length === 0) return newestRevision();
        const at = new Date(clock.wallMs()).toISOString();
        const revision = writeChanges(database, statements, { instance, changes, by, at, audit });
        watchers.tell(revision);
        return revision;
      }),
    setMeta: (key, value) =>
      guard(() => {
        statements.setMeta.run(instance, key, value);
      }),
    close: () =>
      guard(() => {
        watchers.close();
        if (database.isOpen) database.close();
      }),
  };
}
