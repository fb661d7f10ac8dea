// Reads committed records in the order in which they came, beside the thread that writes them: connections of its own,
// for reading only. Knows no reader and keeps no place.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { readLine } from "../record-lines.ts";
import type { FeedAnswer, FeedPlace, RecordFeed } from "./feed-place.ts";
import { partitionKey, readMeta } from "./partition.ts";
import { unpackChunk } from "./record-chunks.ts";

/** @param dir the folder of the log store; it need not be there yet */
export function openRecordFeed(dir: string): RecordFeed {
  return new PartitionFeed(dir);
}

interface OpenFile {
  readonly key: string;
  readonly inode: number;
  readonly db: DatabaseSync;
  readonly mark: string;
  readonly earlier: number;
  readonly count: StatementSync;
  readonly chunk: StatementSync;
}

class PartitionFeed implements RecordFeed {
  readonly #dir: string;
  /** Oldest first. */
  #files: readonly OpenFile[] = [];

  constructor(dir: string) {
    this.#dir = dir;
  }

  read(after: FeedPlace | null, maxRecords: number): FeedAnswer {
    const files = this.#refresh();
    let { index, sequence, missed } = startOf(files, after);
    const records: ExchangeRecord[] = [];
    let file = files[index];
    while (file !== undefined && records.length < maxRecords) {
      const read = readFrom(file, sequence, maxRecords - records.length);
      records.push(...read.records);
      sequence = read.sequence;
      const next = files[index + 1];
      if (!read.isEnd || next === undefined) break;
      index += 1;
      sequence = 0;
      file = next;
    }
    const place =
      file === undefined ? (after ?? { partition: "", sequence: 0, total: 0 }) : placeAt(file, sequence);
    const last = files.at(-1);
    const more = last !== undefined && file !== undefined && !isAtEnd(last, file, sequence);
    return { records, place, more, missed };
  }

  end(): FeedPlace | null {
    const last = this.#refresh().at(-1);
    return last === undefined ? null : placeAt(last, countOf(last));
  }

  close(): void {
    for (const { db } of this.#files) db.close();
    this.#files = [];
  }

  /** Days come, go, and are replaced when they were damaged. */
  #refresh(): readonly OpenFile[] {
    const known = new Map(this.#files.map((file) => [`${file.key} ${file.inode}`, file]));
    const files: OpenFile[] = [];
    for (const name of namesIn(this.#dir)) {
      const key = partitionKey(name);
      const inode =
        key === undefined ? undefined : statSync(join(this.#dir, name), { throwIfNoEntry: false })?.ino;
      if (key === undefined || inode === undefined) continue;
      const file = known.get(`${key} ${inode}`) ?? openFile(join(this.#dir, name), key, inode);
      known.delete(`${key} ${inode}`);
      // Nothing behind it is read before it: nobody would come back for its records.
      if (file === undefined) break;
      files.push(file);
    }
    for (const { db } of known.values()) db.close();
    this.#files = files;
    return files;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Undefined while its writer has not made its tables yet. */
function openFile(path: string, key: string, inode: number): OpenFile | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    db.exec("PRAGMA busy_timeout = 5000");
    return {
      key,
      inode,
      db,
      ...readMeta(db),
      count: db.prepare("SELECT first + records AS records FROM chunks ORDER BY first DESC LIMIT 1"),
      chunk: db.prepare("SELECT first, bytes FROM chunks WHERE first <= ? ORDER BY first DESC LIMIT 1"),
    };
  } catch {
    // Looked at again next time; what is damaged for good is moved aside by its writer.
    db?.close();
    return undefined;
  }
}

function placeAt({ key, mark, earlier }: OpenFile, sequence: number): FeedPlace {
  return { partition: `${key}/${mark}`, sequence, total: earlier + sequence };
}

function countOf({ count }: OpenFile): number {
  return Number(count.get()?.["records"] ?? 0);
}

function isAtEnd(last: OpenFile, file: OpenFile, sequence: number): boolean {
  return file === last && sequence >= countOf(last);
}

/** Where to go on: in the partition of the place, or in the first one behind it. */
function startOf(
  files: readonly OpenFile[],
  after: FeedPlace | null,
): { readonly index: number; readonly sequence: number; readonly missed: number } {
  if (after === null) return { index: 0, sequence: 0, missed: 0 };
  const same = files.findIndex(({ key, mark }) => `${key}/${mark}` === after.partition);
  if (same !== -1) return { index: same, sequence: after.sequence, missed: 0 };
  const [key = ""] = after.partition.split("/");
  const next = files.findIndex((file) => file.key >= key);
  const file = files[next];
  if (file === undefined) return { index: files.length, sequence: 0, missed: 0 };
  return { index: next, sequence: 0, missed: Math.max(0, file.earlier - after.total) };
}

interface ReadRun {
  readonly records: readonly ExchangeRecord[];
  /** Behind the last of them. */
  readonly sequence: number;
  readonly isEnd: boolean;
}

function readFrom(file: OpenFile, from: number, maxRecords: number): ReadRun {
  const count = countOf(file);
  const records: ExchangeRecord[] = [];
  let sequence = from;
  while (sequence < count && records.length < maxRecords) {
    const row = file.chunk.get(sequence);
    const bytes = row?.["bytes"];
    if (!(bytes instanceof Uint8Array)) break;
    const first = Number(row?.["first"]);
    const chunk = unpackChunk(bytes);
    const end = Math.min(first + chunk.records, sequence + maxRecords - records.length);
    if (end <= sequence) break;
    for (; sequence < end; sequence += 1) {
      const line = chunk.line(sequence - first);
      const read = line === undefined ? undefined : readLine(line, chunk.layout);
      if (read !== undefined) records.push(read.record);
    }
  }
  return { records, sequence, isEnd: sequence >= count };
}
