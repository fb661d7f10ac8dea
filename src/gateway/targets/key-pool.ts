// The API keys of one service: picks by weight among those that do not rest. Knows no request.
import type { Clock } from "../../core/clock.ts";
import type { SharedRows } from "../../lib/shared-rows.ts";
import { KeyRests, type UsedKey } from "./key-rests.ts";

export interface KeyConfig {
  readonly name: string;
  readonly value: string;
  readonly weight: number;
}

/** One key. `value` is "" for a service that needs none. What is known of it stands in its row. */
export interface PooledKey extends KeyConfig, UsedKey {}

/** Where the state of keys is kept for all threads. */
export interface KeyMemory {
  readonly rows: SharedRows;
  /** One row per key, in the order of the keys. */
  readonly keyRows: readonly number[];
  /** The service's own row. */
  readonly serviceRow: number;
}

const maxRateRestMs = 60_000;
const defaultRateRestMs = 1_000;

export class KeyPool {
  /** Those that are picked. */
  readonly #keys: readonly PooledKey[];
  readonly #all: readonly PooledKey[];
  /** Smooth weighted round robin, by key. Each thread's own: exact shares on each are exact shares in all. */
  readonly #credits: Float64Array;
  readonly #rests: KeyRests;
  readonly #serviceRow: number;
  readonly #clock: Clock;

  /**
   * @param keys enabled keys; none = the service is called without credentials. One of weight 0 is not used, unless
   * all are: then each counts the same, as keys that shall rest are switched off.
   */
  constructor(keys: readonly KeyConfig[], clock: Clock, { rows, keyRows, serviceRow }: KeyMemory) {
    const pooled = keys.map((key, index) => ({ ...key, row: keyRows[index] ?? serviceRow, trial: 0 }));
    if (keys.length === 0) pooled.push({ name: "", value: "", weight: 1, row: serviceRow, trial: 0 });
    this.#all = pooled;
    const weighty = pooled.filter((key) => key.weight > 0);
    this.#keys = weighty.length > 0 ? weighty : pooled.map((key) => ({ ...key, weight: 1 }));
    this.#credits = new Float64Array(this.#keys.length);
    this.#rests = new KeyRests(rows);
    this.#serviceRow = serviceRow;
    this.#clock = clock;
  }

  /**
   * The next key, by weight over those that do not rest and were not tried.
   * Only a real request can tell that a refused key works again: one does when the rest is over,
   * and one each second when every key rests for credentials.
   */
  pick(tried: readonly PooledKey[]): PooledKey | undefined {
    const nowMs = this.#clock.monotonicMs();
    for (;;) {
      const key = this.#next(tried, nowMs);
      if (key === undefined) return tried.length === 0 ? this.#trialOfRefused(nowMs) : undefined;
      if (!this.#rests.isRefused(key.row)) return key;
      const trial = this.#rests.claimTrial(key.row, nowMs);
      if (trial !== 0) {
        this.#rests.takeTurn(this.#serviceRow, nowMs);
        return { ...key, trial };
      }
      // A request on another thread has the trial, or has just ended the rest.
    }
  }

  /** The key of a name, whether it rests and whatever its weight; "" for a service without keys. */
  named(name: string): PooledKey | undefined {
    return this.#all.find((key) => key.name === name);
  }

  /** Smooth weighted round robin: exact shares, no bursts. Source: the algorithm that nginx describes in its upstream module. */
  #next(tried: readonly PooledKey[], nowMs: number): PooledKey | undefined {
    const credits = this.#credits;
    let total = 0;
    let best = -1;
    let bestCredit = 0;
    for (let index = 0; index < this.#keys.length; index += 1) {
      const key = this.#keys[index];
      if (key === undefined || this.#rests.untilMs(key.row) > nowMs || wasTried(key, tried)) continue;
      const credit = (credits[index] ?? 0) + key.weight;
      credits[index] = credit;
      total += key.weight;
      if (best === -1 || credit > bestCredit) {
        best = index;
        bestCredit = credit;
      }
    }
    if (best !== -1) credits[best] = bestCredit - total;
    return this.#keys[best];
  }

  /** While every key rests for credentials: the one whose trial is longest ago, once a second. */
  #trialOfRefused(nowMs: number): PooledKey | undefined {
    const rests = this.#rests;
    if (!this.restsForCredentials || !rests.takeTurn(this.#serviceRow, nowMs)) return undefined;
    let first: PooledKey | undefined;
    for (const key of this.#keys) {
      if (first === undefined || rests.triedMs(key.row) < rests.triedMs(first.row)) first = key;
    }
    return first && { ...first, trial: rests.tryEarly(first.row, nowMs) };
  }

  /** Whether every key rests for credentials, as opposed to rate limits. */
  get restsForCredentials(): boolean {
    for (const { row } of this.#keys) if (!this.#rests.isRefused(row)) return false;
    return true;
  }

  /** `ready` while any key can be used; else what all of them rest for: `resting` on a rate limit, `refused`. */
  standing(nowMs: number): "ready" | "resting" | "refused" {
    for (const { row } of this.#keys) if (this.#rests.untilMs(row) <= nowMs) return "ready";
    return this.restsForCredentials ? "refused" : "resting";
  }

  /** Keys that are left alone now, or were refused and have not worked since. Looks only. */
  leftAlone(nowMs: number): { readonly name: string; readonly refused: boolean; readonly untilMs: number }[] {
    return this.#all.flatMap(({ name, row }) => {
      const untilMs = this.#rests.untilMs(row);
      const refused = this.#rests.isRefused(row);
      return refused || untilMs > nowMs ? [{ name, refused, untilMs }] : [];
    });
  }

  /** Milliseconds until the first key comes back; 0 when one is awake. */
  restMs(nowMs: number): number {
    let first = Infinity;
    for (const { row } of this.#keys) first = Math.min(first, this.#rests.untilMs(row));
    return Math.max(0, first - nowMs);
  }

  worked(key: PooledKey): void {
    this.#rests.worked(key, this.#clock.monotonicMs());
  }

  /** @param waitMs what the provider asked for; undefined = nothing */
  rateLimited(key: PooledKey, waitMs: number | undefined): void {
    const nowMs = this.#clock.monotonicMs();
    this.#rests.rateLimited(key, nowMs + Math.min(waitMs ?? defaultRateRestMs, maxRateRestMs), nowMs);
  }

  /** 401 and 402: the key itself is refused. */
  refused(key: PooledKey): void {
    this.#rests.refused(key, this.#clock.monotonicMs());
  }
}

function wasTried(key: PooledKey, tried: readonly PooledKey[]): boolean {
  // By row: the trial of a key is another object.
  for (const other of tried) if (other.row === key.row) return true;
  return false;
}
