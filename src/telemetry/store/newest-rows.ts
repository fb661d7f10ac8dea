// Keeps the newest rows out of many: by start, then by request id. Knows not what they are rows of.
import type { LogCursor } from "./log-cursor.ts";
import type { Block } from "./block-columns.ts";

export interface FoundRow<Source> {
  readonly source: Source;
  readonly block: Block;
  readonly row: number;
  readonly startMs: number;
}

export class NewestRows<Source> {
  readonly #limit: number;
  readonly #before: LogCursor | null;
  #rows: FoundRow<Source>[] = [];
  /** What starts earlier is not among them any more. */
  #sinceMs = -Infinity;

  /** @param before only what comes after this one in the order newest first */
  constructor(limit: number, before: LogCursor | null) {
    this.#limit = limit;
    this.#before = before;
  }

  /** Whether nothing of this block can be among them. */
  isPast({ minMs, maxMs }: Pick<Block, "minMs" | "maxMs">): boolean {
    if (this.#limit === 0 || maxMs < this.#sinceMs) return true;
    return this.#before !== null && minMs > this.#before.startMs;
  }

  /** @param fits a byte per row of the block */
  add(source: Source, block: Block, fits: Uint8Array): void {
    if (this.isPast(block)) return;
    const times = block.times();
    const before = this.#before;
    const beforeMs = before?.startMs ?? Infinity;
    for (let row = 0; row < fits.length; row += 1) {
      if (fits[row] === 0) continue;
      const startMs = times[row] ?? 0;
      if (startMs < this.#sinceMs || startMs > beforeMs) continue;
      if (before !== null && startMs === beforeMs && block.ids("requestId").at(row) >= before.requestId)
        continue;
      this.#rows.push({ source, block, row, startMs });
    }
    if (this.#rows.length > 2 * this.#limit + 1_000) this.#trim();
  }

  #trim(): void {
    this.#rows = this.#rows.toSorted(newestFirst).slice(0, this.#limit);
    if (this.#rows.length === this.#limit) this.#sinceMs = this.#rows.at(-1)?.startMs ?? -Infinity;
  }

  /** Newest first. */
  take(): readonly FoundRow<Source>[] {
    this.#trim();
    return this.#rows;
  }
}

function newestFirst(left: FoundRow<unknown>, right: FoundRow<unknown>): number {
  if (left.startMs !== right.startMs) return right.startMs - left.startMs;
  return left.block.ids("requestId").at(left.row) < right.block.ids("requestId").at(right.row) ? 1 : -1;
}
