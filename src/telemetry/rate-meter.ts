// Exchanges a second over the last minute, by Model API: sixty counts each. Knows no record.

const seconds = 60;

interface Ring {
  readonly counts: Float64Array;
  /** The newest second that is counted. */
  second: number;
}

export class RateMeter {
  readonly #rings = new Map<string, Ring>();

  add(api: string, timeMs: number): void {
    const second = Math.floor(timeMs / 1000);
    let ring = this.#rings.get(api);
    if (ring === undefined) {
      ring = { counts: new Float64Array(seconds), second };
      this.#rings.set(api, ring);
    }
    advance(ring, second);
    if (second <= ring.second - seconds) return;
    const index = second % seconds;
    ring.counts[index] = (ring.counts[index] ?? 0) + 1;
  }

  rate(api: string, nowMs: number): number {
    const ring = this.#rings.get(api);
    if (ring === undefined) return 0;
    const now = Math.floor(nowMs / 1000);
    if (now - ring.second >= seconds) return 0;
    advance(ring, now);
    return ring.counts.reduce((sum, count) => sum + count, 0) / seconds;
  }

  /** Forgets who has been quiet. */
  tidy(nowMs: number): void {
    for (const [api, { second }] of this.#rings) if (nowMs / 1000 - second > seconds) this.#rings.delete(api);
  }
}

function advance(ring: Ring, second: number): void {
  if (second <= ring.second) return;
  if (second - ring.second >= seconds) ring.counts.fill(0);
  else for (let passed = ring.second + 1; passed <= second; passed += 1) ring.counts[passed % seconds] = 0;
  ring.second = second;
}
