import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { decodeCells } from "./cell-codec.ts";
import { cellDimensions, histogramIndex, sumIndex } from "./cell-layout.ts";
import { levelMs, type RollupLevel } from "./rollup-levels.ts";
import { foldRollups, keepHours, reachOf, rollupSchema, writeParts } from "./rollup-parts.ts";
import { Rollups } from "./rollups.ts";

const nowMs = Date.UTC(2030, 0, 8, 12, 7, 35);
const hourMs = levelMs["1h"];

function open(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(rollupSchema);
  return db;
}

/** Series and what they hold, over everything that an answer of this level is made of. */
function cellsOf(db: DatabaseSync, level: RollupLevel): Map<string, number[]> {
  const cells = new Map<string, number[]>();
  const rows = db
    .prepare("SELECT cells FROM rollup_parts WHERE level = ? OR (level < ? AND folded = 0)")
    .all(levelMs[level], levelMs[level]);
  for (const { cells: bytes } of rows) {
    const read = decodeCells(bytes as Uint8Array);
    const durations = read.histogram(histogramIndex.duration);
    for (let row = 0; row < read.rows; row += 1) {
      const texts = cellDimensions.map((_name, index) => {
        const column = read.dimension(index);
        return column.texts[column.codes[row] ?? 0];
      });
      const key = texts.slice(0, -1).join(" | ");
      const before = cells.get(key) ?? [0, 0, 0, 0];
      let measured = 0;
      for (
        let at = row === 0 ? 0 : (durations?.ends[row - 1] ?? 0);
        at < (durations?.ends[row] ?? 0);
        at += 1
      )
        measured += (durations?.counts[at] ?? 0) * (1 + (durations?.buckets[at] ?? 0));
      const told = [sumIndex.requests, sumIndex.inputTokens, sumIndex.costUsd].map(
        (sum) => read.sum(sum)?.[row] ?? 0,
      );
      cells.set(
        key,
        [...told, measured].map((value, index) => value + (before[index] ?? 0)),
      );
    }
  }
  return cells;
}

/** Parts that have settled long enough to be folded, and are not. */
function unfolded(db: DatabaseSync): number {
  const row = db
    .prepare(
      "SELECT count(*) AS n FROM rollup_parts WHERE folded = 0 AND ((level = 10000 AND slotMs < ?) OR (level = 60000 AND slotMs < ?))",
    )
    .get(nowMs - 120_000, nowMs - 22 * 60_000);
  return Number(row?.["n"]);
}

const anyRecord = fc
  .record({
    api: fc.constantFrom("a", "b"),
    consumer: fc.constantFrom("", "c", "d"),
    status: fc.constantFrom(200, 404, 502),
    durationMs: fc.constantFrom(1, 20, 300, 4000),
    costUsd: fc.constantFrom(null, 0, 0.25, 1),
    inputTokens: fc.constantFrom(0, 7, 400),
  })
  .map(({ inputTokens, ...fields }) =>
    recordOf({
      ...fields,
      usage: {
        inputTokens,
        outputTokens: 0,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        reasoningTokens: 0,
        estimated: false,
      },
    }),
  );

