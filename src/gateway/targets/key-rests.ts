// Which API keys rest, why and until when, in rows of shared memory: what one data plane learns of a key holds for all of
// a node. Knows no secret and no request.
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";

/** Fields of a key's row. The last is used in the row of a service. Zero is "not at all" for each. */
const field = {
  /** Monotonic ms until which the key is left alone. */
  untilMs: 1,
  reason: 2,
  /** Credential refusals in a row. */
  refusals: 3,
  /** How many rests have begun: tells what was sent before a rest from its trial. */
  rest: 4,
  /** Monotonic ms of the last trial. */
  triedMs: 5,
  /** The same for any key of a service. */
  anyTriedMs: 6,
} as const;

const reasons = { none: 0, rate: 1, credentials: 2 } as const;

const firstRefusalRestMs = 30_000;
const maxRefusalRestMs = 600_000;
/** Real requests that find out whether a refused key works again are so far apart. */
const trialEveryMs = 1_000;

/** A key as a request uses it. */
export interface UsedKey {
  readonly row: number;
  /** The rest of which this request finds out whether it is over; 0 = the key did not rest when it was picked. */
  readonly trial: number;
}

export class KeyRests {
  readonly #rows: SharedRows;

  constructor(rows: SharedRows) {
    this.#rows = rows;
  }

  untilMs(row: number): number {
    return this.#get(row, field.untilMs);
  }

  triedMs(row: number): number {
    return this.#get(row, field.triedMs);
  }

  /** Whether the key was refused and has not worked since, though its rest may be over. */
  isRefused(row: number): boolean {
    return this.#get(row, field.reason) === reasons.credentials;
  }

  /** Takes the trial of a refused key whose rest is over; all others keep off for a second. @returns 0: another request was faster */
  claimTrial(row: number, nowMs: number): number {
    this.#rows.lock(row);
    const due = this.isRefused(row) && this.untilMs(row) <= nowMs;
    if (due) {
      this.#set(row, field.untilMs, nowMs + trialEveryMs);
      this.#set(row, field.triedMs, nowMs);
    }
    const trial = due ? this.#get(row, field.rest) : 0;
    this.#rows.unlock(row);
    return trial;
  }

  /** Tries a refused key during its rest. */
  tryEarly(row: number, nowMs: number): number {
    this.#rows.lock(row);
    this.#set(row, field.triedMs, nowMs);
    const trial = this.#get(row, field.rest);
    this.#rows.unlock(row);
    return trial;
  }

  /** Whether no key of a service was tried within the last second; if so, one may be now. @param row of the service */
  takeTurn(row: number, nowMs: number): boolean {
    this.#rows.lock(row);
    const triedMs = this.#get(row, field.anyTriedMs);
    const free = triedMs === 0 || nowMs - triedMs >= trialEveryMs;
    if (free) this.#set(row, field.anyTriedMs, nowMs);
    this.#rows.unlock(row);
    return free;
  }

  worked({ row, trial }: UsedKey, nowMs: number): void {
    if (this.#get(row, field.reason) === reasons.none) return;
    this.#rows.lock(row);
    // What was sent before the rest began says nothing about it.
    if (this.isRefused(row) ? trial === this.#get(row, field.rest) : this.untilMs(row) <= nowMs) {
      this.#set(row, field.refusals, 0);
      // Readers take no lock: as long as the key looks refused, it must look asleep or due as well.
      this.#set(row, field.reason, reasons.none);
      this.#set(row, field.untilMs, 0);
    }
    this.#rows.unlock(row);
  }

  rateLimited({ row, trial }: UsedKey, untilMs: number, nowMs: number): void {
    this.#rows.lock(row);
    const before = this.untilMs(row);
    if (this.isRefused(row)) {
      if (trial === this.#get(row, field.rest)) this.#begin(row, reasons.rate, untilMs);
    } else if (before > nowMs) this.#set(row, field.untilMs, Math.max(before, untilMs));
    else this.#begin(row, reasons.rate, untilMs);
    this.#rows.unlock(row);
  }

  /** Each refusal in a row doubles the rest; those of requests that were in flight together are one. */
  refused({ row, trial }: UsedKey, nowMs: number): void {
    this.#rows.lock(row);
    if (!this.isRefused(row) || trial === this.#get(row, field.rest)) {
      const refusals = this.#get(row, field.refusals);
      this.#set(row, field.refusals, refusals + 1);
      const restMs = Math.min(firstRefusalRestMs * 2 ** refusals, maxRefusalRestMs);
      this.#begin(row, reasons.credentials, nowMs + restMs);
    }
    this.#rows.unlock(row);
  }

  #begin(row: number, reason: number, untilMs: number): void {
    this.#set(row, field.untilMs, untilMs);
    this.#set(row, field.rest, this.#get(row, field.rest) + 1);
    this.#set(row, field.reason, reason);
  }

  #get(row: number, index: number): number {
    return this.#rows.values[row * rowFields + index] ?? 0;
  }

  #set(row: number, index: number, value: number): void {
    this.#rows.values[row * rowFields + index] = value;
  }
}
