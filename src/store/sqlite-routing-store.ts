// What mode intelligent learns from and has learnt, in one SQLite file of its own, written by the main thread alone. Knows
// no text of a prompt and not what a table means.
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { KeptPublication, NewLabel, RoutingStore } from "../core/kept-routing.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import {
  readKeptLabel,
  readKeptPrompt,
  readLabelCount,
  readPublication,
  readVersion,
  routingSchema,
  routingSchemaVersion,
  routingStatements,
  type RoutingStatements,
} from "./sqlite-routing-rows.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

/**
 * Opens or creates the file. One that is damaged is moved aside and begun anew.
 * @param onProblem told of that
 * @throws StoreUnavailable when the file cannot be used or was written by a newer version
 */
export function openSqliteRoutingStore(file: string, onProblem: (error: Error) => void): RoutingStore {
  try {
    return storeIn(openDatabase(file), file);
  } catch (error) {
    if (!(error instanceof StoreUnavailable) || error.reason !== "damaged") throw error;
  }
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const side of ["-wal", "-shm"]) rmSync(`${file}${side}`, { force: true });
  onProblem(new Error(`${file} is damaged and was moved to ${aside}: what was learnt of models is lost`));
  return storeIn(openDatabase(file), file);
}

/** For as long as the process runs. */
export function routingStoreInMemory(): RoutingStore {
  const database = new DatabaseSync(":memory:");
  prepareSchema(database, "in memory");
  return storeIn(database, "in memory");
}

function openDatabase(file: string): DatabaseSync {
  return guarded(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file, { timeout: 2_000 });
    try {
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
  if (version > routingSchemaVersion) throw new StoreUnavailable("newer", file);
  const sound = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (sound !== "ok") throw new StoreUnavailable("damaged", file);
  if (version === routingSchemaVersion) return;
  database.exec(`BEGIN IMMEDIATE; ${routingSchema} PRAGMA user_version = ${routingSchemaVersion}; COMMIT`);
}

function storeIn(database: DatabaseSync, file: string): RoutingStore {
  const sql = guarded(file, () => routingStatements(database));
  /** All of it or nothing. */
  const whole = <Result>(work: () => Result): Result => guarded(file, () => inTransaction(database, work));
  const read = <Result>(work: () => Result): Result => guarded(file, work);
  return {
    addLabels: (labels, atMs, keep) => whole(() => addLabels(sql, labels, atMs, keep)),
    removeLabels: (requestId, source) =>
      whole(() => {
        const apis = sql.apisOfRequest.all(requestId, source).map((row) => String(row["api"]));
        sql.removeLabels.run(requestId, source);
        for (const api of apis) sql.removeOrphans.run(api);
      }),
    clearLabels: (api, source) =>
      whole(() => {
        const gone = source === undefined ? sql.clearAll.run(api) : sql.clearSource.run(api, source);
        sql.removeOrphans.run(api);
        return Number(gone.changes);
      }),
    countLabels: (api) => read(() => sql.countLabels.all(api).map(readLabelCount)),
    countOtherVersions: (api, features) =>
      read(() => Number(sql.countOthers.get(api, versionPrefix(features))?.["count"] ?? 0)),
    countSince: (api, place) => read(() => Number(sql.countSince.get(api, place)?.["count"] ?? 0)),
    labels: (api) => read(() => sql.labels.all(api).map(readKeptLabel)),
    prompts: (api) => read(() => sql.prompts.all(api).map(readKeptPrompt)),
    addVersion: (version, table, keep) =>
      whole(() => {
        const { api, atMs, by, labels, prompts, upTo, report } = version;
        const number = Number(sql.newestVersion.get(api)?.["number"] ?? 0) + 1;
        sql.addVersion.run(api, number, atMs, by, labels, prompts, upTo, report, table);
        sql.pruneVersions.run(api, number - keep, api, api);
        return number;
      }),
    versions: (api) => read(() => sql.versions.all(api).map((row) => readVersion(api, row))),
    table: (api, version) =>
      read(() => {
        const bytes = sql.table.get(api, version)?.["bytes"];
        return bytes instanceof Uint8Array ? bytes : undefined;
      }),
    publish: ({ api, version, former, atMs, by }: KeptPublication) =>
      whole(() => void sql.publish.run(api, version, former, atMs, by)),
    publications: () => read(() => sql.publications.all().map(readPublication)),
    lastRun: (api) =>
      read(() => {
        const text = sql.lastRun.get(api)?.["text"];
        return typeof text === "string" ? text : undefined;
      }),
    setLastRun: (api, text) => whole(() => void sql.setLastRun.run(api, text)),
    apis: () => read(() => sql.apis.all().map((row) => String(row["api"]))),
    forget: (api) => whole(() => sql.forget.forEach((statement) => statement.run(api))),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function addLabels(sql: RoutingStatements, labels: readonly NewLabel[], atMs: number, keep: number): void {
  for (const { api, requestId, model, source, score, weight, numbers } of labels) {
    const { sketch, features, prompt, models } = numbers;
    const evidence = JSON.stringify({ features, prompt, models });
    sql.putPrompt.run(api, requestId, bytesOf(sketch), evidence);
    sql.putLabel.run(api, requestId, model, source, score, weight, atMs);
  }
  for (const api of new Set(labels.map((label) => label.api))) prune(sql, api, keep);
}

/** How what is kept of a prompt begins, by the version that has read it. */
function versionPrefix(features: number): string {
  return `{"features":${features},`;
}

/** Takes some away at a time, as each time all prompts are looked at. */
function prune(sql: RoutingStatements, api: string, keep: number): void {
  if (sql.placeBehind.get(api, Math.ceil(keep * 1.02)) === undefined) return;
  const oldest = sql.placeBehind.get(api, keep)?.["place"];
  if (typeof oldest !== "number") return;
  sql.pruneLabels.run(api, oldest);
  sql.removeOrphans.run(api);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function guarded<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw asStoreFailure(error, file);
  }
}
