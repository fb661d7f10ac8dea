// What the main thread does with the memory of limits: gives back what a dead worker held, and reads, restores and
// resets lasting counters. Knows no request and no file.
import type { KeyHash } from "../../lib/shared-table.ts";
import { LimitDesk } from "./limit-desk.ts";
import { allocateLimits, head, readName, writeName, type LimitRoom } from "./limit-memory.ts";
import type { LimitWindow } from "./limit-store.ts";

/** Under the lock, which workers may wait for. */
const restoredAtOnce = 1_000;

type Period = Extract<LimitWindow, { kind: "period" }>;

/** What was counted of a quota. */
export interface LastingCount {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly used: number;
  readonly reserved: number;
}

export interface LimitChanges {
  /** For the next call. */
  readonly mark: number;
  /** Each as it is when it is come to. */
  readonly counts: Iterable<LastingCount>;
}

export interface LimitTotals {
  /** Counters of values that clients choose. */
  readonly fleeting: number;
  readonly lasting: number;
  /** Counters that had to go although they held something, since the start. */
  readonly dropped: number;
}

export class LimitKeeper {
  /** What workers open their own views of. */
  readonly buffer: SharedArrayBuffer;
  readonly #desk: LimitDesk;

  constructor(room: LimitRoom, nowMs: () => number) {
    this.buffer = allocateLimits(room);
    this.#desk = new LimitDesk(this.buffer, room.columns, nowMs);
  }

  /** Before another thread gets the column of one that has ended. */
  releaseColumn(column: number): void {
    this.#desk.release(column);
  }

  get totals(): LimitTotals {
    const { fleeting, lasting, words } = this.#desk.memory;
    return {
      fleeting: fleeting.table.count,
      lasting: lasting.table.count,
      dropped: Atomics.load(words, head.dropped),
    };
  }

  /** Undefined for a quota of which nothing was ever counted. Its period may have ended. */
  read(key: string): LastingCount | undefined {
    return this.#within(key, (row) => this.#countOf(row, key));
  }

  /**
   * Puts back what an earlier process has counted, before any data plane counts: it is no change. A later period that
   * was counted already stays.
   */
  restore(counts: readonly Omit<LastingCount, "reserved">[]): void {
    const desk = this.#desk;
    for (let from = 0; from < counts.length; from += restoredAtOnce) {
      const piece = counts.slice(from, from + restoredAtOnce);
      const hashes = piece.map(({ key }) => desk.hashOf(key));
      desk.open();
      try {
        for (const [index, count] of piece.entries()) this.#restoreOne(count, hashes[index]);
      } finally {
        desk.close();
      }
    }
  }

  #restoreOne(
    { key, startMs, endMs, used }: Omit<LastingCount, "reserved">,
    hash: KeyHash | undefined,
  ): void {
    const desk = this.#desk;
    const row = hash === undefined ? -1 : desk.findOrAdd(true, hash);
    if (row < 0) return;
    const { counters } = desk.of(true);
    const window: Period = { kind: "period", startMs, endMs };
    counters.bring(row, window, desk.nowMs);
    if (counters.period(row)?.startMs !== startMs) return;
    counters.reset(row);
    counters.count(row, used);
    writeName(desk.memory.names, row, key);
  }

  /** Nothing is used any more in the period that runs; what is reserved stays so. */
  reset(key: string): void {
    this.#within(key, (row) => {
      this.#desk.of(true).counters.reset(row);
      this.#desk.changed(row);
    });
  }

  /** Its quota is no more. What still runs under it is then counted nowhere. */
  forget(key: string): void {
    this.#within(key, (row) => this.#desk.of(true).table.remove(row));
  }

  /** What was settled or reset since a mark; 0: since the start. */
  changedSince(mark: number): LimitChanges {
    const upTo = this.#desk.memory.changes[0] ?? 0;
    return { mark: upTo, counts: upTo === mark ? [] : this.#changedRows(mark) };
  }

  *#changedRows(mark: number): Generator<LastingCount> {
    const { changedAt, lasting } = this.#desk.memory;
    for (let row = 0; row < lasting.table.used; row += 1) {
      if ((changedAt[row] ?? 0) <= mark) continue;
      const count = this.#readRow(row);
      if (count !== undefined) yield count;
    }
  }

  #readRow(row: number): LastingCount | undefined {
    const desk = this.#desk;
    desk.open();
    try {
      if (!desk.of(true).table.isTaken(row)) return undefined;
      const key = readName(desk.memory.names, row);
      return key === "" ? undefined : this.#countOf(row, key);
    } finally {
      desk.close();
    }
  }

  #countOf(row: number, key: string): LastingCount | undefined {
    const { counters } = this.#desk.of(true);
    const period = counters.period(row);
    if (period === undefined) return undefined;
    return { key, ...period, used: counters.settled(row), reserved: counters.reserved(row) };
  }

  #within<T>(key: string, act: (row: number) => T): T | undefined {
    const desk = this.#desk;
    const hash = desk.hashOf(key);
    desk.open();
    try {
      const row = desk.find(true, hash);
      return row < 0 ? undefined : act(row);
    } finally {
      desk.close();
    }
  }
}
