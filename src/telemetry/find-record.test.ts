import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { findRecord } from "./find-record.ts";
import { listSegments, openSpool, type Spool } from "./spool.ts";

let folder: string;
let dir: string;
let nowMs: number;
let open: Spool[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "moongate-find-record-"));
  dir = join(folder, "spool");
  nowMs = 1_000_000;
  open = [];
});

afterEach(async () => {
  for (const spool of open) await spool.close();
  rmSync(folder, { recursive: true, force: true });
});

function openHere(segmentBytes = 1_000_000): Spool {
  const onProblem = (error: Error): never => {
    throw error;
  };
  const spool = openSpool({ dir, writer: "w0", wallMs: () => nowMs, onProblem, segmentBytes });
  open.push(spool);
  return spool;
}

async function recordEach(spool: Spool, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    spool.record(recordOf({ requestId: id }));
    await spool.flush();
  }
}

const isFound = async (id: string): Promise<boolean> => (await findRecord(dir, id)) !== undefined;

test("in a folder that does not exist there is none", async () => {
  expect(await findRecord(join(folder, "nowhere"), "r-1")).toBeUndefined();
});

test("a line torn by a crash is no record; those before it and in later segments are", async () => {
  const first = openHere();
  await recordEach(first, ["r-1"]);
  await first.close();
  const [segment = ""] = listSegments(dir);
  appendFileSync(join(dir, segment), JSON.stringify(recordOf({ requestId: "r-torn" })).slice(0, -1));
  nowMs += 1;
  await recordEach(openHere(), ["r-2"]);
  expect([await isFound("r-torn"), await isFound("r-1"), await isFound("r-2")]).toEqual([false, true, true]);
});

test("a whole line whose line end is missing is still being written", async () => {
  await openHere().close();
  const [segment = ""] = listSegments(dir);
  appendFileSync(join(dir, segment), JSON.stringify(recordOf({ requestId: "r-1" })));
  expect(await isFound("r-1")).toBe(false);
  appendFileSync(join(dir, segment), "\n");
  expect(await isFound("r-1")).toBe(true);
});

test("a line torn in the middle of a segment hides no other", async () => {
  await openHere().close();
  const [segment = ""] = listSegments(dir);
  const whole = (id: string): string => JSON.stringify(recordOf({ requestId: id }));
  appendFileSync(
    join(dir, segment),
    `${whole("r-torn").slice(0, 60)}${whole("r-1")}\n${whole("r-torn").slice(0, 60)}\n${whole("r-2")}\n`,
  );
  expect([await isFound("r-torn"), await isFound("r-1"), await isFound("r-2")]).toEqual([false, true, true]);
  appendFileSync(join(dir, segment), `${whole("r-torn")}\n`);
  expect(await isFound("r-torn")).toBe(true);
});

test("records are found wherever blocks of the file end", async () => {
  await openHere().close();
  const [segment = ""] = listSegments(dir);
  // Lines of odd lengths over more than two blocks of 1 MiB, and one longer than a block.
  const paths = Array.from({ length: 60 }, (_, index) =>
    "x".repeat(index === 30 ? 1_500_000 : 30_011 + 97 * index),
  );
  const text = paths
    .map((path, index) => `${JSON.stringify(recordOf({ requestId: `r-${index}`, path }))}\n`)
    .join("");
  appendFileSync(join(dir, segment), text);
  for (const [index, path] of paths.entries()) {
    const found = await findRecord(dir, `r-${index}`);
    expect(found?.path.length).toBe(path.length);
  }
});

test("the record is the newest where an id occurs twice in different segments", async () => {
  const spool = openHere(1);
  spool.record(recordOf({ requestId: "r-1", path: "/old" }));
  await spool.flush();
  nowMs += 1;
  spool.record(recordOf({ requestId: "r-1", path: "/new" }));
  await spool.flush();
  expect((await findRecord(dir, "r-1"))?.path).toBe("/new");
});

test.each([
  ["the beginning of an id", "r-1"],
  ["the end of an id", "12"],
  ["nothing", ""],
  ["a pattern", "r-.*"],
  ["what would end the search string", 'r-12","traceId":"t'],
  ["a path", "../r-12"],
  ["too long an id", "r".repeat(65)],
  ["an id that stands in another field", "a-path"],
])("does not take %s for an id", async (_, id) => {
  const spool = openHere();
  spool.record(recordOf({ requestId: "r-12", path: '{"requestId":"a-path","x":1}' }));
  await spool.flush();
  expect(await isFound(id)).toBe(false);
  expect(await isFound("r-12")).toBe(true);
});
