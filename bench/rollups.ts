// How much a record costs to be counted, and how long questions about counts take: a million plausible records over
// seven days, counted, written and folded as the log thread does it, then asked for a page of the console.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import type { ExchangeRecord } from "../src/core/exchange-record.ts";
import type { MetricSelection } from "../src/telemetry/metrics-answers.ts";
import { prometheusText } from "../src/telemetry/prometheus-text.ts";
import { foldRollups, rollupSchema, writeParts } from "../src/telemetry/rollups/rollup-parts.ts";
import { RollupReader } from "../src/telemetry/rollups/rollup-reader.ts";
import { Rollups } from "../src/telemetry/rollups/rollups.ts";
import { plausibleRecords } from "../test/support/plausible-records.ts";

const dayMs = 24 * 3_600_000;
const nowMs = Date.UTC(2030, 0, 8, 12);
const flushRecords = 4_096;
const { values } = parseArgs({ options: { records: { type: "string", default: "1000000" } } });
const count = Number(values.records);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** CPU of this thread: what others take of the machine does not count. */
function timed<Value>(work: () => Value): readonly [ms: number, value: Value] {
  const before = process.threadCpuUsage();
  const value = work();
  const { user, system } = process.threadCpuUsage(before);
  return [(user + system) / 1000, value];
}

interface Filled {
  readonly partitions: readonly DatabaseSync[];
  readonly open: Rollups;
  readonly bytes: number;
}

function fill(folder: string): Filled {
  const open = new Rollups({ wallMs: () => clockMs });
  const byDay = new Map<string, DatabaseSync>();
  let clockMs = 0;
  const spent = { add: 0, take: 0, write: 0, fold: 0 };
  const endOf = ({ time, durationMs }: ExchangeRecord): number => Date.parse(time) + durationMs;
  let batch: ExchangeRecord[] = [];
  const flush = (): void => {
    const [last] = batch.slice(-1);
    if (last === undefined) return;
    clockMs = endOf(last);
    const db = partitionOf(folder, byDay, clockMs);
    spent.add += timed(() => {
      for (const record of batch) open.add(record, endOf(record));
    })[0];
    const [takeMs, parts] = timed(() => open.takeParts());
    spent.take += takeMs;
    spent.write += timed(() => {
      db.exec("BEGIN");
      writeParts(db, parts);
      db.exec("COMMIT");
    })[0];
    spent.fold += timed(() => {
      for (const partition of byDay.values()) while (foldRollups(partition, clockMs));
    })[0];
    batch = [];
  };
  for (const record of plausibleRecords({ seed: 1, count, fromMs: nowMs - 7 * dayMs, toMs: nowMs })) {
    batch.push(record);
    if (batch.length === flushRecords) flush();
  }
  flush();
  for (const [what, ms] of Object.entries(spent))
    say(`${what}: ${((ms * 1000) / count).toFixed(2)} us a record`);
  const files = [...byDay.keys()].map((day) => join(folder, `${day}.db`));
  return {
    partitions: [...byDay.values()],
    open,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
  };
}

function partitionOf(folder: string, byDay: Map<string, DatabaseSync>, timeMs: number): DatabaseSync {
  const day = new Date(timeMs).toISOString().slice(0, 10);
  let db = byDay.get(day);
  if (db === undefined) {
    db = new DatabaseSync(join(folder, `${day}.db`));
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    db.exec(rollupSchema);
    byDay.set(day, db);
  }
  return db;
}

const selection = (
  name: MetricSelection["name"],
  ...groupBy: MetricSelection["groupBy"]
): MetricSelection => ({
  name,
  groupBy,
  top: 20,
  filters: [],
});

const page: readonly MetricSelection[] = [
  selection("request_rate", "api"),
  selection("success_rate", "api"),
  selection("duration_p95", "service"),
  selection("ttft_p95", "model"),
  selection("total_tokens", "consumer"),
  selection("attempts", "service", "reason"),
];

function ask({ partitions, open }: Filled): void {
  const hours = new DatabaseSync(":memory:");
  hours.exec(rollupSchema);
  const reader = (): RollupReader =>
    new RollupReader({
      partitions: () => partitions,
      hours,
      open,
      wallMs: () => nowMs,
      caughtUp: () => true,
    });
  for (const [name, spanMs] of [
    ["15 min", 15 * 60_000],
    ["1 h", 3_600_000],
    ["24 h", dayMs],
    ["48 h", 2 * dayMs],
    ["7 d", 7 * dayMs],
  ] as const) {
    const one = reader();
    const query = { fromMs: nowMs - spanMs, toMs: nowMs, stepMs: null, filters: [], selections: page };
    const [cold] = timed(() => one.metrics(query));
    const warm = [0, 1, 2]
      .map(() => timed(() => one.metrics(query))[0])
      .toSorted((left, right) => left - right);
    say(`six panels over ${name}: ${cold.toFixed(0)} ms cold, ${(warm[1] ?? 0).toFixed(0)} ms warm`);
  }
  for (const window of ["1h", "24h", "7d"] as const) {
    const one = reader();
    const [cold] = timed(() => one.traffic(window));
    const [warm] = timed(() => one.traffic(window));
    const [way] = timed(() => one.way("api-0", window));
    say(
      `traffic ${window}: ${cold.toFixed(0)} ms cold, ${warm.toFixed(0)} ms warm; the way: ${way.toFixed(0)} ms`,
    );
  }
  const [prometheusMs, text] = timed(() => prometheusText(open.families()));
  say(`prometheus: ${prometheusMs.toFixed(0)} ms, ${(text.length / 1e6).toFixed(1)} MB`);
}

const folder = mkdtempSync(join(tmpdir(), "rollups-"));
try {
  const filled = fill(folder);
  say(`on disk: ${(filled.bytes / count).toFixed(0)} bytes a record`);
  ask(filled);
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  say(
    `memory: ${[rss, heapUsed, arrayBuffers].map((bytes) => `${Math.round(bytes / 1e6)} MB`).join(", ")} (rss, heap, buffers)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
