// The embedded store: one SQLite file, every write one durable transaction. Knows no resource schema and no secret.
import { mkdirSync, openSync, closeSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../core/clock.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import {
  prepareStatements,
  readRevisionChange,
  readRevisionInfo,
  readStoredResource,
} from "./sqlite-rows.ts";
import type { Statements } from "./sqlite-rows.ts";
import { prepareSchema } from "./sqlite-schema.ts";
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

/** Tells listeners of committed revisions; other processes' by asking SQLite while there is a listener. */
function createWatchers(pollMs: number, newestRevision: () => number) {
  const listeners = new Set<(revision: number) => void>();
  let told = newestRevision();
  let timer: NodeJS.Timeout | undefined;

  const tell = (revision: number): void => {
    if (revision <= told) return;
    told = revision;
    // Apart from the writer: a listener that throws must not make a committed write look failed.
    for (const listener of listeners) queueMicrotask(() => listener(revision));
  };
  const poll = (): void => {
    let revision: number;
    try {
      revision = newestRevision();
    } catch {
      // Whoever reads or writes next gets the error; the poll goes on until the store is back.
      return;
    }
    tell(revision);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const watch = (listener: (revision: number) => void): (() => void) => {
    if (listeners.size === 0) told = newestRevision();
    const entry = (revision: number): void => {
      if (listeners.has(entry)) listener(revision);
    };
    listeners.add(entry);
    timer ??= setInterval(poll, pollMs).unref();
    return () => {
      if (listeners.delete(entry) && listeners.size === 0) stop();
    };
  };
  const close = (): void => {
    listeners.clear();
    stop();
  };
  return { tell, watch, close };
}

/**
 * Opens or creates the embedded store.
 * @throws StoreUnavailable when the file cannot be used, is damaged or was written by a newer version
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, instance, clock } = options;

  // node:sqlite is synchronous; the async wrapper turns each throw into a rejection.
  const guard = async <Result>(run: () => Result): Promise<Result> => {
    try {
      return run();
    } catch (error) {
      throw asStoreFailure(error, file);
    }
  };

  const database = await guard(() => openDatabase(file));
  const statements: Statements = prepareStatements(database);
  const newestRevision = (): number => Number(statements.newestRevision.get(instance)?.["number"] ?? 0);
  const watchers = createWatchers(options.pollMs ?? 1000, newestRevision);

  return {
    instance,
    revision: () => guard(newestRevision),
    list: (kind) =>
      guard(() =>
        (kind === undefined ? statements.listAll.all(instance) : statements.listKind.all(instance, kind)).map(
          readStoredResource,
        ),
      ),
    get: (kind, name) =>
      guard(() => {
        const row = statements.get.get(instance, kind, name);
        return row === undefined ? undefined : readStoredResource(row);
      }),
    write: (changes, by) =>
      guard(() => {
        if (changes.length === 0) return newestRevision();
        const at = new Date(clock.wallMs()).toISOString();
        const revision = writeChanges(database, statements, { instance, changes, by, at });
        watchers.tell(revision);
        return revision;
      }),
    revisions: (limit, before) =>
      guard(() =>
        statements.revisions.all(instance, before ?? Number.MAX_SAFE_INTEGER, limit).map(readRevisionInfo),
      ),
    changesBetween: (from, to) =>
      guard(() => statements.changes.all(instance, from, to).map(readRevisionChange)),
    watch: watchers.watch,
    getMeta: (key) =>
      guard(() => {
        const value = statements.getMeta.get(instance, key)?.["value"];
        return value === undefined ? undefined : String(value);
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
