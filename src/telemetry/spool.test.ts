import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { spooledRecords } from "../../test/support/spooled-records.ts";
import { lineHeader } from "./line-layout.ts";
import { lineOf } from "./record-lines.ts";
import { listSegments, openSpool, type Spool, type SpoolOptions } from "./spool.ts";

let folder: string;
let dir: string;
let nowMs: number;
let problems: Error[];
let open: Spool[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "moongate-spool-"));
  dir = join(folder, "logs", "spool");
  nowMs = 1_000_000;
  problems = [];
  open = [];
});

afterEach(async () => {
  for (const spool of open) await spool.close();
  rmSync(folder, { recursive: true, force: true });
});

function openHere(overrides: Partial<SpoolOptions> = {}): Spool {
  const spool = openSpool({
    dir,
    writer: "w0",
    wallMs: () => nowMs,
    onProblem: (error) => problems.push(error),
    ...overrides,
  });
  open.push(spool);
  return spool;
}

const lineBytes = Buffer.byteLength(lineOf(recordOf({ requestId: "r-000" }))) + 1;
/** Of a segment with so many lines, its header included. */
const bytesOf = (lines: number): number => Buffer.byteLength(lineHeader) + 1 + lines * lineBytes;

/** Records and flushes one after the other, each at its own millisecond. */
async function recordEach(spool: Spool, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    nowMs += 1;
    spool.record(recordOf({ requestId: id }));
    await spool.flush();
  }
}

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `r-${String(index).padStart(3, "0")}`);
const found = (id: string) => spooledRecords(dir).find(({ requestId }) => requestId === id);
const isFound = (id: string): boolean => found(id) !== undefined;
const sizes = (): number[] => listSegments(dir).map((name) => statSync(join(dir, name)).size);

const foundIds = (): string[] => spooledRecords(dir).map(({ requestId }) => requestId);

