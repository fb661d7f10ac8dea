// Sends many streams on one coarse timer instead of a timer each.
// It must not know what a stream sends.

export interface Paced {
  /** Called once per interval; false ends it. */
  beat(): boolean;
}

interface Entry {
  readonly paced: Paced;
  readonly everyTicks: number;
}

/** A ring of slots, one per tick; an entry moves on by its own interval each time it is due. */
export class Pacer {
  readonly #slots: Entry[][];
  #now = 0;
  #next = 0;

  /** `maxTicks` is the longest interval. */
  constructor(maxTicks: number) {
    this.#slots = Array.from({ length: maxTicks + 1 }, () => []);
  }

  /** Adds a stream that beats every `everyTicks`; phases are spread so that ticks are equally busy. */
  add(paced: Paced, everyTicks: number): void {
    const phase = 1 + (this.#next++ % everyTicks);
    this.#slot(phase).push({ paced, everyTicks });
  }

  tick(): void {
    this.#now++;
    const index = this.#now % this.#slots.length;
    const due = this.#slot(0);
    this.#slots[index] = [];
    for (const entry of due) {
      if (entry.paced.beat()) this.#slot(entry.everyTicks).push(entry);
    }
  }

  #slot(ticksAhead: number): Entry[] {
    const slot = this.#slots[(this.#now + ticksAhead) % this.#slots.length];
    if (slot === undefined || ticksAhead >= this.#slots.length)
      throw new RangeError("interval longer than the ring");
    return slot;
  }
}
