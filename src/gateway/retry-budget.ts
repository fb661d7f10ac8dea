// How many retries a data plane may have: a share of its active requests, so that retries never make a storm of their own.

const windowMs = 1_000;
/** Below this many retries a second the share is not asked: one retry of a lone request is no storm. */
const freeRetries = 3;

export class RetryBudget {
  readonly #now: () => number;
  /** Requests in flight now. */
  active = 0;
  #started = 0;
  #retried = 0;
  #windowStartMs = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a request in. */
  enter(): void {
    this.#roll();
    this.active += 1;
    this.#started += 1;
  }

  leave(): void {
    this.active -= 1;
  }

  /** Takes one retry. False: `percent` of the requests of this second and of those in flight is used up. */
  take(percent: number): boolean {
    this.#roll();
    const allowed = Math.max(freeRetries, (Math.max(this.active, this.#started) * percent) / 100);
    if (percent === 0 || this.#retried + 1 > allowed) return false;
    this.#retried += 1;
    return true;
  }

  #roll(): void {
    const nowMs = this.#now();
    if (nowMs - this.#windowStartMs < windowMs) return;
    this.#windowStartMs = nowMs;
    this.#started = 0;
    this.#retried = 0;
  }
}
