// The ledger over segments as spools write them: what is there at a start, what is appended, torn, rotated and removed.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { FollowedLedger } from "./followed-ledger.ts";
import { listSegments, openSpool, type Spool, type SpoolOptions } from "./spool.ts";

/** Files have the time of the system. */
const nowMs = Date.now();
const dayMs = 24 * 3_600_000;

let dir: string;
let wallMs: number;
let spools: Spool[];
let problems: Error[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ledger-"));
  wallMs = nowMs;
  spools = [];
  problems = [];
});
afterEach(async () => {
  for (const opened of spools) await opened.close();
  rmSync(dir, { recursive: true, force: true });
});

function spool(options: Partial<SpoolOptions> = {}): Spool {
  const made = openSpool({
    dir,
    writer: "w0",
    wallMs: () => wallMs,
    onProblem: (error) => problems.push(error),
    ...options,
  });
  spools.push(made);
  return made;
}

let made = 0;
function record(fields: Partial<ExchangeRecord> = {}): ExchangeRecord {
  made += 1;
  return recordOf({ requestId: `r${made}`, time: new Date(wallMs).toISOString(), ...fields });
}

async function write(to: Spool, ...records: readonly ExchangeRecord[]): Promise<void> {
  for (const each of records) to.record(each);
  await to.flush();
}

function follow(pieceBytes?: number): FollowedLedger {
  return new FollowedLedger({
    dir,
    wallMs: () => wallMs,
    onProblem: (error) => problems.push(error),
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  });
}

/** Reads everything that is there. */
async function readAll(followed: FollowedLedger): Promise<FollowedLedger> {
  while (await followed.step());
  return followed;
}

const requests = ({ ledger, caughtUp }: FollowedLedger) =>
  ledger.traffic("7d", wallMs, caughtUp).total.requests;

test("what was there before the start is read, and what is appended afterwards, each once", async () => {
  const first = spool();
  await write(first, record(), record());
  const followed = follow();
  expect(followed.ledger.traffic("7d", wallMs, followed.caughtUp).complete).toBe(false);
  await readAll(followed);
  expect([requests(followed), followed.caughtUp]).toEqual([2, true]);
  await write(first, record());
  await write(spool({ writer: "w1" }), record(), record());
  await readAll(followed);
  await readAll(followed);
  expect(requests(followed)).toBe(5);
});

test("a restart counts the same again", async () => {
  await write(spool(), record(), record({ api: "b" }), record());
  const before = await readAll(follow());
  const after = await readAll(follow());
  const told = ({ ledger }: FollowedLedger) => ledger.traffic("24h", wallMs, true);
  expect(told(after)).toEqual(told(before));
  expect(requests(after)).toBe(3);
});

test("segments that end are followed to the next, of several writers", async () => {
  const writers = ["w0", "w1"].map((writer) => spool({ writer, segmentBytes: 2_000 }));
  const followed = follow();
  for (let round = 0; round < 20; round += 1) {
    wallMs += 1;
    for (const writer of writers) await write(writer, record());
    if (round % 3 === 0) await readAll(followed);
  }
  await readAll(followed);
  expect(listSegments(dir).length).toBeGreaterThan(10);
  expect(requests(followed)).toBe(40);
});

test("segments that the cap removes stay counted, and nothing is counted twice", async () => {
  const writer = spool({ segmentBytes: 2_000, capBytes: 6_000 });
  const followed = follow();
  for (let round = 0; round < 30; round += 1) {
    wallMs += 1;
    await write(writer, record());
    await readAll(followed);
  }
  expect(listSegments(dir).length).toBeLessThan(10);
  expect(requests(followed)).toBe(30);
  const restarted = await readAll(follow());
  expect(requests(restarted)).toBeLessThan(15);
  expect(problems).toEqual([]);
});

