// What is kept of records in memory to tell people of traffic: their roll-ups in a partition without a file, and the
// newest exchanges. Knows no spool and no thread: whoever reads records hands them over one by one.
import { DatabaseSync } from "node:sqlite";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { RecentExchanges, type LogQuery } from "./recent-exchanges.ts";
import { foldRollups, reachBack, rollupSchema, writeParts } from "./rollups/rollup-parts.ts";
import { RollupReader } from "./rollups/rollup-reader.ts";
import { Rollups } from "./rollups/rollups.ts";
import type { MetricsAnswer, MetricsQuery, UsageAnswer, UsageQuery } from "./metrics-answers.ts";
import type { LogPage, TrafficAnswer, TrafficWindow, WayAnswer } from "./traffic-answers.ts";

const dayMs = 24 * 60 * 60_000;
/** What is older is not counted. */
export const ledgerReachMs = 7 * dayMs;

const lastExchanges = 20;

export class RecordLedger {
  readonly #partition = openPartition();
  readonly #rollups = new Rollups({ wallMs: () => this.#nowMs });
  readonly #recent = new RecentExchanges();
  readonly #reader = new RollupReader({
    partitions: () => [this.#partition],
    hours: openPartition(),
    open: this.#rollups,
    wallMs: () => this.#nowMs,
    caughtUp: () => this.#caughtUp,
  });
  #nowMs = 0;
  #caughtUp = false;

  /** Takes a record; each once, in any order. It counts at the time when its exchange ended. */
  add(record: ExchangeRecord, nowMs: number): void {
    const endedMs = Date.parse(record.time) + record.durationMs;
    if (Number.isNaN(endedMs)) return;
    if (endedMs < nowMs - ledgerReachMs) return this.reaches(endedMs);
    this.#nowMs = nowMs;
    this.#rollups.add(record, endedMs);
    this.#recent.add(record);
  }

  /** Records are known back to this moment. */
  reaches(timeMs: number): void {
    reachBack(this.#partition, timeMs);
  }

  /** Packs what has come and drops what is too old. To be called about once a minute. */
  tidy(nowMs: number): void {
    writeParts(this.#partition, this.#rollups.takeParts());
    while (foldRollups(this.#partition, nowMs));
    this.#partition.prepare("DELETE FROM rollup_parts WHERE slotMs < ?").run(nowMs - ledgerReachMs - dayMs);
  }

  /** @param caughtUp whether every record that is there has been handed over */
  traffic(window: TrafficWindow, nowMs: number, caughtUp: boolean, resourceGroup?: string): TrafficAnswer {
    return this.#at(nowMs, caughtUp).traffic(window, resourceGroup);
  }

  way(api: string, window: TrafficWindow, nowMs: number, caughtUp: boolean): WayAnswer {
    return {
      ...this.#at(nowMs, caughtUp).way(api, window),
      lastExchanges: this.#recent.ofApi(api, lastExchanges),
    };
  }

  metrics(query: MetricsQuery, nowMs: number, caughtUp: boolean): MetricsAnswer {
    return this.#at(nowMs, caughtUp).metrics(query);
  }

  usage(query: UsageQuery, nowMs: number, caughtUp: boolean): UsageAnswer {
    return this.#at(nowMs, caughtUp).usage(query);
  }

  logs(query: LogQuery): LogPage {
    return this.#recent.page(query);
  }

  #at(nowMs: number, caughtUp: boolean): RollupReader {
    this.#nowMs = nowMs;
    this.#caughtUp = caughtUp;
    return this.#reader;
  }
}

function openPartition(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(rollupSchema);
  return db;
}
