// Bounds what one check asks of somebody else: so many questions at a time, so many waiting, and none for a while after
// several have failed. Knows not what is asked.
import type { Clock } from "../../../core/clock.ts";
import { CheckFailed } from "../check.ts";

const maxRunning = 32;
const maxWaiting = 256;
/** Failures in a row after which nothing is asked, and for how long. */
const maxFailures = 8;
const restMs = 2_000;

export class AskGate {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #failures = 0;
  #restsUntilMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** @throws CheckFailed when nothing is asked, and what asking throws */
  async run<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    if (this.#clock.monotonicMs() < this.#restsUntilMs) throw new CheckFailed("resting");
    await this.#enter(signal);
    try {
      const answer = await ask();
      this.#failures = 0;
      return answer;
    } catch (error) {
      if (!signal.aborted) this.#failed();
      throw error;
    } finally {
      this.#leave();
    }
  }

  /** One that rested is asked again, and rests again at the first failure. */
  #failed(): void {
    this.#failures += 1;
    if (this.#failures < maxFailures) return;
    this.#failures = maxFailures - 1;
    this.#restsUntilMs = this.#clock.monotonicMs() + restMs;
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#running < maxRunning) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= maxWaiting) throw new CheckFailed("busy");
    const turn = Promise.withResolvers<void>();
    const leave = (): void => {
      const index = this.#waiting.indexOf(turn.resolve);
      if (index === -1) return;
      this.#waiting.splice(index, 1);
      turn.reject(new CheckFailed("left"));
    };
    this.#waiting.push(turn.resolve);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    try {
      // Whoever leaves hands over the place, so that the number of those running stays.
      await turn.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