describe("recording", () => {
  test("makes the folder, and nothing to read at first", async () => {
    openHere();
    expect(foundIds()).toEqual([]);
    expect(sizes()).toEqual([0]);
  });

  test("what was recorded can be read after a flush, every field of it", async () => {
    const spool = openHere();
    const record = recordOf({ requestId: "r-1", path: '/odd/"path"\\\n\u2028\u00fc\ud83d\ude00' });
    spool.record(record);
    await spool.flush();
    expect(found("r-1")).toEqual(record);
    expect(spool.dropped).toBe(0);
  });

  test("is written without being asked, soon", async () => {
    const spool = openHere();
    spool.record(recordOf({ requestId: "r-1" }));
    expect(isFound("r-1")).toBe(false);
    await expect.poll(() => isFound("r-1")).toBe(true);
  });

  test("keeps one line each, in order", async () => {
    const spool = openHere();
    for (const id of ids(500)) spool.record(recordOf({ requestId: id }));
    await spool.flush();
    expect(foundIds()).toEqual(ids(500));
  });

  test("records that come while others are written are flushed too", async () => {
    const spool = openHere();
    spool.record(recordOf({ requestId: "r-1" }));
    const flushed = spool.flush();
    spool.record(recordOf({ requestId: "r-2" }));
    await flushed;
    expect(isFound("r-2")).toBe(true);
  });

  test("closing writes what waits, later records are lost and counted", async () => {
    const spool = openHere();
    spool.record(recordOf({ requestId: "r-1" }));
    await spool.close();
    expect(isFound("r-1")).toBe(true);
    spool.record(recordOf({ requestId: "r-2" }));
    await spool.flush();
    expect(spool.dropped).toBe(1);
    await spool.close();
  });

  test("writers side by side do not share a segment", async () => {
    const spools = ["w0", "w1", "w2"].map((writer) => openHere({ writer }));
    for (const [index, spool] of spools.entries()) spool.record(recordOf({ requestId: `r-${index}` }));
    await Promise.all(spools.map((spool) => spool.flush()));
    expect(listSegments(dir)).toHaveLength(3);
    for (const index of [0, 1, 2]) expect(isFound(`r-${index}`)).toBe(true);
  });

  test("a new start leaves the segments of the one before", async () => {
    const first = openHere();
    await recordEach(first, ["r-1"]);
    await first.close();
    nowMs += 1;
    await recordEach(openHere(), ["r-2"]);
    expect(listSegments(dir)).toHaveLength(2);
    expect([isFound("r-1"), isFound("r-2")]).toEqual([true, true]);
  });

  test.skipIf(process.platform === "win32")("segments are readable by their owner alone", () => {
    openHere();
    for (const name of listSegments(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  });

  test("a folder that cannot be made is told at once", () => {
    writeFileSync(join(folder, "logs"), "in the way");
    expect(() => openSpool({ dir, writer: "w0", wallMs: () => nowMs, onProblem: () => undefined })).toThrow(
      /ENOTDIR|EEXIST/,
    );
  });
});

describe("segments", () => {
  test("a full one is followed by a new one", async () => {
    const spool = openHere({ segmentBytes: bytesOf(3) });
    await recordEach(spool, ids(8));
    expect(sizes()).toEqual([bytesOf(3), bytesOf(3), bytesOf(2)]);
    for (const id of ids(8)) expect(isFound(id)).toBe(true);
  });

  test("what is larger than a segment has one of its own", async () => {
    const spool = openHere({ segmentBytes: bytesOf(3) });
    await recordEach(spool, ["r-000"]);
    for (const id of ids(10)) spool.record(recordOf({ requestId: id }));
    await spool.flush();
    expect(sizes()).toEqual([bytesOf(1), bytesOf(10)]);
  });

  test.each([
    ["stands still", 0],
    ["goes back", -60_000],
  ])("keep their size and order when the clock %s", async (_, stepMs) => {
    const spool = openHere({ segmentBytes: bytesOf(2) });
    for (const id of ids(7)) {
      spool.record(recordOf({ requestId: id }));
      await spool.flush();
      nowMs += stepMs;
    }
    expect(sizes()).toEqual([2, 2, 2, 1].map(bytesOf));
    expect(foundIds()).toEqual(ids(7));
  });

  test("beyond the cap the oldest go first", async () => {
    const spool = openHere({ segmentBytes: bytesOf(2), capBytes: 3 * bytesOf(2) });
    for (const [index, id] of ids(20).entries()) {
      await recordEach(spool, [id]);
      expect(sizes().reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * bytesOf(2));
      expect(isFound(id)).toBe(true);
      if (index >= 4) expect(isFound(ids(20)[index - 3] ?? "")).toBe(true);
    }
    expect(isFound("r-000")).toBe(false);
    expect(spool.dropped).toBe(0);
  });

  test("the cap counts the segments of a start before, and other files not at all", async () => {
    const first = openHere({ segmentBytes: bytesOf(2) });
    await recordEach(first, ids(8));
    await first.close();
    appendFileSync(join(dir, "notes.txt"), "x".repeat(10_000));
    nowMs += 1;
    await recordEach(openHere({ segmentBytes: bytesOf(2), capBytes: 3 * bytesOf(2) }), ["r-100"]);
    expect(isFound("r-000")).toBe(false);
    expect([isFound("r-007"), isFound("r-100")]).toEqual([true, true]);
    expect(existsSync(join(dir, "notes.txt"))).toBe(true);
  });

  test("a quiet writer whose segment fell to the cap goes on in a new one", async () => {
    const quiet = openHere({ writer: "quiet" });
    await recordEach(quiet, ["q-1"]);
    nowMs += 1;
    await recordEach(
      openHere({ writer: "busy", segmentBytes: bytesOf(2), capBytes: 3 * bytesOf(2) }),
      ids(20),
    );
    expect(isFound("q-1")).toBe(false);
    await recordEach(quiet, ["q-2"]);
    expect(isFound("q-2")).toBe(true);
  });
});

describe("a disk that takes nothing", () => {
  const full = existsSync("/dev/full");

  /** Where the next segment will be. */
  const nextSegment = (): string => join(dir, `${String(nowMs).padStart(15, "0")}-w0.jsonl`);

  test.skipIf(!full)("records are dropped and counted, the problem is told once", async () => {
    await openHere({ writer: "other" }).close();
    symlinkSync("/dev/full", nextSegment());
    const spool = openHere();
    for (const id of ids(5)) spool.record(recordOf({ requestId: id }));
    await spool.flush();
    expect(spool.dropped).toBe(5);
    expect(problems).toMatchObject([{ code: "ENOSPC" }]);
  });

  test.skipIf(!full)("what comes after a failure begins in a new segment", async () => {
    await openHere({ writer: "other" }).close();
    const link = nextSegment();
    symlinkSync("/dev/full", link);
    const spool = openHere();
    await recordEach(spool, ["r-lost", "r-kept"]);
    expect(spool.dropped).toBe(1);
    // Reading that device never ends.
    rmSync(link);
    expect([isFound("r-lost"), isFound("r-kept")]).toEqual([false, true]);
  });

  test("a segment that cannot be made costs its records, not the process", async () => {
    const spool = openHere({ segmentBytes: bytesOf(1) });
    await recordEach(spool, ["r-1"]);
    rmSync(dir, { recursive: true });
    writeFileSync(dir, "in the way");
    await recordEach(spool, ["r-2", "r-3"]);
    expect(spool.dropped).toBe(2);
    expect(problems).toHaveLength(1);
    rmSync(dir);
    await recordEach(spool, ["r-4"]);
    expect(isFound("r-4")).toBe(true);
    expect(spool.dropped).toBe(2);
    rmSync(dir, { recursive: true });
    writeFileSync(dir, "in the way again");
    await recordEach(spool, ["r-5"]);
    expect(problems).toHaveLength(2);
    rmSync(dir);
  });

  test("a folder that was removed is made again", async () => {
    const spool = openHere();
    await recordEach(spool, ["r-1"]);
    rmSync(dir, { recursive: true });
    await recordEach(spool, ["r-2"]);
    expect(isFound("r-2")).toBe(true);
    expect({ dropped: spool.dropped, problems }).toEqual({ dropped: 0, problems: [] });
  });

  test("records that wait for a slow disk are bounded", async () => {
    const spool = openHere();
    const large = "x".repeat(1024 * 1024);
    for (let index = 0; index < 20; index += 1)
      spool.record(recordOf({ requestId: `r-${index}`, path: large }));
    expect(spool.dropped).toBeGreaterThan(0);
    expect(spool.dropped).toBeLessThan(5);
    expect(problems).toHaveLength(1);
    await spool.flush();
    expect([isFound("r-0"), isFound("r-19")]).toEqual([true, false]);
  });
});
