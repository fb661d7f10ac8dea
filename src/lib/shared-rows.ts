// Records of numbers that several threads read and write: one row per thing, a fixed set of fields.

/** Fields of a row; the first is the lock's. */
export const rowFields = 64;
const rowBytes = rowFields * Float64Array.BYTES_PER_ELEMENT;
const rowWords = rowBytes / Int32Array.BYTES_PER_ELEMENT;
/** A thread that waits longer than this takes the lock: its holder was ended, or sleeps and would lose one update. */
const maxSpins = 20_000;

/**
 * Rows of 64-bit floats over shared memory. Every thread opens its own view of one buffer.
 * Reading needs no lock, as an aligned number is never seen half-written on a 64-bit machine. What reads, computes and
 * writes a row takes its lock; nothing may throw or wait while it is held.
 */
export class SharedRows {
  /** Field `f` of row `r` is `values[r * rowFields + f]`, 1 <= f < rowFields. */
  readonly values: Float64Array<SharedArrayBuffer>;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer) {
    this.values = new Float64Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  /** Makes memory for so many rows. The system gives pages only once they are written. */
  static allocate(rows: number): SharedArrayBuffer {
    return new SharedArrayBuffer(rows * rowBytes);
  }

  get rows(): number {
    return this.values.length / rowFields;
  }

  lock(row: number): void {
    const word = row * rowWords;
    for (let spins = 0; spins < maxSpins; spins += 1) {
      if (Atomics.compareExchange(this.#words, word, 0, 1) === 0) return;
    }
  }

  unlock(row: number): void {
    Atomics.store(this.#words, row * rowWords, 0);
  }

  /** Sets a row to zero, before it is given to another thing. */
  clearRow(row: number): void {
    this.lock(row);
    this.values.fill(0, row * rowFields + 1, (row + 1) * rowFields);
    this.unlock(row);
  }
}
