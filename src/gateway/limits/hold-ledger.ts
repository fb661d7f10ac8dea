// What each thread's requests have reserved, in shared memory, so that another thread can take it back when one dies.
// Knows not what the counters are.

/** A counter, by its table and row, and how often the row had been given: it may be another's later. */
export interface CounterPlace {
  readonly lasting: boolean;
  readonly row: number;
  readonly given: number;
}

const slotBytes = 16;
/** Of a slot: where its place stands, in words, and its amount, in numbers of 64 bits. */
const givenAt = 1;
const amountAt = 1;

/** One column per thread; a thread writes only its own. */
export class HoldLedger {
  readonly #rows: Int32Array<SharedArrayBuffer>;
  readonly #amounts: Float64Array<SharedArrayBuffer>;
  readonly #slots: number;
  readonly #firstSlot: number;
  /** Slots of this thread that are free again. */
  readonly #free: number[] = [];

  /** @param column the thread's own; one past the last for a thread that reserves nothing */
  constructor(
    buffer: SharedArrayBuffer,
    offset: number,
    size: { readonly columns: number; readonly slots: number; readonly column: number },
  ) {
    const total = size.columns * (size.slots + 1);
    this.#rows = new Int32Array(buffer, offset, total * 4);
    this.#amounts = new Float64Array(buffer, offset, total * 2);
    this.#slots = size.slots;
    this.#firstSlot = this.#first(size.column);
  }

  static bytes(columns: number, slots: number): number {
    return columns * (slots + 1) * slotBytes;
  }

  /** Whether so many more can be written down. */
  hasRoom(entries: number): boolean {
    return this.#free.length + this.#slots - this.#usedIn(this.#firstSlot) >= entries;
  }

  /** Writes down what is about to be reserved. */
  write(place: CounterPlace, amount: number): number {
    let slot = this.#free.pop();
    if (slot === undefined) {
      const used = this.#usedIn(this.#firstSlot);
      slot = this.#firstSlot + 1 + used;
      this.#rows[this.#firstSlot * 4] = used + 1;
    }
    this.#amounts[slot * 2 + amountAt] = amount;
    this.#rows[slot * 4 + givenAt] = place.given;
    this.#rows[slot * 4] = (place.row + 1) * 2 + (place.lasting ? 1 : 0);
    return slot;
  }

  erase(slot: number): void {
    this.#rows[slot * 4] = 0;
    this.#free.push(slot);
  }

  /** Calls for each entry of a column. */
  each(column: number, see: (place: CounterPlace, amount: number) => void): void {
    const first = this.#first(column);
    for (let slot = first + 1; slot <= first + this.#usedIn(first); slot += 1) {
      const code = this.#rows[slot * 4] ?? 0;
      if (code === 0) continue;
      const place = {
        lasting: code % 2 === 1,
        row: Math.floor(code / 2) - 1,
        given: this.#rows[slot * 4 + givenAt] ?? 0,
      };
      see(place, this.#amounts[slot * 2 + amountAt] ?? 0);
    }
  }

  /** Before another thread gets it. */
  clear(column: number): void {
    const first = this.#first(column);
    this.#rows.fill(0, first * 4, (first + this.#usedIn(first) + 1) * 4);
  }

  #first(column: number): number {
    return column * (this.#slots + 1);
  }

  /** The first slot of a column says how many were ever used. */
  #usedIn(first: number): number {
    return this.#rows[first * 4] ?? 0;
  }
}
