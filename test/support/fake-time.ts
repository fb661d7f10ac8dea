// Time that stands still until a test moves it: clock and timers of the delivery. Knows no lane.
import type { Clock } from "../../src/core/clock.ts";
import type { Timers } from "../../src/telemetry/delivery/delivery-ports.ts";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

export class FakeTime {
  readonly #startMs: number;
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs of the wall clock */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  get elapsedMs(): number {
    return this.#nowMs;
  }

  readonly clock: Clock = {
    monotonicMs: () => this.#nowMs,
    wallMs: () => this.#startMs + this.#nowMs,
  };

  readonly timers: Timers = {
    after: (ms, run) => {
      const timer = { atMs: this.#nowMs + ms, run };
      this.#timers.add(timer);
      return () => void this.#timers.delete(timer);
    },
  };

  /** Moves to the next timer and runs it, but not past a moment. @returns false when none is due by then */
  toNext(untilMs: number): boolean {
    const [first] = [...this.#timers].toSorted((a, b) => a.atMs - b.atMs);
    if (first === undefined || first.atMs > untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    this.#timers.delete(first);
    first.run();
    return true;
  }
}
