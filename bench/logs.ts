// The log store at a size: what taking a record costs, and how long questions wait. In process, without sockets.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { LogFacetField, LogPage, LogQuery } from "../src/telemetry/log-answers.ts";
import { LogKeeper } from "../src/telemetry/log-keeper.ts";
import type { MetricSelection } from "../src/telemetry/metrics-answers.ts";
import { defaultLogSettings, type LogStoreState } from "../src/telemetry/log-state.ts";
import { ownLayout } from "../src/telemetry/line-layout.ts";
import { lineOf, readHead } from "../src/telemetry/record-lines.ts";
import { Rollups } from "../src/telemetry/rollups/rollups.ts";
import { openSpool } from "../src/telemetry/spool.ts";
import { BlockBuilder } from "../src/telemetry/store/block-builder.ts";
import { chunkRecords, packChunk } from "../src/telemetry/store/record-chunks.ts";
import { plausibleRecords } from "./logs-records.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const days = 7;
const firstDayMs = Date.UTC(2026, 0, 5);
const usage = "npm run bench:logs -- [--records 1000000] [--recorded 0.02] [--dir FOLDER]";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    recorded: { type: "string", default: "0.02" },
    dir: { type: "string" },
  },
});
const count = Number(values.records);
const recordedShare = Number(values.recorded);
if (!Number.isInteger(count) || count < 1_000 || !(recordedShare >= 0 && recordedShare <= 1)) {
  console.error(usage);
  process.exit(2);
}

const dir = values.dir ?? mkdtempSync(join(tmpdir(), "bench-logs-"));
mkdirSync(dir, { recursive: true });
/** Goes on as the records do. */
let nowMs = firstDayMs;

function openKeeper(folder = dir): LogKeeper {
  return new LogKeeper({
    spoolDir: join(folder, "records"),
    logsDir: join(folder, "logs"),
    spoolRun: null,
    settings: defaultLogSettings,
    countedSinceMs: 0,
    wallMs: () => nowMs,
    monotonicMs: () => performance.now(),
    onProblem: (error) => console.error(error),
  });
}

function say(what: string, figure: string): void {
  console.log(`${what.padEnd(64)} ${figure}`);
}

function cpuMicroseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** What each step of taking a record costs, apart. */
function measureSteps(): void {
  const plan = { seed: 2, count: 40_960, fromMs: firstDayMs, toMs: firstDayMs + 10_000, recordedShare: 0 };
  const records = [...plausibleRecords(plan)];
  const step = (name: string, work: () => void): void => {
    work();
    say(`  ${name}`, `${(cpuMicroseconds(work) / records.length).toFixed(2)} us`);
  };
  const lines = records.map((record) => lineOf(record));
  say("one record, in steps (CPU)", "");
  step("worker: JSON.stringify of the record, as before", () =>
    records.forEach((each) => JSON.stringify(each)),
  );
  step("worker: its line", () => records.forEach((each) => lineOf(each)));
  step("log thread: line parsed", () => lines.forEach((line) => readHead(line, ownLayout)));
  step("log thread: columns of a block", () => {
    let block = new BlockBuilder(0, 0);
    for (const [index, record] of records.entries()) {
      if (block.isFull) block = new BlockBuilder(0, 0);
      block.add(record, lines[index] ?? "", Date.parse(record.time), false);
    }
  });
  step("log thread: records compressed", () => {
    for (let from = 0; from < lines.length; from += chunkRecords)
      packChunk(lines.slice(from, from + chunkRecords));
  });
  const rollups = new Rollups({ wallMs: () => firstDayMs, countedSinceMs: 0 });
  step("log thread: counted, parts encoded every 2 s", () => {
    for (const [index, record] of records.entries()) {
      rollups.add(record, Date.parse(record.time) + record.durationMs);
      if (index % 20_000 === 19_999) rollups.takeParts();
    }
  });
}

