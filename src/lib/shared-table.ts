// Finds rows of shared memory by a hash of 128 bits, in the order of their use. Knows not what a row holds. Not a thread
// safe thing by itself: who uses it holds a lock.

/** A key's hash: four words. Made with a secret of the process, so that nobody can choose keys that meet. */
export type KeyHash = Int32Array;

const headerInts = 8;
const [used, freed, newest, oldest, count] = [0, 1, 2, 3, 4];
/** Per row: its hash, its neighbours in the order of use, whether it is taken, and how often it was given. */
const rowInts = 8;
const [next, previous, taken, given] = [4, 5, 6, 7];

/** Rows are given densely from 0, so that memory is touched only as it is needed. */
export class SharedTable {
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #index: Int32Array<SharedArrayBuffer>;
  readonly #rows: Int32Array<SharedArrayBuffer>;
  readonly #mask: number;
  readonly capacity: number;

  constructor(buffer: SharedArrayBuffer, offset: number, capacity: number) {
    const slots = indexSlots(capacity);
    this.capacity = capacity;
    this.#mask = slots - 1;
    this.#header = new Int32Array(buffer, offset, headerInts);
    this.#index = new Int32Array(buffer, offset + headerInts * 4, slots);
    this.#rows = new Int32Array(buffer, offset + (headerInts + slots) * 4, capacity * rowInts);
  }

  /** Bytes for so many rows, a multiple of 8. */
  static bytes(capacity: number): number {
    return (headerInts + indexSlots(capacity) + capacity * rowInts) * 4;
  }

  /** Rows that are taken. */
  get count(): number {
    return this.#header[count] ?? 0;
  }

  /** Rows that were ever taken: all others are untouched. */
  get used(): number {
    return this.#header[used] ?? 0;
  }

  isTaken(row: number): boolean {
    return this.#rows[row * rowInts + taken] === 1;
  }

  /** Changes whenever the row is given to another key. */
  givenTo(row: number): number {
    return this.#rows[row * rowInts + given] ?? 0;
  }

  /** -1: there is none. */
  find(hash: KeyHash): number {
    for (let slot = this.#home(hash[0] ?? 0); ; slot = (slot + 1) & this.#mask) {
      const row = (this.#index[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (this.#holds(row, hash)) return row;
    }
  }

  /** A row for a hash that has none; -1: all are taken. */
  add(hash: KeyHash): number {
    const row = this.#free();
    if (row < 0) return -1;
    const at = row * rowInts;
    for (let word = 0; word < 4; word += 1) this.#rows[at + word] = hash[word] ?? 0;
    this.#rows[at + given] = (this.#rows[at + given] ?? 0) + 1;
    this.#rows[at + taken] = 1;
    this.#enter(row);
    this.#append(row);
    this.#header[count] = this.count + 1;
    return row;
  }

  remove(row: number): void {
    this.#leave(row);
    this.#unlink(row);
    const at = row * rowInts;
    this.#rows[at + taken] = 0;
    this.#rows[at + next] = this.#header[freed] ?? 0;
    this.#header[freed] = row + 1;
    this.#header[count] = this.count - 1;
  }

  /** Makes it the one that was used last. */
  touch(row: number): void {
    if (this.#header[newest] === row + 1) return;
    this.#unlink(row);
    this.#append(row);
  }

  /** The one that was used least lately; -1: there is none. */
  get oldest(): number {
    return (this.#header[oldest] ?? 0) - 1;
  }

  /** The one that was used next after this one; -1: it was the last. */
  newerThan(row: number): number {
    return (this.#rows[row * rowInts + next] ?? 0) - 1;
  }

  /** Makes index and order anew of the rows that are taken, after a thread was ended while it wrote. */
  rebuild(): void {
    this.#index.fill(0);
    this.#header.fill(0, freed);
    for (let row = 0; row < this.used; row += 1) {
      const at = row * rowInts;
      if (this.isTaken(row)) {
        this.#enter(row);
        this.#append(row);
        this.#header[count] = this.count + 1;
      } else {
        this.#rows[at + next] = this.#header[freed] ?? 0;
        this.#header[freed] = row + 1;
      }
    }
  }

  #home(word: number): number {
    return word & this.#mask;
  }

  #holds(row: number, hash: KeyHash): boolean {
    const at = row * rowInts;
    const rows = this.#rows;
    return (
      rows[at] === hash[0] && rows[at + 1] === hash[1] && rows[at + 2] === hash[2] && rows[at + 3] === hash[3]
    );
  }

  #free(): number {
    const row = (this.#header[freed] ?? 0) - 1;
    if (row >= 0) {
      this.#header[freed] = this.#rows[row * rowInts + next] ?? 0;
      return row;
    }
    if (this.used >= this.capacity) return -1;
    this.#header[used] = this.used + 1;
    return this.used - 1;
  }

  #enter(row: number): void {
    let slot = this.#home(this.#rows[row * rowInts] ?? 0);
    while (this.#index[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#index[slot] = row + 1;
  }

  /** Closes the gap, so that no search ends before what it looks for. */
  #leave(row: number): void {
    let gap = this.#home(this.#rows[row * rowInts] ?? 0);
    while (this.#index[gap] !== row + 1) gap = (gap + 1) & this.#mask;
    for (let slot = (gap + 1) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = this.#index[slot] ?? 0;
      if (entry === 0) break;
      const home = this.#home(this.#rows[(entry - 1) * rowInts] ?? 0);
      if (((slot - home) & this.#mask) < ((slot - gap) & this.#mask)) continue;
      this.#index[gap] = entry;
      gap = slot;
    }
    this.#index[gap] = 0;
  }

  #append(row: number): void {
    const last = this.#header[newest] ?? 0;
    const at = row * rowInts;
    this.#rows[at + previous] = last;
    this.#rows[at + next] = 0;
    if (last === 0) this.#header[oldest] = row + 1;
    else this.#rows[(last - 1) * rowInts + next] = row + 1;
    this.#header[newest] = row + 1;
  }

  #unlink(row: number): void {
    const at = row * rowInts;
    const before = this.#rows[at + previous] ?? 0;
    const after = this.#rows[at + next] ?? 0;
    if (before === 0) this.#header[oldest] = after;
    else this.#rows[(before - 1) * rowInts + next] = after;
    if (after === 0) this.#header[newest] = before;
    else this.#rows[(after - 1) * rowInts + previous] = before;
  }
}

/** At most half of them are ever filled. */
function indexSlots(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(4, capacity * 2)));
}
