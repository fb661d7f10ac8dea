// Recorded content of one day in one SQLite file: bodies compressed, and an index of their words. Knows no other day.
import { closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { indexedText } from "./search-words.ts";

/** What was sent and answered in one exchange. */
export interface ContentItem {
  readonly requestId: string;
  /** End of the exchange, milliseconds since 1970. */
  readonly endedMs: number;
  readonly request?: string | undefined;
  readonly response?: string | undefined;
}

const schemaVersion = 1;
/** Indexed of each body, in characters: what stands behind it is kept, but not found. */
const maxIndexedLength = 64 * 1024;
/** Rows are numbered by time, so that the newest come first: this many fit into each millisecond. */
const perMs = 65_536;
const sideFiles = ["", "-wal", "-shm"];

const schema = `
  CREATE TABLE exchange (id INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, request BLOB, response BLOB) STRICT;
  CREATE VIRTUAL TABLE words USING fts5(request, response, content='', columnsize=0,
    tokenize='unicode61 remove_diacritics 2');
  PRAGMA user_version = ${schemaVersion};`;

/** A file of a version that this build does not know. */
class NewerContentFile extends Error {}

export class ContentFile {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #known: StatementSync;
  readonly #lastOfMs: StatementSync;
  readonly #insert: StatementSync;
  readonly #index: StatementSync;
  readonly #read: StatementSync;
  readonly #search: StatementSync;
  readonly #dayMs: number;

  /** @param dayMs the beginning of its day, milliseconds since 1970 */
  constructor(path: string, dayMs: number) {
    this.path = path;
    this.#dayMs = dayMs;
    this.#database = openDatabase(path);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#known = prepare("SELECT 1 FROM exchange WHERE request_id = ?");
    this.#lastOfMs = prepare("SELECT max(id) AS id FROM exchange WHERE id >= ? AND id < ?");
    this.#insert = prepare("INSERT INTO exchange (id, request_id, request, response) VALUES (?, ?, ?, ?)");
    this.#index = prepare("INSERT INTO words (rowid, request, response) VALUES (?, ?, ?)");
    this.#read = prepare("SELECT request, response FROM exchange WHERE request_id = ?");
    this.#search = prepare(
      `SELECT request_id AS requestId FROM words JOIN exchange ON exchange.id = words.rowid
       WHERE words MATCH ? AND words.rowid >= ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?`,
    );
  }

  /** All or none; what is there already stays as it is. */
  put(items: readonly ContentItem[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      // In the order of their numbers: the index takes a batch at once then.
      for (const item of items.toSorted((left, right) => left.endedMs - right.endedMs)) this.#putOne(item);
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #putOne({ requestId, endedMs, request, response }: ContentItem): void {
    if (this.#known.get(requestId) !== undefined) return;
    const first = this.#idAt(endedMs);
    const last = this.#lastOfMs.get(first, first + perMs)?.["id"];
    const id = typeof last === "number" ? last + 1 : first;
    this.#insert.run(id, requestId, compressed(request), compressed(response));
    this.#index.run(id, wordsOf(request), wordsOf(response));
  }

  #idAt(ms: number): number {
    return Math.max(0, Math.floor(ms) - this.#dayMs) * perMs;
  }

  get(requestId: string): Pick<ContentItem, "request" | "response"> | undefined {
    const row = this.#read.get(requestId);
    if (row === undefined) return undefined;
    return { request: opened(row["request"]), response: opened(row["response"]) };
  }

  /** Newest first. */
  search(expression: string, fromMs: number | null, toMs: number | null, limit: number): string[] {
    const from = fromMs === null ? 0 : this.#idAt(fromMs);
    const to = toMs === null ? Number.MAX_SAFE_INTEGER : this.#idAt(toMs);
    return this.#search.all(expression, from, to, limit).map(({ requestId }) => String(requestId));
  }

  get bytes(): number {
    return sideFiles.reduce(
      (sum, side) => sum + (statSync(this.path + side, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  close(): void {
    this.#database.close();
  }
}

/** Opens a file; one that is damaged is moved aside and begun anew. @throws when this build is too old for it */
export function openContentFile(path: string, dayMs: number, onProblem: (error: Error) => void): ContentFile {
  try {
    return new ContentFile(path, dayMs);
  } catch (error) {
    if (error instanceof NewerContentFile || !(isDamagedContent(error) || lacksTables(error))) throw error;
    moveContentAside(path, onProblem);
    return new ContentFile(path, dayMs);
  }
}

/** To be called when the file is closed. */
export function moveContentAside(path: string, onProblem: (error: Error) => void): void {
  const aside = `${path}.damaged`;
  for (const side of sideFiles) rmSync(aside + side, { force: true });
  renameSync(path, aside);
  for (const side of sideFiles) rmSync(path + side, { force: true });
  onProblem(new Error(`Recorded content in ${path} is damaged; it was moved to ${aside}.`));
}

export function removeContentFile(path: string): void {
  for (const side of sideFiles) rmSync(path + side, { force: true });
}

function openDatabase(path: string): DatabaseSync {
  // SQLite gives its side files the mode of the database, so the mode is set before SQLite sees it.
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > schemaVersion) {
      throw new NewerContentFile(
        `${path} was written by a newer version of Moongate; use that version, or move the file away.`,
      );
    }
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    if (version === 0) database.exec(`BEGIN; ${schema} COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
export function isDamagedContent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 11 || code === 26;
}

function lacksTables(error: unknown): boolean {
  return codeOf(error) === 1;
}

function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

function compressed(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : zstdCompressSync(text);
}

function opened(blob: unknown): string | undefined {
  return blob instanceof Uint8Array ? zstdDecompressSync(blob).toString() : undefined;
}

function wordsOf(text: string | undefined): string {
  return text === undefined ? "" : indexedText(text.slice(0, maxIndexedLength));
}