/** A day's records go through the spool, then into the store. @returns CPU of the second half */
async function fillDay(keeper: LogKeeper, day: number): Promise<number> {
  const fromMs = firstDayMs + day * dayMs;
  nowMs = fromMs;
  const spool = openSpool({
    dir: join(dir, "records"),
    writer: `w${day}`,
    wallMs: () => nowMs,
    onProblem: (error) => console.error(error),
    capBytes: 8 * 1024 ** 3,
  });
  const plan = {
    seed: day + 10,
    count: Math.ceil(count / days),
    fromMs,
    toMs: fromMs + dayMs,
    recordedShare,
  };
  let index = 0;
  for (const record of plausibleRecords(plan)) {
    spool.record(record);
    index += 1;
    if (index % 5_000 === 0) await spool.flush();
  }
  await spool.close();
  nowMs = fromMs + dayMs - 1;
  return cpuMicroseconds(() => {
    while (keeper.step());
    keeper.commit();
  });
}

/** What a record costs when ten thousand a second come: by the hour, once series are known. */
async function measureFullRate(): Promise<void> {
  const folder = join(dir, "full-rate");
  const keeper = openKeeper(folder);
  for (const half of [0, 1]) {
    nowMs = firstDayMs + half * 20_000;
    const spool = openSpool({
      dir: join(folder, "records"),
      writer: `w${half}`,
      wallMs: () => nowMs,
      onProblem: (error) => console.error(error),
    });
    const plan = { seed: 3, count: 200_000, fromMs: nowMs, toMs: nowMs + 20_000, recordedShare: 0 };
    let index = 0;
    for (const record of plausibleRecords(plan)) {
      spool.record(record);
      index += 1;
      if (index % 5_000 === 0) await spool.flush();
    }
    await spool.close();
    const cpu = cpuMicroseconds(() => {
      while (keeper.step()) nowMs += 60;
      keeper.commit();
    });
    const name = half === 0 ? "series new" : "series known";
    say(`at 10,000 a second, all in (CPU), ${name}`, `${(cpu / plan.count).toFixed(2)} us each`);
  }
  keeper.stop();
  rmSync(folder, { recursive: true, force: true });
}

const facets: LogFacetField[] = [
  "api",
  "service",
  "model",
  "consumer",
  "status",
  "outcome",
  "errorCode",
  "stream",
];

const everything: LogQuery = {
  fromMs: null,
  toMs: null,
  filters: [],
  search: null,
  limit: 100,
  cursor: null,
  facets,
  histogramColumns: 60,
};

const threeFilters: LogQuery = {
  ...everything,
  filters: [
    { field: "api", kind: "text", not: false, values: ["api-1*"] },
    { field: "status", kind: "number", not: false, ranges: [[500, 599]] },
    { field: "consumer", kind: "text", not: true, values: ["consumer-0"] },
  ],
};

const panel = (name: MetricSelection["name"], ...groupBy: MetricSelection["groupBy"]): MetricSelection => ({
  name,
  groupBy,
  top: 20,
  filters: [],
});

const panels: readonly MetricSelection[] = [
  panel("request_rate", "api"),
  panel("success_rate", "api"),
  panel("duration_p95", "service"),
  panel("ttft_p95", "model"),
  panel("total_tokens", "consumer"),
  panel("attempts", "service", "reason"),
];

async function timed<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer> {
  const times: number[] = [];
  let answer: Answer | undefined;
  for (let round = 0; round < 4; round += 1) {
    const beganMs = performance.now();
    answer = await ask();
    times.push(performance.now() - beganMs);
  }
  const [first = 0, ...others] = times;
  say(`  ${name}`, `${first.toFixed(0)} ms first, ${Math.min(...others).toFixed(0)} ms then`);
  if (answer === undefined) throw new Error("nothing was asked");
  return answer;
}

