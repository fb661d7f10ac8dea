// One coarse timer for many deadlines: arming and cancelling are O(1) and make no system timer.
// Source of the idea: Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987).

const slotCount = 512;

/** A deadline that can be armed again and again. Its owner keeps it; the wheel links it. */
export class Deadline {
  /** Called once when the deadline passes; never after `cancel`. */
  readonly expire: () => void;
  dueTick = 0;
  previous: Deadline | null = null;
  next: Deadline | null = null;
  slot = -1;

  constructor(expire: () => void) {
    this.expire = expire;
  }
}

/** Fires deadlines at most one tick late, never early. The system timer runs only while something is armed. */
export class TimerWheel {
  readonly #tickMs: number;
  readonly #now: () => number;
  readonly #slots: (Deadline | null)[] = Array.from({ length: slotCount }, () => null);
  readonly #originMs: number;
  #doneTick = 0;
  #armed = 0;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param now monotonic milliseconds
   * @param tickMs resolution in milliseconds
   */
  constructor(now: () => number, tickMs = 10) {
    this.#now = now;
    this.#tickMs = tickMs;
    this.#originMs = now();
  }

  /** Arms or re-arms a deadline `afterMs` from now. */
  arm(deadline: Deadline, afterMs: number): void {
    this.cancel(deadline);
    const elapsedMs = this.#now() - this.#originMs;
    const currentTick = Math.floor(elapsedMs / this.#tickMs);
    if (this.#armed === 0) this.#doneTick = currentTick;
    // Never for the tick that runs now: an expiry may arm a deadline, and its slot may have been looked at already.
    deadline.dueTick = Math.max(Math.ceil((elapsedMs + afterMs) / this.#tickMs), currentTick + 1);
    const slot = deadline.dueTick % slotCount;
    const head = this.#slots[slot] ?? null;
    deadline.slot = slot;
    deadline.next = head;
    if (head !== null) head.previous = deadline;
    this.#slots[slot] = deadline;
    this.#armed += 1;
    this.#timer ??= setInterval(() => this.#turn(), this.#tickMs);
  }

  /** Disarms a deadline; harmless when it is not armed. */
  cancel(deadline: Deadline): void {
    if (deadline.slot === -1) return;
    if (deadline.previous === null) this.#slots[deadline.slot] = deadline.next;
    else deadline.previous.next = deadline.next;
    if (deadline.next !== null) deadline.next.previous = deadline.previous;
    deadline.previous = null;
    deadline.next = null;
    deadline.slot = -1;
    this.#armed -= 1;
  }

  #currentTick(): number {
    return Math.floor((this.#now() - this.#originMs) / this.#tickMs);
  }

  #turn(): void {
    const current = this.#currentTick();
    // After a long pause every slot is looked at once: an entry fires by its own due tick, not by its slot.
    const first = Math.max(this.#doneTick + 1, current - slotCount + 1);
    for (let tick = first; tick <= current; tick += 1) this.#expireSlot(tick % slotCount, current);
    this.#doneTick = current;
    // The interval outlives the last deadline by one turn, so that a busy gateway does not start and stop it all the time.
    if (this.#armed === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #expireSlot(slot: number, current: number): void {
    let deadline = this.#slots[slot] ?? null;
    const due: Deadline[] = [];
    while (deadline !== null) {
      if (deadline.dueTick <= current) due.push(deadline);
      deadline = deadline.next;
    }
    // One deadline's expiry may cancel another: each is asked again when its turn comes.
    for (const entry of due) {
      if (entry.slot !== slot || entry.dueTick > current) continue;
      this.cancel(entry);
      entry.expire();
    }
  }
}
