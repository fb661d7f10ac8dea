// Roll-ups in a partition: parts are appended with the records that they count, later folded to minutes and hours. A part
// that is not folded yet is part of every coarser answer, so that each record counts once at any moment.
import type { DatabaseSync } from "node:sqlite";
import { decodeCells, encodeCells, type CellColumns, type CellSource } from "./cell-codec.ts";
import { joinCells } from "./join-cells.ts";
import { CellMerger } from "./merge-cells.ts";
import { finestKeptMs, levelMs, minutesPackMs, slotOf, type RollupLevel } from "./rollup-levels.ts";
import type { RollupPart } from "./rollups.ts";

/** Tables of a partition, and of the file that keeps the hours of partitions that are gone. */
export const rollupSchema = `
CREATE TABLE IF NOT EXISTS rollup_parts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  level INTEGER NOT NULL,
  slotMs INTEGER NOT NULL,
  folded INTEGER NOT NULL DEFAULT 0,
  cells BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS rollup_parts_by_slot ON rollup_parts (level, folded, slotMs);
CREATE TABLE IF NOT EXISTS rollup_reach (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  oldestMs REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rollup_taken (
  name TEXT PRIMARY KEY,
  takenMs REAL NOT NULL
) STRICT;
`;

/** Parts of a time are folded when so much more has passed: what ends now is written within seconds. */
const settleMs = 30_000;
/** So much is folded at a time: an hour grows by a few minutes, so that nothing waits long for a fold. */
const foldedMs: Readonly<Record<RollupLevel, number>> = {
  "10s": 0,
  "1m": levelMs["1m"],
  "1h": minutesPackMs,
};
/** In one call. */
const maxFolded: Readonly<Record<RollupLevel, number>> = { "10s": 0, "1m": 60, "1h": 24 };

/** To be called within the transaction that takes the records. */
export function writeParts(db: DatabaseSync, parts: readonly RollupPart[]): void {
  if (parts.length === 0) return;
  const insert = db.prepare("INSERT INTO rollup_parts (level, slotMs, cells) VALUES (?, ?, ?)");
  for (const { level, slotMs, cells } of parts) insert.run(levelMs[level], slotMs, cells);
  reachBack(
    db,
    parts.reduce((oldest, part) => Math.min(oldest, part.oldestMs), Infinity),
  );
}

/** Records are known back to this moment, counted or not. */
export function reachBack(db: DatabaseSync, oldestMs: number): void {
  if (!Number.isFinite(oldestMs)) return;
  db.prepare(
    `INSERT INTO rollup_reach (id, oldestMs) VALUES (1, ?)
     ON CONFLICT (id) DO UPDATE SET oldestMs = min(oldestMs, excluded.oldestMs)`,
  ).run(oldestMs);
}

/** End of the oldest exchange that is counted there; null without any. */
export function reachOf(db: DatabaseSync): number | null {
  const row = db.prepare("SELECT oldestMs FROM rollup_reach WHERE id = 1").get();
  return row === undefined ? null : Number(row["oldestMs"]);
}

/**
 * Folds what has settled, and drops ten seconds that have been folded and are too old to be told apart. Can be called as
 * often as wanted, outside of a transaction.
 * @param isOver whether the rest is to wait; asked after each piece, so that one of each level is folded at least
 * @returns whether there was more to fold than one call folds
 */
export function foldRollups(db: DatabaseSync, nowMs: number, isOver: () => boolean = () => false): boolean {
  const minutes = foldLevel(db, "1m", nowMs, isOver);
  const hours = foldLevel(db, "1h", nowMs, isOver);
  db.prepare("DELETE FROM rollup_parts WHERE level = ? AND folded = 1 AND slotMs < ?").run(
    levelMs["10s"],
    nowMs - finestKeptMs - levelMs["1m"],
  );
  return minutes || hours;
}

function foldLevel(db: DatabaseSync, to: "1m" | "1h", nowMs: number, isOver: () => boolean): boolean {
  const from = to === "1m" ? "10s" : "1m";
  const longMs = foldedMs[to];
  const slots = db
    .prepare(
      `SELECT DISTINCT slotMs - slotMs % ? AS slotMs FROM rollup_parts
       WHERE level = ? AND folded = 0 AND slotMs < ? ORDER BY 1 LIMIT ?`,
    )
    .all(longMs, levelMs[from], Math.floor((nowMs - settleMs) / longMs) * longMs, maxFolded[to])
    .map((row) => Number(row["slotMs"]));
  for (const [index, slotMs] of slots.entries()) {
    inTransaction(db, () => foldSlot(db, from, to, slotMs));
    if (isOver() && index < slots.length - 1) return true;
  }
  return slots.length === maxFolded[to];
}

