// How far each lane of a sink has come, durably: a small SQLite file beside the store. Knows no sink and no record.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseJson } from "../line-layout.ts";
import type { FeedPlace } from "../store/feed-place.ts";

/** What is kept of a lane. Counts since it was created. */
export interface LaneProgress {
  /** Everything up to here is done; null = nothing that was ever committed. */
  readonly place: FeedPlace | null;
  /** Records behind the place that are done too. */
  readonly done: number;
  readonly delivered: number;
  readonly deadLettered: number;
  readonly rejected: number;
  readonly dropped: number;
  /** ISO 8601, UTC. */
  readonly lastDeliveredAt: string | null;
}

export interface LanePlaces {
  read(lane: string): LaneProgress | undefined;
  write(lane: string, progress: LaneProgress): void;
  lanes(): readonly string[];
  forget(lane: string): void;
  close(): void;
}

const fileName = "delivery.db";
const schemaVersion = 1;

/**
 * A damaged file is moved aside: all lanes begin anew, with what is recorded from now on.
 * @param onProblem told of that
 * @throws when the file is of a newer build, or the disk takes none
 */
export function openLanePlaces(dir: string, onProblem: (error: Error) => void): LanePlaces {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, fileName);
  try {
    return placesIn(openDatabase(file));
  } catch (error) {
    if (!isDamage(error)) throw error;
    renameSync(file, `${file}.damaged`);
    for (const side of ["-wal", "-shm"]) rmSync(`${file}${side}`, { force: true });
    onProblem(new Error(`${fileName} is damaged and was moved aside: every sink begins anew`));
    return placesIn(openDatabase(file));
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && /malformed|not a database/u.test(error.message);
}

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // Each delivery is written down before the next: FULL, or a power cut would repeat many.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    if (version > schemaVersion)
      throw new Error(`${fileName} was written by a newer version of this program`);
    database.exec(
      `CREATE TABLE IF NOT EXISTS lane (name TEXT PRIMARY KEY, progress TEXT NOT NULL) STRICT;
       PRAGMA user_version = ${schemaVersion}`,
    );
    // It is small, and one that is damaged behind its head would stop every sink when its places are read.
    const sound = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (sound !== "ok") throw new Error(`${fileName} is malformed: ${String(sound)}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function placesIn(database: DatabaseSync): LanePlaces {
  const read = database.prepare("SELECT progress FROM lane WHERE name = ?");
  const write = database.prepare("INSERT OR REPLACE INTO lane (name, progress) VALUES (?, ?)");
  const names = database.prepare("SELECT name FROM lane ORDER BY name");
  const forget = database.prepare("DELETE FROM lane WHERE name = ?");
  return {
    read: (lane) => {
      const text = read.get(lane)?.["progress"];
      // Nothing but `write` puts anything there; what a damaged disk has made of it begins anew.
      return typeof text === "string" ? (parseJson(text) as LaneProgress | undefined) : undefined;
    },
    write: (lane, progress) => void write.run(lane, JSON.stringify(progress)),
    lanes: () => names.all().map((row) => String(row["name"])),
    forget: (lane) => void forget.run(lane),
    close: () => database.close(),
  };
}