test("a line that is not whole yet is read when it is", async () => {
  const path = join(dir, "000000000000001-w0.jsonl");
  const line = `${JSON.stringify(record())}\n`;
  writeFileSync(path, line + line.slice(0, 100));
  const followed = await readAll(follow());
  expect(requests(followed)).toBe(1);
  appendFileSync(path, line.slice(100));
  await readAll(followed);
  expect(requests(followed)).toBe(2);
});

test.each([
  ["a torn line", '{"requestId":"r","time":'],
  ["a line that is no record", '{"some":"thing"}'],
  ["a record without a time", JSON.stringify({ ...recordOf({}), time: "never" })],
  ["an empty line", ""],
])("%s is left out, those around it count", async (_name, bad) => {
  const line = JSON.stringify(record());
  writeFileSync(join(dir, "000000000000001-w0.jsonl"), `${line}\n${bad}\n${line}\n`);
  expect(requests(await readAll(follow()))).toBe(2);
  expect(problems).toEqual([]);
});

test.each([
  ["shorter than a line", 100],
  ["of some lines", 3_000],
])("pieces %s give the same", async (_name, pieceBytes) => {
  await write(spool(), ...Array.from({ length: 50 }, () => record({ path: `/${"x".repeat(500)}` })));
  expect(requests(await readAll(follow(pieceBytes)))).toBe(50);
});

test("a segment of last month is not read, and says that records reach back", async () => {
  const path = join(dir, "000000000000001-w0.jsonl");
  writeFileSync(path, `${JSON.stringify(record())}\n`);
  utimesSync(path, (nowMs - 30 * dayMs) / 1000, (nowMs - 30 * dayMs) / 1000);
  await write(spool({ writer: "w1" }), record());
  const followed = await readAll(follow());
  expect(requests(followed)).toBe(1);
  expect(followed.ledger.traffic("7d", wallMs, true).complete).toBe(true);
});

test("a folder that is not there yet is no fault; one that cannot be read is told once", async () => {
  const missing = new FollowedLedger({
    dir: join(dir, "none"),
    wallMs: () => wallMs,
    onProblem: (error) => problems.push(error),
  });
  await readAll(missing);
  expect(problems).toEqual([]);
  const file = join(dir, "file");
  writeFileSync(file, "");
  const broken = new FollowedLedger({
    dir: file,
    wallMs: () => wallMs,
    onProblem: (error) => problems.push(error),
  });
  await readAll(broken);
  await readAll(broken);
  expect(problems).toHaveLength(1);
  expect(broken.caughtUp).toBe(false);
});

test("a folder that cannot be read any more: what is told is no longer all there is", async () => {
  const spooled = join(dir, "spooled");
  mkdirSync(spooled);
  const followed = new FollowedLedger({
    dir: spooled,
    wallMs: () => wallMs,
    onProblem: (error) => problems.push(error),
  });
  await readAll(followed);
  expect(followed.caughtUp).toBe(true);
  rmSync(spooled, { recursive: true });
  writeFileSync(spooled, "");
  await readAll(followed);
  expect(followed.caughtUp).toBe(false);
  rmSync(spooled);
  await readAll(followed);
  expect(followed.caughtUp).toBe(true);
});

test("100,000 records of 50 Model APIs over a week stay within the bound of memory", async () => {
  const writer = spool({ segmentBytes: 4 * 1024 * 1024 });
  for (let index = 0; index < 100_000; index += 1) {
    const time = new Date(nowMs - (index % 10_000) * 60_000).toISOString();
    writer.record(
      recordOf({
        requestId: `m${index}`,
        time,
        api: `api-${index % 50}`,
        durationMs: index % 997,
        ttftMs: index % 313,
        model: `model-${index % 20}`,
      }),
    );
    if (index % 5_000 === 0) await writer.flush();
  }
  await writer.flush();
  const followed = await readAll(follow());
  followed.ledger.tidy(wallMs);
  expect(requests(followed)).toBeGreaterThan(95_000);
  expect(followed.ledger.traffic("7d", wallMs, true).apis).toHaveLength(50);
  expect(followed.ledger.logs({ filters: {}, limit: 10_000, after: null }).items.length).toBeLessThan(8_000);
});
