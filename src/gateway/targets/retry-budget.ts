// How many retries a data plane may have: a share of its requests, so that retries never make a storm of their own.

/**
 * So many retries may come at once however few requests there are, as when the connections of some lone requests break
 * together. Over a storm they count once, not once a second.
 */
const freeRetries = 3;
/**
 * How much of what the requests in flight have earned may be spent at once. All of it would be too much: when every
 * request fails after some seconds, those of the storm's first second would be retried on top of the later ones' share.
 */
const spendableShare = 0.5;
/** A request after a pause earns for the requests that did not come in it, one per so many ms: lone requests may be retried. */
const quietMs = 2_000;

/**
 * Each request earns its share of a retry, each retry spends a whole one. So the retries in any stretch of time are at
 * most the share of the requests that began in it, plus what was left at its start: the free retries, or half the share
 * of the requests in flight. From one request in two seconds on, time earns nothing.
 */
export class RetryBudget {
  readonly #now: () => number;
  /** Requests in flight now. */
  #active = 0;
  /** Requests whose share is not spent. A new data plane has all that may be had. */
  #unspent = Infinity;
  #lastRequestMs: number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#lastRequestMs = now();
  }

  /** Counts a request in. */
  enter(): void {
    const nowMs = this.#now();
    this.#active += 1;
    this.#unspent += Math.max(1, (nowMs - this.#lastRequestMs) / quietMs);
    this.#lastRequestMs = nowMs;
  }

  leave(): void {
    this.#active -= 1;
  }

  /** Takes one retry. False: `percent` of the requests is used up. */
  take(percent: number): boolean {
    if (percent <= 0) return false;
    const requestsPerRetry = 100 / percent;
    const spendable = Math.max(freeRetries * requestsPerRetry, this.#active * spendableShare);
    const left = Math.min(this.#unspent, spendable) - requestsPerRetry;
    // Shares such as 30 % are no whole numbers of requests.
    if (left < -1e-6) return false;
    this.#unspent = left;
    return true;
  }
}
