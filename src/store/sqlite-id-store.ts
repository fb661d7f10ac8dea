// The embedded id store: one SQLite file for all threads of a process, each with its own connection. Knows no protocol.
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../core/clock.ts";
import { idFamilies, isRenewalDue } from "../core/id-families.ts";
import type { IdFamilyRow } from "../core/id-families.ts";
import type { IdBinding, IdOwner, IdStore } from "../core/id-owner.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import { prepareIdSchema, prepareIdStatements, readIdOwner } from "./sqlite-id-schema.ts";
import type { IdStatements } from "./sqlite-id-schema.ts";

export interface SqliteIdStoreOptions {
  /** Path of the database; it and its folder are created, readable by their owner alone. */
  readonly file: string;
  readonly clock: Pick<Clock, "wallMs">;
}

/** A thread stands still while it waits for another's write, which takes well under a millisecond. */
const busyTimeoutMs = 2000;
const logSizeLimitBytes = 16 * 1024 * 1024;
/** How long cursors may name what was deleted. */
const forgottenMs = 86_400_000;

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its side files the mode of the database, so the mode is set before SQLite sees it.
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    prepareIdSchema(database, file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${logSizeLimitBytes}`);
    // NORMAL: what is committed survives the end of the process, however sudden. FULL would wait for the disk on every
    // commit, and with it every stream of the thread; only a power cut can take the newest ids.
    database.exec("PRAGMA synchronous = NORMAL");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What tells apart two bindings of one id. Names cannot hold a NUL. */
const places: Readonly<Record<IdFamilyRow["uniqueIn"], (binding: IdBinding) => string>> = {
  instance: () => "",
  place: ({ service, key }) => `${service}\0${key}`,
  consumer: ({ service, key, consumer }) => `${service}\0${key}\0${consumer}`,
};

function placeOf(binding: IdBinding): string {
  return places[idFamilies[binding.family].uniqueIn](binding);
}

/**
 * Opens or creates the store. Every thread opens its own.
 * @throws StoreUnavailable when the file cannot be used, is damaged or was written by a newer version
 */
export function openSqliteIdStore({ file, clock }: SqliteIdStoreOptions): IdStore {
  const guard = <Result>(run: () => Result): Result => {
    try {
      return run();
    } catch (error) {
      throw asStoreFailure(error, file);
    }
  };
  const database = guard(() => openDatabase(file));
  const sql = guard(() => prepareIdStatements(database));
  const maybe = (row: ReturnType<IdStatements["find"]["get"]>): IdOwner | undefined =>
    row && readIdOwner(row);

  return {
    bind: (owners) => guard(() => bind({ database, sql }, owners, clock.wallMs())),
    find: (family, id, consumer) => guard(() => maybe(sql.find.get(family, id, clock.wallMs(), consumer))),
    findForgotten: (family, id, consumer) => guard(() => maybe(sql.findForgotten.get(family, id, consumer))),
    list: (family, consumer, { limit, after }) =>
      guard(() => {
        const { createdMs, id } = after ?? { createdMs: Number.MAX_SAFE_INTEGER, id: "" };
        return sql.list.all(family, consumer, clock.wallMs(), createdMs, id, limit).map(readIdOwner);
      }),
    forget: (binding) =>
      guard(() => {
        sql.forget.run(clock.wallMs() + forgottenMs, binding.family, binding.id, placeOf(binding));
      }),
    settleOnce: (binding) =>
      guard(() => sql.settle.run(binding.family, binding.id, placeOf(binding)).changes === 1),
    sweep: (limit) => guard(() => Number(sql.sweep.run(clock.wallMs(), limit).changes)),
    close: () =>
      guard(() => {
        if (database.isOpen) database.close();
      }),
  };
}

interface Connection {
  readonly database: DatabaseSync;
  readonly sql: IdStatements;
}

/** Most calls name ids that are bound already, as polls and lists do: they take no lock. */
function bind(connection: Connection, owners: readonly IdOwner[], nowMs: number): IdOwner[] {
  const held = owners.map((owner) => holderOf(connection, owner, nowMs));
  if (held.every((holder, index) => holder !== undefined && !isLonger(owners[index], holder))) {
    return held.filter((holder) => holder !== undefined);
  }
  const { database, sql } = connection;
  sql.begin.run();
  try {
    const holders = owners.map((owner) => write(connection, owner, nowMs));
    sql.commit.run();
    return holders;
  } catch (error) {
    if (database.isTransaction) sql.rollback.run();
    throw error;
  }
}

function write(connection: Connection, owner: IdOwner, nowMs: number): IdOwner {
  const { sql } = connection;
  const { family, id, service, key, consumer, api, createdMs, expiresMs } = owner;
  const place = placeOf(owner);
  const holder = holderOf(connection, owner, nowMs);
  if (holder === undefined) {
    sql.insert.run(family, id, place, service, key, consumer, api ?? null, createdMs, expiresMs);
    return owner;
  }
  if (!isLonger(owner, holder)) return holder;
  sql.extend.run(expiresMs, family, id, place);
  return { ...holder, expiresMs };
}

function holderOf({ sql }: Connection, owner: IdOwner, nowMs: number): IdOwner | undefined {
  const row = sql.holder.get(owner.family, owner.id, placeOf(owner), nowMs);
  return row && readIdOwner(row);
}

/** Whether the same owner asks for a life at the same place that is longer by enough to be written. */
function isLonger(owner: IdOwner | undefined, holder: IdOwner): boolean {
  return (
    owner !== undefined &&
    owner.consumer === holder.consumer &&
    owner.service === holder.service &&
    owner.key === holder.key &&
    isRenewalDue(owner.family, holder.expiresMs, owner.expiresMs)
  );
}
