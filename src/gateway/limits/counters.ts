// The counts behind limits, as rows of numbers in shared memory: what was settled in a window, and what is reserved.
// Knows neither keys nor threads: who uses it holds the lock.
import type { LimitWindow } from "./limit-store.ts";

/** A sliding window is kept in so many parts; a count leaves at most one part late, never early. */
export const windowParts = 30;
const ring = windowParts + 1;

const [shape, start, end, settled, reserved, holds, parts] = [0, 1, 2, 3, 4, 5, 6];
export const counterFields = 40;

/** In `shape`; a sliding window has its length there. */
const openShape = 0;
const periodShape = -1;

export class Counters {
  readonly #values: Float64Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer, offset: number, rows: number) {
    this.#values = new Float64Array(buffer, offset, rows * counterFields);
  }

  static bytes(rows: number): number {
    return rows * counterFields * Float64Array.BYTES_PER_ELEMENT;
  }

  clear(row: number): void {
    this.#values.fill(0, row * counterFields, (row + 1) * counterFields);
  }

  settled(row: number): number {
    return this.#get(row, settled);
  }

  reserved(row: number): number {
    return this.#get(row, reserved);
  }

  /** Requests that hold something of it. */
  holds(row: number): number {
    return this.#get(row, holds);
  }

  /** Undefined for a counter that has none. */
  period(row: number): { readonly startMs: number; readonly endMs: number } | undefined {
    if (this.#get(row, shape) !== periodShape) return undefined;
    return { startMs: this.#get(row, start), endMs: this.#get(row, end) };
  }

  /**
   * Lets go what has left the window. Another kind or length of window starts anew, as does a later period; an earlier
   * one does not, so that a clock that steps back gives nothing away.
   * @param nowMs monotonic
   */
  bring(row: number, window: LimitWindow, nowMs: number): void {
    switch (window.kind) {
      case "open":
        if (this.#get(row, shape) !== openShape) this.#anew(row, openShape, 0);
        return;
      case "sliding": {
        const epoch = Math.floor(nowMs / partMs(window.ms));
        if (this.#get(row, shape) !== window.ms) this.#anew(row, window.ms, epoch);
        else this.#advance(row, epoch);
        return;
      }
      case "period":
        if (this.#get(row, shape) !== periodShape || this.#get(row, start) < window.startMs)
          this.#anew(row, periodShape, window.startMs);
        if (this.#get(row, start) === window.startMs) this.#set(row, end, window.endMs);
    }
  }

  /** Counts in the part that is open now, which it returns. */
  count(row: number, amount: number): number {
    this.#add(row, settled, amount);
    const epoch = this.#get(row, start);
    if (this.#get(row, shape) > 0) this.#add(row, parts + (epoch % ring), amount);
    return epoch;
  }

  /** Takes back what was counted in a part, as far as it has not left the window. */
  uncount(row: number, amount: number, epoch: number): void {
    const now = this.#get(row, start);
    if (this.#get(row, shape) > 0) {
      if (now - epoch > windowParts) return;
      this.#add(row, parts + (epoch % ring), -amount);
    } else if (now !== epoch) return;
    this.#add(row, settled, -amount);
  }

  reserve(row: number, amount: number): void {
    this.#add(row, holds, 1);
    this.#add(row, reserved, amount);
  }

  release(row: number, amount: number): void {
    this.#add(row, holds, -1);
    // Sums of fractions come back to zero only like this.
    if (this.#get(row, holds) === 0) this.#set(row, reserved, 0);
    else this.#add(row, reserved, -amount);
  }

  /** Nothing is settled in this period any more. */
  reset(row: number): void {
    this.#values.fill(0, row * counterFields + parts, (row + 1) * counterFields);
    this.#set(row, settled, 0);
  }

  /** Whether it would say the same if it were made anew. */
  isIdle(row: number, nowMs: number): boolean {
    if (this.#get(row, holds) > 0) return false;
    const ms = this.#get(row, shape);
    if (ms === periodShape) return false;
    if (ms > 0) this.#advance(row, Math.floor(nowMs / partMs(ms)));
    return this.#get(row, settled) === 0;
  }

  /** Ms until so much of what is settled has left its window; with `Infinity` all of it. */
  freedInMs(row: number, amount: number, nowMs: number): number {
    const ms = this.#get(row, shape);
    if (ms <= 0) return 0;
    const epoch = this.#get(row, start);
    let freed = 0;
    let atMs = 0;
    for (let part = epoch - windowParts; part <= epoch && freed < amount; part += 1) {
      const counted = part < 0 ? 0 : this.#get(row, parts + (part % ring));
      if (counted === 0) continue;
      freed += counted;
      atMs = (part + ring) * partMs(ms) - nowMs;
    }
    // What is still reserved leaves a whole window after it has been settled, at the latest.
    return freed < amount && amount !== Infinity ? ms + partMs(ms) : atMs;
  }

  /** After a thread was ended while it wrote: what is reserved is then told anew by the ledgers. */
  rebuild(row: number): void {
    this.#set(row, holds, 0);
    this.#set(row, reserved, 0);
    if (this.#get(row, shape) <= 0) return;
    let sum = 0;
    for (let part = 0; part < ring; part += 1) sum += this.#get(row, parts + part);
    this.#set(row, settled, sum);
  }

  #anew(row: number, newShape: number, newStart: number): void {
    this.reset(row);
    this.#set(row, shape, newShape);
    this.#set(row, start, newStart);
  }

  #advance(row: number, epoch: number): void {
    const before = this.#get(row, start);
    if (epoch <= before) return;
    this.#set(row, start, epoch);
    if (epoch - before > windowParts) return this.reset(row);
    for (let part = before + 1; part <= epoch; part += 1) {
      const field = parts + (part % ring);
      this.#add(row, settled, -this.#get(row, field));
      this.#set(row, field, 0);
    }
  }

  #get(row: number, field: number): number {
    return this.#values[row * counterFields + field] ?? 0;
  }

  #set(row: number, field: number, value: number): void {
    this.#values[row * counterFields + field] = value;
  }

  #add(row: number, field: number, amount: number): void {
    this.#set(row, field, this.#get(row, field) + amount);
  }
}

function partMs(windowMs: number): number {
  return windowMs / windowParts;
}
