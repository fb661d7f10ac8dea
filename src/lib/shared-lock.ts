// A lock in memory that threads share. A holder that was ended does not keep it: who waits for long takes it over, and
// is told, because what the lock guards may then be half written. Knows not what it guards.

/** Words of 32 bits that a lock needs. */
export const lockWords = 3;
const turn = 1;
const waiting = 2;

/** Holders keep it for microseconds, so most waits end before a thread would have fallen asleep. */
const spins = 200;
const sleepMs = 2;
/** No holder that still runs keeps it for so long. */
const abandonedMs = 2_000;

export class SharedLock {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #me: number;

  /** @param holder tells the threads apart; 0 or more */
  constructor(words: Int32Array<SharedArrayBuffer>, holder: number) {
    this.#words = words;
    this.#me = holder + 1;
  }

  /** Nothing may throw or wait while it is held. True: taken over from a holder that never gave it back. */
  lock(): boolean {
    for (let spin = 0; spin < spins; spin += 1) if (this.#take(0)) return false;
    return this.#waitFor();
  }

  unlock(): void {
    const words = this.#words;
    // Who was taken for dead must not open what another holds now.
    if (Atomics.compareExchange(words, 0, this.#me, 0) !== this.#me) return;
    if (Atomics.load(words, waiting) > 0) Atomics.notify(words, 0, 1);
  }

  /** Takes over what a thread held that is known to have ended. True: it did hold it; it is ours now. */
  takeFrom(holder: number): boolean {
    return this.#take(holder + 1);
  }

  #take(from: number): boolean {
    if (Atomics.compareExchange(this.#words, 0, from, this.#me) !== from) return false;
    Atomics.add(this.#words, turn, 1);
    return true;
  }

  #waitFor(): boolean {
    const words = this.#words;
    let seenTurn = Atomics.load(words, turn);
    let sinceMs = performance.now();
    for (;;) {
      if (this.#take(0)) return false;
      const holder = Atomics.load(words, 0);
      const nowMs = performance.now();
      const nowTurn = Atomics.load(words, turn);
      if (nowTurn !== seenTurn) [seenTurn, sinceMs] = [nowTurn, nowMs];
      else if (holder !== 0 && nowMs - sinceMs > abandonedMs && this.#take(holder)) return true;
      if (holder === 0) continue;
      Atomics.add(words, waiting, 1);
      Atomics.wait(words, 0, holder, sleepMs);
      Atomics.sub(words, waiting, 1);
    }
  }
}
