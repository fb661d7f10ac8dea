// The API keys of one service: picks by weight, rests keys that the provider refuses. Knows no request.
import type { Clock } from "../core/clock.ts";
import type { SharedRows } from "../lib/shared-rows.ts";

export interface KeyConfig {
  readonly name: string;
  readonly value: string;
  readonly weight: number;
}

/** One key with its state. `value` is "" for a service that needs none. */
export interface PooledKey {
  readonly name: string;
  readonly value: string;
  readonly weight: number;
  /** Monotonic ms until which the key is left alone. */
  restUntilMs: number;
  restReason: "rate" | "credentials" | null;
  /** Credential refusals in a row: each doubles the rest. */
  refusals: number;
  /** Smooth weighted round robin. */
  credit: number;
}

const maxRateRestMs = 60_000;
const defaultRateRestMs = 1_000;
const firstCredentialRestMs = 30_000;
const maxCredentialRestMs = 600_000;
const trialEveryMs = 1_000;

/** Where the state of keys is kept for all threads. */
export interface KeyMemory {
  readonly rows: SharedRows;
  /** One row per key, in the order of the keys. */
  readonly keyRows: readonly number[];
}

export class KeyPool {
  readonly #keys: readonly PooledKey[];
  readonly #clock: Clock;
  /** Keys of which one request is finding out now whether they work again. */
  readonly #onTrial = new Set<PooledKey>();
  #lastTrialMs = -Infinity;

  /** @param keys enabled keys; none = the service is called without credentials */
  constructor(keys: readonly KeyConfig[], clock: Clock, _memory: KeyMemory) {
    const configs = keys.length === 0 ? [{ name: "", value: "", weight: 1 }] : keys;
    this.#keys = configs.map((key) => ({ ...key, restUntilMs: 0, restReason: null, refusals: 0, credit: 0 }));
    this.#clock = clock;
  }

  /**
   * The next key, by weight over those that do not rest and were not tried.
   * Only a real request can tell that a refused key works again: one does when the rest is over,
   * and one each second when every key rests for credentials.
   */
  pick(tried: readonly PooledKey[]): PooledKey | undefined {
    const only = this.#keys.length === 1 ? this.#keys[0] : undefined;
    const nowMs = this.#clock.monotonicMs();
    if (only !== undefined && tried.length === 0 && only.restUntilMs <= nowMs) return this.#use(only, nowMs);
    const awake = this.#keys.filter((key) => key.restUntilMs <= nowMs && !tried.includes(key));
    if (awake.length > 0) return this.#use(pickByWeight(awake), nowMs);
    return tried.length === 0 ? this.#trial(nowMs) : undefined;
  }

  #use(key: PooledKey | undefined, nowMs: number): PooledKey | undefined {
    if (key?.restReason !== "credentials") return key;
    // All other requests keep off until this one has an answer, or never got one.
    key.restUntilMs = nowMs + trialEveryMs;
    this.#lastTrialMs = nowMs;
    this.#onTrial.add(key);
    return key;
  }

  #trial(nowMs: number): PooledKey | undefined {
    const refused = this.#keys.filter((key) => key.restReason === "credentials");
    if (refused.length < this.#keys.length || nowMs - this.#lastTrialMs < trialEveryMs) return undefined;
    this.#lastTrialMs = nowMs;
    const first = refused.toSorted((a, b) => a.restUntilMs - b.restUntilMs)[0];
    if (first !== undefined) this.#onTrial.add(first);
    return first;
  }

  /** Whether every key rests for credentials, as opposed to rate limits. */
  get restsForCredentials(): boolean {
    return this.#keys.every((key) => key.restReason === "credentials");
  }

  /** `ready` while any key can be used; else what all of them rest for: `resting` on a rate limit, `refused`. */
  standing(nowMs: number): "ready" | "resting" | "refused" {
    if (this.#keys.some((key) => key.restUntilMs <= nowMs)) return "ready";
    return this.restsForCredentials ? "refused" : "resting";
  }

  /** Milliseconds until the first key comes back; 0 when one is awake. */
  restMs(nowMs: number): number {
    return Math.max(0, Math.min(...this.#keys.map((key) => key.restUntilMs)) - nowMs);
  }

  worked(key: PooledKey): void {
    if (key.restReason === null || this.#restsSinceThen(key)) return;
    this.#onTrial.delete(key);
    key.restReason = null;
    key.restUntilMs = 0;
    key.refusals = 0;
  }

  /** @param waitMs what the provider asked for; undefined = nothing */
  rateLimited(key: PooledKey, waitMs: number | undefined): void {
    const untilMs = this.#clock.monotonicMs() + Math.min(waitMs ?? defaultRateRestMs, maxRateRestMs);
    if (this.#restsSinceThen(key)) {
      if (key.restReason === "rate") key.restUntilMs = Math.max(key.restUntilMs, untilMs);
      return;
    }
    this.#onTrial.delete(key);
    key.restReason = "rate";
    key.restUntilMs = untilMs;
  }

  /** 401 and 402: the key itself is refused. */
  refused(key: PooledKey): void {
    if (key.restReason === "credentials" && this.#restsSinceThen(key)) return;
    this.#onTrial.delete(key);
    const restMs = Math.min(firstCredentialRestMs * 2 ** key.refusals, maxCredentialRestMs);
    key.refusals += 1;
    key.restReason = "credentials";
    key.restUntilMs = this.#clock.monotonicMs() + restMs;
  }

  /** Whether a key was sent to rest by another request after this one had picked it: nothing this one learns changes that. */
  #restsSinceThen(key: PooledKey): boolean {
    return key.restUntilMs > this.#clock.monotonicMs() && !this.#onTrial.has(key);
  }
}

/** Smooth weighted round robin: exact shares, no bursts. Source: the algorithm that nginx describes in its upstream module. */
function pickByWeight(keys: readonly PooledKey[]): PooledKey | undefined {
  let total = 0;
  let best: PooledKey | undefined;
  for (const key of keys) {
    key.credit += key.weight;
    total += key.weight;
    if (best === undefined || key.credit > best.credit) best = key;
  }
  if (best !== undefined) best.credit -= total;
  return best;
}
