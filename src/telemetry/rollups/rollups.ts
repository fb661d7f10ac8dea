// Counts records: each adds to one cell, by the time at which its exchange ended and by its series. What has come since
// the last `takeParts` is here; the rest stands in the partitions (`rollup-parts.ts`).
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { bucketOf } from "../log-buckets.ts";
import type { MetricFamily } from "../prometheus-text.ts";
import { isSuccess } from "../success.ts";
import { encodeCells } from "./cell-codec.ts";
import { dimensionIndex, histogramIndex, sumIndex, type SeriesTexts } from "./cell-layout.ts";
import { CellTable } from "./cell-table.ts";
import { PrometheusTotals, type SeriesCounters } from "./prometheus-totals.ts";
import { finestKeptMs, levelMs, partMs, slotOf, type RollupLevel } from "./rollup-levels.ts";
import { SeriesNames, type Series } from "./series-names.ts";
import { readWayText } from "./way-text.ts";

/** Cells of a time, to be written in the transaction that takes their records. */
export interface RollupPart {
  readonly level: RollupLevel;
  /** Milliseconds since 1970 of its beginning; several times are in it. */
  readonly slotMs: number;
  /** End of the oldest exchange in it. */
  readonly oldestMs: number;
  readonly cells: Uint8Array;
}

export interface RollupsOptions {
  readonly wallMs: () => number;
  /** What ended before is not counted for Prometheus: when the process began. Default: everything is. */
  readonly countedSinceMs?: number;
  /** Another bound only in tests. */
  readonly maxSeries?: number;
}

/** What is found with a series, so that a record need not be looked at twice. */
interface Attached {
  /** The chosen target gave the answer: its time to first data is measured. */
  readonly chosenServed: boolean;
  readonly counters: SeriesCounters;
}

export class Rollups {
  readonly #options: RollupsOptions;
  readonly #totals = new PrometheusTotals();
  #names: SeriesNames<Attached>;
  /** Which hour's names these are. */
  #namesHourMs = 0;
  #slots = new Map<string, OpenSlot>();
  #open = new Map<string, OpenPart>();
  #last: OpenSlot | undefined;
  /** What is open as parts, until something is added or taken. */
  #parts: readonly RollupPart[] | undefined;

  constructor(options: RollupsOptions) {
    this.#options = options;
    this.#names = this.#newNames();
  }

  /** @param endedMs when its exchange ended, milliseconds since 1970 */
  add(record: ExchangeRecord, endedMs: number): void {
    if (Number.isNaN(endedMs) || record.signals?.includes("m") === false) return;
    const slot = this.#slotAt(endedMs);
    this.#parts = undefined;
    if (slot.slotMs >= this.#namesHourMs + levelMs["1h"] || slot.slotMs < this.#namesHourMs - namesKeptMs) {
      this.#namesHourMs = slotOf("1h", endedMs);
      if (this.#names.isWorn) this.#names = this.#newNames();
    }
    const series = this.#names.of(record);
    const row = slot.rowOf(series);
    const { part } = slot;
    if (endedMs < part.oldestMs) part.oldestMs = endedMs;
    countRecord(part.table, row, record, endedMs);
    const { chosenServed, counters } = series.attached;
    if (endedMs >= (this.#options.countedSinceMs ?? -Infinity)) counters.add(record);
    const ttftMs = chosenServed ? (record.attempts.at(-1)?.ttftMs ?? null) : null;
    if (ttftMs !== null) part.table.measure(histogramIndex.targetTtft, row, bucketOf(ttftMs));
  }

  /** End of the oldest exchange that is here; Infinity without any. */
  get oldestMs(): number {
    return [...this.#open.values()].reduce((oldest, part) => Math.min(oldest, part.oldestMs), Infinity);
  }

  /** What has been added since the last time; from now on it is elsewhere. */
  takeParts(): readonly RollupPart[] {
    const parts = this.openParts();
    this.forgetParts();
    return parts;
  }

  /** What `openParts` has given just now is elsewhere. */
  forgetParts(): void {
    this.#slots = new Map();
    this.#open = new Map();
    this.#last = undefined;
    this.#parts = [];
  }

  /** The same, and it stays. The same parts until something has been added. */
  openParts(): readonly RollupPart[] {
    this.#parts ??= this.#encoded();
    return this.#parts;
  }

  #encoded(): readonly RollupPart[] {
    return [...this.#open.values()].map(({ level, slotMs, oldestMs, table }) => ({
      level,
      slotMs,
      oldestMs,
      cells: encodeCells(table.packed(), { compress: false }),
    }));
  }

  #slotAt(endedMs: number): OpenSlot {
    const last = this.#last;
    if (last !== undefined && endedMs >= last.slotMs && endedMs < last.endMs) return last;
    // What is read in late is not told apart so finely any more.
    const level = endedMs < this.#options.wallMs() - finestKeptMs ? "1m" : "10s";
    const slotMs = slotOf(level, endedMs);
    const name = `${level} ${slotMs}`;
    let slot = this.#slots.get(name);
    if (slot === undefined) this.#slots.set(name, (slot = new OpenSlot(this.#partAt(level, slotMs), slotMs)));
    this.#last = slot;
    return slot;
  }

