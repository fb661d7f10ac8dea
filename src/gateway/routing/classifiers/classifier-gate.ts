// Bounds what one classifier is asked: so many questions at a time and none that waits, none for a while after several
// failures in a row, and then one that finds out. Knows not what is asked.
import type { Clock } from "../../../core/clock.ts";

const maxRunning = 64;
const maxFailures = 5;
const restMs = 30_000;

export class ClassifierGate {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #running = 0;
  #failures = 0;
  #restsUntilMs = 0;
  #trialRuns = false;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Undefined: it may be asked, and `leave` must follow. */
  enter(): "resting" | "busy" | undefined {
    if (this.#failures >= maxFailures) {
      if (this.#trialRuns || this.#clock.monotonicMs() < this.#restsUntilMs) return "resting";
      this.#trialRuns = true;
    } else if (this.#running >= maxRunning) return "busy";
    this.#running += 1;
    return undefined;
  }

  /** @param outcome `neither`: it says nothing of whom was asked */
  leave(outcome: "worked" | "failed" | "neither"): void {
    this.#running -= 1;
    this.#trialRuns = false;
    if (outcome === "worked") this.#failures = 0;
    if (outcome !== "failed") return;
    this.#failures = Math.min(this.#failures + 1, maxFailures);
    if (this.#failures === maxFailures) this.#restsUntilMs = this.#clock.monotonicMs() + restMs;
  }
}
