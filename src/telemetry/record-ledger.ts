// What is kept of records in memory to tell people of traffic: counts by time and Model API, and the newest exchanges.
// Knows no file and no thread: whoever reads records hands them over one by one.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { isoTime } from "../lib/iso-time.ts";
import { RateMeter } from "./rate-meter.ts";
import { RecentExchanges, type LogQuery } from "./recent-exchanges.ts";
import { RecordTally } from "./record-tally.ts";
import { TallyCells } from "./tally-cells.ts";
import { TallyKeys } from "./tally-keys.ts";
import type { Covered, LogPage, TrafficAnswer, TrafficWindow, WayAnswer } from "./traffic-answers.ts";
import { viewTraffic } from "./traffic-view.ts";
import { bucketsOf } from "./traffic-window.ts";
import { viewWay } from "./way-view.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** What is older is not counted. */
export const ledgerReachMs = 7 * dayMs;

const lastExchanges = 20;
/** At most 16 bytes each once they are at rest: 32 MB in all. */
const defaultMaxEntries = 2_000_000;

export interface LedgerOptions {
  readonly maxEntries?: number;
}

export class RecordLedger {
  readonly #keys = new TallyKeys();
  readonly #tally = new RecordTally();
  /** Of the last hour and a little more. */
  readonly #minutes: TallyCells;
  readonly #quarters: TallyCells;
  readonly #recent = new RecentExchanges();
  readonly #rates = new RateMeter();
  /** Start of the last exchange of each Model API. */
  readonly #lastAt = new Map<string, string>();
  /** When the oldest record ended that was seen, counted or not. */
  #oldestMs = Infinity;

  constructor({ maxEntries = defaultMaxEntries }: LedgerOptions = {}) {
    this.#minutes = new TallyCells({
      stepMs: minuteMs,
      keepMs: 90 * minuteMs,
      maxEntries: Math.floor(maxEntries / 4),
    });
    this.#quarters = new TallyCells({
      stepMs: 15 * minuteMs,
      keepMs: ledgerReachMs + 4 * 60 * minuteMs,
      maxEntries: maxEntries - Math.floor(maxEntries / 4),
    });
  }

  /** Counts that are kept, for tests of the bound. */
  get entries(): number {
    return this.#minutes.entries + this.#quarters.entries;
  }

  /** Takes a record; each once, in any order. It counts at the time when its exchange ended. */
  add(record: ExchangeRecord, nowMs: number): void {
    const endedMs = Date.parse(record.time) + record.durationMs;
    if (Number.isNaN(endedMs)) return;
    this.reaches(endedMs);
    if (endedMs < nowMs - ledgerReachMs) return;
    const { api, time } = record;
    const quarter = this.#quarters.at(endedMs, api);
    const minute = endedMs < nowMs - 90 * minuteMs ? undefined : this.#minutes.at(endedMs, api);
    this.#tally.count(record, (key, amount) => {
      const number = this.#keys.numberOf(key);
      quarter(number, amount);
      minute?.(number, amount);
    });
    this.#recent.add(record);
    this.#rates.add(api, endedMs);
    if ((this.#lastAt.get(api) ?? "") < time) this.#lastAt.set(api, time);
  }

  /** Records are known back to this moment. */
  reaches(timeMs: number): void {
    this.#oldestMs = Math.min(this.#oldestMs, timeMs);
  }

  /** Drops what is too old, packs what is at rest. To be called about once a minute. */
  tidy(nowMs: number): void {
    this.#minutes.tidy(nowMs);
    this.#quarters.tidy(nowMs);
    this.#rates.tidy(nowMs);
  }

  /** @param caughtUp whether every record that is there has been handed over */
  traffic(window: TrafficWindow, nowMs: number, caughtUp: boolean): TrafficAnswer {
    const buckets = bucketsOf(window, nowMs);
    const view = viewTraffic(this.#source(window), buckets, (api) => this.#lastAt.get(api) ?? "");
    return { ...this.#covered(window, nowMs, caughtUp), buckets, ...view };
  }

  way(api: string, window: TrafficWindow, nowMs: number, caughtUp: boolean): WayAnswer {
    return {
      ...this.#covered(window, nowMs, caughtUp),
      api,
      rate: this.#rates.rate(api, nowMs),
      ...viewWay(this.#source(window), bucketsOf(window, nowMs), api),
      lastExchanges: this.#recent.ofApi(api, lastExchanges),
    };
  }

  logs(query: LogQuery): LogPage {
    return this.#recent.page(query);
  }

  #source(window: TrafficWindow) {
    return { keys: this.#keys, cells: this.#cellsOf(window) };
  }

  #cellsOf(window: TrafficWindow): TallyCells {
    return window === "1h" ? this.#minutes : this.#quarters;
  }

  #covered(window: TrafficWindow, nowMs: number, caughtUp: boolean): Covered {
    const { startMs } = bucketsOf(window, nowMs);
    const sinceMs = Math.max(this.#oldestMs, this.#cellsOf(window).droppedBeforeMs);
    return {
      window,
      from: isoTime(startMs),
      to: isoTime(nowMs),
      complete: caughtUp && sinceMs <= startMs,
      since: sinceMs === Infinity ? null : isoTime(sinceMs),
    };
  }
}