  #partAt(level: RollupLevel, slotMs: number): OpenPart {
    const fromMs = Math.floor(slotMs / partMs[level]) * partMs[level];
    const name = `${level} ${fromMs}`;
    let part = this.#open.get(name);
    if (part === undefined)
      this.#open.set(name, (part = { level, slotMs: fromMs, table: new CellTable(), oldestMs: Infinity }));
    return part;
  }

  #newNames(): SeriesNames<Attached> {
    return new SeriesNames((texts) => this.#attachedTo(texts), this.#options.maxSeries);
  }

  #attachedTo(texts: SeriesTexts): Attached {
    const { kind, targets } = readWayText(texts[dimensionIndex.way] ?? "", "", "");
    return {
      chosenServed: kind === "sent" && targets.length === 1 && targets[0]?.[2] === "served",
      counters: this.#totals.countersOf(texts),
    };
  }

  /** What has been counted since the process began, for Prometheus. */
  families(): MetricFamily[] {
    return this.#totals.families();
  }
}

/** A clock that was ahead for a while holds back new names no longer than this. */
const namesKeptMs = 24 * levelMs["1h"];

/** Cells that are written together. */
interface OpenPart {
  readonly level: RollupLevel;
  readonly slotMs: number;
  readonly table: CellTable;
  oldestMs: number;
}

class OpenSlot {
  readonly part: OpenPart;
  readonly slotMs: number;
  readonly endMs: number;
  readonly #rows = new Map<Series<Attached>, number>();

  constructor(part: OpenPart, slotMs: number) {
    this.part = part;
    this.slotMs = slotMs;
    this.endMs = slotMs + levelMs[part.level];
  }

  rowOf(series: Series<Attached>): number {
    const known = this.#rows.get(series);
    if (known !== undefined) return known;
    const row = this.part.table.addRow([...series.texts, String(this.slotMs)]);
    this.#rows.set(series, row);
    return row;
  }
}

function countRecord(table: CellTable, row: number, record: ExchangeRecord, endedMs: number): void {
  const { usage, durationMs, overheadMs, ttftMs, fallbackFrom, cache, costUsd, saved } = record;
  table.add(sumIndex.requests, row, 1);
  if (isSuccess(record)) table.add(sumIndex.succeeded, row, 1);
  table.add(sumIndex.attempts, row, record.attempts.length);
  if (fallbackFrom !== "") {
    table.add(sumIndex.fallbacks, row, 1);
    if (record.outcome === "ok") table.add(sumIndex.recovered, row, 1);
  }
  if (saved !== undefined) {
    table.add(sumIndex.savedInputTokens, row, saved.inputTokens);
    table.add(sumIndex.savedOutputTokens, row, saved.outputTokens);
    table.add(sumIndex.savedCostUsd, row, saved.costUsd ?? 0);
  }
  if (cache === "hit") table.add(sumIndex.cacheHits, row, 1);
  else if (cache === "miss") table.add(sumIndex.cacheMisses, row, 1);
  table.add(sumIndex.costUsd, row, costUsd ?? 0);
  table.started(row, endedMs - durationMs);
  table.measure(histogramIndex.duration, row, bucketOf(durationMs));
  table.measure(histogramIndex.overhead, row, bucketOf(overheadMs));
  if (ttftMs !== null) table.measure(histogramIndex.ttft, row, bucketOf(ttftMs));
  if (usage === null) return;
  if (usage.estimated) table.add(sumIndex.estimated, row, 1);
  table.add(sumIndex.inputTokens, row, usage.inputTokens);
  table.add(sumIndex.cachedInputTokens, row, usage.cachedInputTokens);
  table.add(sumIndex.cacheWriteTokens, row, usage.cacheWriteTokens);
  table.add(sumIndex.outputTokens, row, usage.outputTokens);
  table.add(sumIndex.reasoningTokens, row, usage.reasoningTokens);
  table.add(sumIndex.images, row, usage.images ?? 0);
  table.add(sumIndex.seconds, row, usage.seconds ?? 0);
  table.add(sumIndex.characters, row, usage.characters ?? 0);
  const speed = outputSpeedOf(record);
  if (speed !== null) table.measure(histogramIndex.speed, row, bucketOf(speed));
}

/** Output tokens a second of one stream, after its first data; null where nothing was measured. */
export function outputSpeedOf({ stream, ttftMs, durationMs, usage }: ExchangeRecord): number | null {
  const tokens = usage?.outputTokens ?? 0;
  if (!stream || ttftMs === null || tokens < 2 || durationMs <= ttftMs) return null;
  return (tokens * 1000) / (durationMs - ttftMs);
}