/**
 * What came late to a slot that is folded already is folded the same way: minutes and tens of seconds may have several
 * parts, an hour has one.
 */
function foldSlot(db: DatabaseSync, from: RollupLevel, to: RollupLevel, slotMs: number): void {
  const coarse = new CellMerger({ slotMs: levelMs[to] });
  const span = [levelMs[from], slotMs, slotMs + foldedMs[to]] as const;
  const parts = "level = ? AND folded = 0 AND slotMs >= ? AND slotMs < ?";
  const cells = db
    .prepare(`SELECT cells FROM rollup_parts WHERE ${parts}`)
    .all(...span)
    .map((row) => decodeCells(bytesOf(row["cells"])));
  for (const part of cells) coarse.add(part);
  // Many small parts of a time become one, in which the times stay apart.
  db.prepare(`DELETE FROM rollup_parts WHERE ${parts}`).run(...span);
  insertFolded(db, { level: from, slotMs, cells: packed(from, cells), folded: 1 });
  if (to === "1h") addToHour(db, slotOf("1h", slotMs), coarse);
  else insertFolded(db, { level: to, slotMs, cells: coarse.table.packed(), folded: 0 });
}

/** Tens of seconds came in several parts each, of the same series; minutes are whole. */
function packed(level: RollupLevel, cells: readonly CellColumns[]): CellSource {
  if (level === "1m") return joinCells(cells);
  const merger = new CellMerger({ slotMs: null });
  for (const part of cells) merger.add(part);
  return merger.table.packed();
}

/** An hour has one part, and is never folded. */
function addToHour(db: DatabaseSync, slotMs: number, merger: CellMerger): void {
  const known = [levelMs["1h"], slotMs] as const;
  const select = db.prepare("SELECT cells FROM rollup_parts WHERE level = ? AND folded = 0 AND slotMs = ?");
  for (const row of select.all(...known)) merger.add(decodeCells(bytesOf(row["cells"])));
  db.prepare("DELETE FROM rollup_parts WHERE level = ? AND folded = 0 AND slotMs = ?").run(...known);
  insertFolded(db, { level: "1h", slotMs, cells: merger.table.packed(), folded: 0 });
}

interface FoldedPart {
  readonly level: RollupLevel;
  readonly slotMs: number;
  readonly cells: CellSource;
  readonly folded: 0 | 1;
}

function insertFolded(db: DatabaseSync, { level, slotMs, cells, folded }: FoldedPart): void {
  db.prepare("INSERT INTO rollup_parts (level, slotMs, folded, cells) VALUES (?, ?, ?, ?)").run(
    levelMs[level],
    slotMs,
    folded,
    encodeCells(cells, { compress: true }),
  );
}

/** Hours are kept for so long after their records are gone. */
const hoursKeptMs = 400 * 24 * levelMs["1h"];

export interface HoursToKeep {
  readonly partition: DatabaseSync;
  /** Its name for ever, such as its day: nothing is kept twice. */
  readonly name: string;
  /** The file of hours; has `rollupSchema`. */
  readonly hours: DatabaseSync;
  readonly nowMs: number;
}

/** Hands the hours of a partition on. It is to be removed at once then: both together would count twice. */
export function keepHours({ partition, name, hours, nowMs }: HoursToKeep): void {
  // Whatever has not settled by now never will.
  while (foldRollups(partition, Infinity));
  inTransaction(hours, () => {
    const taken = hours.prepare(
      "INSERT INTO rollup_taken (name, takenMs) VALUES (?, ?) ON CONFLICT DO NOTHING",
    );
    if (taken.run(name, nowMs).changes === 0) return;
    const select = partition.prepare("SELECT slotMs, cells FROM rollup_parts WHERE level = ?");
    for (const row of select.iterate(levelMs["1h"])) {
      const merger = new CellMerger({ slotMs: levelMs["1h"] });
      merger.add(decodeCells(bytesOf(row["cells"])));
      addToHour(hours, Number(row["slotMs"]), merger);
    }
    reachBack(hours, reachOf(partition) ?? Infinity);
    dropOld(hours, nowMs - hoursKeptMs);
  });
}

function dropOld(hours: DatabaseSync, beforeMs: number): void {
  hours.prepare("DELETE FROM rollup_parts WHERE slotMs < ?").run(beforeMs);
  hours.prepare("DELETE FROM rollup_taken WHERE takenMs < ?").run(beforeMs);
  hours.prepare("UPDATE rollup_reach SET oldestMs = max(oldestMs, ?)").run(beforeMs);
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error("a part of the roll-ups is not what it was written as");
}