async function measureQueries(keeper: LogKeeper): Promise<void> {
  // Each kind of question has its kind of answer.
  const logs = (ask: LogQuery) => keeper.answer({ kind: "logs", ask }) as Promise<LogPage>;
  say("questions, wall time", "");
  const week = { fromMs: firstDayMs, toMs: nowMs, stepMs: null, filters: [], selections: panels };
  await timed("six panels over seven days, from roll-ups", () =>
    keeper.answer({ kind: "metrics", ask: week }),
  );
  const page = await timed("newest page of all, no counts", () =>
    logs({ ...everything, facets: [], histogramColumns: 0 }),
  );
  await timed("page, three filters, 8 facets, histogram", () => logs(threeFilters));
  await timed("page of all, 8 facets, histogram", () => logs(everything));
  await timed("content search with facets", () => logs({ ...everything, search: "ticket-77 gateway" }));
  await timed("content search for a common word", () => logs({ ...everything, search: "harbours" }));
  const id = page.items[50]?.requestId ?? "";
  await timed("one record by its id", () => keeper.answer({ kind: "log", ask: { requestId: id } }));
  await timed("an id that nobody has", () =>
    keeper.answer({ kind: "log", ask: { requestId: "00000000-0000-4000-8000-000000000000" } }),
  );
  await timed("a trace", () => keeper.answer({ kind: "trace", ask: { traceId: id.replaceAll("-", "") } }));
  await timed("a pattern over paths", () =>
    logs({ ...threeFilters, filters: [{ field: "path", kind: "text", not: false, values: ["*chat*"] }] }),
  );
}

/** The oldest day goes while records come in and questions are asked. */
async function measureRetention(keeper: LogKeeper): Promise<void> {
  const fromMs = firstDayMs + days * dayMs;
  const plan = { seed: 99, count: 100_000, fromMs, toMs: fromMs + 60_000, recordedShare: 0 };
  const spool = openSpool({
    dir: join(dir, "records"),
    writer: "late",
    wallMs: () => nowMs,
    onProblem: (error) => console.error(error),
  });
  nowMs = fromMs + 60_000;
  let longestStepMs = 0;
  let longestAnswerMs = 0;
  const records = plausibleRecords(plan);
  const settings = keeper.answer({ kind: "settings", ask: { ...defaultLogSettings, retentionDays: 6 } });
  const gone = settings.then(() => true);
  for (let rounds = 0, isGone = false; !isGone || rounds < 20; rounds += 1) {
    for (let index = 0; index < 1_000; index += 1) {
      const next = records.next();
      if (next.done !== true) spool.record(next.value);
    }
    await spool.flush();
    const beganMs = performance.now();
    keeper.step();
    const steppedMs = performance.now();
    await keeper.answer({ kind: "logs", ask: threeFilters });
    longestStepMs = Math.max(longestStepMs, steppedMs - beganMs);
    longestAnswerMs = Math.max(longestAnswerMs, performance.now() - steppedMs);
    isGone = await Promise.race([gone, nextTurn(false)]);
  }
  await spool.close();
  say("a day goes while records come and questions are asked", "");
  say("  longest stall of taking records", `${longestStepMs.toFixed(0)} ms`);
  say("  longest question (three filters, 8 facets, histogram)", `${longestAnswerMs.toFixed(0)} ms`);
}

async function run(): Promise<void> {
  if (existsSync(join(dir, "logs"))) say("the folder is filled already: it is only asked", "");
  else await fill();
  nowMs = firstDayMs + days * dayMs - 1;
  const keeper = openKeeper();
  say("state", JSON.stringify(await stateOf(keeper)));
  await measureQueries(keeper);
  const memory = process.memoryUsage();
  const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  say("memory", `heap ${megabytes(memory.heapUsed)}, columns and buffers ${megabytes(memory.arrayBuffers)}`);
  await measureRetention(keeper);
  keeper.stop();
}

function stateOf(keeper: LogKeeper): Promise<LogStoreState> {
  // Each kind of question has its kind of answer.
  return keeper.answer({ kind: "state", ask: {} }) as Promise<LogStoreState>;
}

async function fill(): Promise<void> {
  measureSteps();
  await measureFullRate();
  let cpu = 0;
  nowMs = firstDayMs;
  const keeper = openKeeper();
  for (let day = 0; day < days; day += 1) cpu += await fillDay(keeper, day);
  say(
    `${count} records over ${days} days through spool and store (CPU, all in)`,
    `${(cpu / count).toFixed(2)} us each`,
  );
  const foldCpu = process.cpuUsage();
  while (keeper.fold());
  const folded = process.cpuUsage(foldCpu);
  say("  folding roll-ups", `${((folded.user + folded.system) / count).toFixed(2)} us each`);
  keeper.stop();
}

try {
  await run();
} finally {
  if (values.dir === undefined) rmSync(dir, { recursive: true, force: true });
}
