// Counters that several threads see: one row per counted thing, one column per thread.
// A thread writes only its own column, so a dead thread's share is its column and can be taken back whole.

/** Rows of 32-bit counters over shared memory. Every thread opens its own view of one buffer. */
export class SharedCells {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #columns: number;
  readonly #column: number;

  /** @param column the thread's own column, 0 <= column < columns */
  constructor(buffer: SharedArrayBuffer, columns: number, column: number) {
    this.#cells = new Int32Array(buffer);
    this.#columns = columns;
    this.#column = column;
  }

  /** Makes memory that starts with room for `rows` and can grow to `maxRows`. */
  static allocate(columns: number, rows: number, maxRows: number): SharedArrayBuffer {
    const bytes = (count: number): number => count * columns * Int32Array.BYTES_PER_ELEMENT;
    return new SharedArrayBuffer(bytes(rows), { maxByteLength: bytes(maxRows) });
  }

  /** Makes sure that `rows` rows exist. @throws RangeError beyond the allocated maximum */
  grow(rows: number): void {
    const needed = rows * this.#columns * Int32Array.BYTES_PER_ELEMENT;
    const buffer = this.#cells.buffer;
    if (buffer.byteLength < needed) buffer.grow(needed);
  }

  /** Adds to this thread's cell of a row. */
  add(row: number, amount: number): void {
    Atomics.add(this.#cells, row * this.#columns + this.#column, amount);
  }

  /** The sum of a row over all threads. */
  sum(row: number): number {
    const start = row * this.#columns;
    let total = 0;
    for (let index = start; index < start + this.#columns; index += 1)
      total += Atomics.load(this.#cells, index);
    return total;
  }

  /** Sets a column to zero: what its thread held is released. */
  clearColumn(column: number): void {
    for (let index = column; index < this.#cells.length; index += this.#columns) {
      Atomics.store(this.#cells, index, 0);
    }
  }

  /** Sets a row to zero in every column, before it is given to another counted thing. */
  clearRow(row: number): void {
    const start = row * this.#columns;
    for (let index = start; index < start + this.#columns; index += 1) Atomics.store(this.#cells, index, 0);
  }
}
