// Records that are counted at a moment of the tests: some folded, some open, all answered by one reader.
import { DatabaseSync } from "node:sqlite";
import { recordOf } from "./exchange-record.ts";
import type { AttemptRecord, Decision, ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { TrafficWindow } from "../../src/telemetry/traffic-answers.ts";
import { foldRollups, rollupSchema, writeParts } from "../../src/telemetry/rollups/rollup-parts.ts";
import { RollupReader } from "../../src/telemetry/rollups/rollup-reader.ts";
import { Rollups } from "../../src/telemetry/rollups/rollups.ts";

export const nowMs = Date.UTC(2030, 0, 8, 12, 7, 30);
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const decision: Decision = { mode: "single", reason: "", candidates: [] };
export const sent = (service: string, model: string, fields: Partial<AttemptRecord> = {}): AttemptRecord => ({
  service,
  model,
  key: "",
  startedAt: "",
  status: 200,
  outcome: "ok",
  reason: "",
  detail: "",
  ttftMs: 20,
  durationMs: 40,
  nextAction: "none",
  ...fields,
});

export const usage = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

let made = 0;
/** A record of an exchange that ended so long ago. */
export function ended(agoMs: number, fields: Partial<ExchangeRecord> = {}): ExchangeRecord {
  made += 1;
  const { durationMs = 0 } = fields;
  const time = new Date(nowMs - agoMs - durationMs).toISOString();
  return recordOf({ requestId: `r${made}`, time, durationMs, ...fields });
}

function openDatabase(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(rollupSchema);
  return db;
}

/** Records in one partition, as far as they are not open. */
export class Counted {
  readonly partition = openDatabase();
  readonly open: Rollups;
  readonly #reader: RollupReader;
  #atMs = nowMs;
  #caughtUp = true;

  constructor(maxSeries?: number) {
    const wallMs = (): number => this.#atMs;
    this.open = new Rollups({ wallMs, ...(maxSeries === undefined ? {} : { maxSeries }) });
    this.#reader = new RollupReader({
      partitions: () => [this.partition],
      hours: openDatabase(),
      open: this.open,
      wallMs,
      caughtUp: () => this.#caughtUp,
    });
  }

  add(record: ExchangeRecord): void {
    this.open.add(record, Date.parse(record.time) + record.durationMs);
  }

  settle(atMs: number): void {
    writeParts(this.partition, this.open.takeParts());
    while (foldRollups(this.partition, atMs));
  }

  traffic(
    window: TrafficWindow,
    atMs = nowMs,
    { caughtUp = true, group }: { caughtUp?: boolean; group?: string } = {},
  ) {
    this.#atMs = atMs;
    this.#caughtUp = caughtUp;
    return this.#reader.traffic(window, group === undefined ? undefined : [group]);
  }

  way(api: string, window: TrafficWindow, atMs = nowMs) {
    this.#atMs = atMs;
    return this.#reader.way(api, window);
  }
}

/** Every other one is written and folded, the rest is open. */
export function countedOf(...records: readonly ExchangeRecord[]): Counted {
  const counted = new Counted();
  for (const [index, record] of records.entries()) {
    counted.add(record);
    if (index % 2 === 0) counted.settle(nowMs);
  }
  return counted;
}