describe("folding", () => {
  test("every level holds every record once, however they come and whenever it is folded", () => {
    const batches = fc.array(
      fc.tuple(
        fc.array(fc.tuple(anyRecord, fc.integer({ min: 0, max: 5 * hourMs })), { maxLength: 20 }),
        fc.boolean(),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(batches, (given) => {
        const db = open();
        const whole = open();
        const at = nowMs - 2 * hourMs;
        const rollups = new Rollups({ wallMs: () => at });
        const all = new Rollups({ wallMs: () => at });
        for (const [records, fold] of given) {
          for (const [record, agoMs] of records) {
            rollups.add(record, nowMs - agoMs);
            all.add(record, nowMs - agoMs);
          }
          writeParts(db, rollups.takeParts());
          if (fold) foldRollups(db, nowMs, () => true);
        }
        writeParts(whole, all.takeParts());
        const expected = cellsOf(whole, "1h");
        expect(cellsOf(db, "1h")).toEqual(expected);
        expect(cellsOf(db, "1m")).toEqual(expected);
        // A piece at a time.
        while (foldRollups(db, nowMs, () => true)) expect(cellsOf(db, "1h")).toEqual(expected);
        expect(unfolded(db)).toBe(0);
        expect(cellsOf(db, "1h")).toEqual(expected);
        expect(cellsOf(db, "1m")).toEqual(expected);
        const hours = open();
        for (let again = 0; again < 2; again += 1)
          keepHours({ partition: db, name: "2030-01-08", hours, nowMs });
        expect(cellsOf(hours, "1h")).toEqual(expected);
        expect(reachOf(hours)).toBe(reachOf(whole));
      }),
      { numRuns: 40 },
    );
  });

  test("an hour is one part, ten seconds go after three hours, minutes stay", () => {
    const db = open();
    const rollups = new Rollups({ wallMs: () => nowMs - 6 * hourMs });
    for (let agoMs = 0; agoMs < 6 * hourMs; agoMs += 5_000) {
      rollups.add(recordOf({}), nowMs - agoMs);
      if (agoMs % 60_000 === 0) writeParts(db, rollups.takeParts());
    }
    writeParts(db, rollups.takeParts());
    while (foldRollups(db, nowMs));
    const count = (level: RollupLevel, where = "") =>
      db
        .prepare(
          `SELECT count(*) AS n, count(DISTINCT slotMs) AS slots FROM rollup_parts WHERE level = ? ${where}`,
        )
        .get(levelMs[level]);
    expect(count("1h")).toEqual({ n: 6, slots: 6 });
    const minutes = db.prepare("SELECT cells FROM rollup_parts WHERE level = 60000").all();
    const times = new Set(minutes.flatMap(({ cells }) => decodeCells(cells as Uint8Array).slotsMs));
    expect(times.size).toBe(360);
    expect(minutes.length).toBeLessThan(60);
    const { oldest } =
      db.prepare("SELECT min(slotMs) AS oldest FROM rollup_parts WHERE level = 10000").get() ?? {};
    expect(Number(oldest)).toBeGreaterThanOrEqual(nowMs - 3 * hourMs - 60_000);
    expect(reachOf(db)).toBe(nowMs - 6 * hourMs + 5_000);
  });
});

describe("records", () => {
  const rowsOf = (rollups: Rollups): number =>
    rollups.openParts().reduce((sum, { cells }) => sum + decodeCells(cells).rows, 0);

  test.each<[string, Partial<ExchangeRecord>, number]>([
    ["says nothing of signals", {}, 1],
    ["has metrics among its signals", { signals: "ml" }, 1],
    ["has no metrics among its signals", { signals: "lt" }, 0],
  ])("one that %s adds %d rows", (_name, fields, rows) => {
    const rollups = new Rollups({ wallMs: () => nowMs });
    rollups.add(recordOf(fields), nowMs);
    expect(rowsOf(rollups)).toBe(rows);
  });

  test("without a time counts nothing", () => {
    const rollups = new Rollups({ wallMs: () => nowMs });
    rollups.add(recordOf({}), Number.NaN);
    expect(rowsOf(rollups)).toBe(0);
  });

  test("names that clients choose, and series, are bounded; nothing is lost", () => {
    const rollups = new Rollups({ wallMs: () => nowMs, maxSeries: 200 });
    for (let index = 0; index < 3_000; index += 1)
      rollups.add(recordOf({ requestedModel: `m${index}`, consumer: `c${index % 500}` }), nowMs);
    const [part] = rollups.takeParts();
    const read = decodeCells(part?.cells ?? new Uint8Array());
    expect(read.rows).toBeLessThan(400);
    const requests = Array.from(read.sum(sumIndex.requests) ?? []);
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(3_000);
    const texts = (name: (typeof cellDimensions)[number]) =>
      read.dimension(cellDimensions.indexOf(name)).texts;
    expect(texts("requestedModel").length).toBeLessThanOrEqual(101);
    expect(texts("consumer")).toContain("other");
  });
});
