// From the spool into the store: torn lines, caps, days, retention, content, damaged files, a clock that goes back.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { defaultLogSettings } from "../log-state.ts";
import { lineHeader } from "../line-layout.ts";
import { lineOf } from "../record-lines.ts";
import { listSegments } from "../spool.ts";
import { NewerPartition } from "./partition.ts";
import {
  countedRequests,
  dayMs,
  idsOf,
  noonMs,
  storeFixture,
  uuid,
  wholeQuery,
  type StoreFixture,
} from "../../../test/support/log-store.ts";

let fixture: StoreFixture;
beforeEach(() => {
  fixture = storeFixture();
});
afterEach(() => fixture.remove());

const partitions = (): string[] =>
  readdirSync(fixture.logsDir).filter((name) => /^\d[\d.-]*\.db$/u.test(name));

describe("the spool", () => {
  test("goes once what it held is committed and on the disk, but for the segment that is written to", async () => {
    const spool = fixture.spool({ segmentBytes: 2_000 });
    const keeper = fixture.open();
    for (let number = 0; number < 20; number += 1) {
      fixture.nowMs += 1;
      spool.record(recordOf({ requestId: uuid(number), time: new Date(noonMs).toISOString() }));
      await spool.flush();
    }
    expect(listSegments(fixture.spoolDir).length).toBeGreaterThan(5);
    while (keeper.step());
    keeper.checkpoint();
    expect(listSegments(fixture.spoolDir).length).toBeGreaterThan(5);
    keeper.commit();
    keeper.checkpoint();
    expect(listSegments(fixture.spoolDir)).toHaveLength(1);
    await spool.close();
    const next = fixture.open({ spoolRun: "next" });
    next.checkpoint();
    while (next.step());
    next.checkpoint();
    expect(listSegments(fixture.spoolDir)).toEqual([]);
    expect(await fixture.walk(next)).toHaveLength(20);
  });

  test("a torn line is no record, those around it are; what follows a crash is another segment", async () => {
    const keeper = fixture.open();
    mkdirSync(fixture.spoolDir, { recursive: true });
    const line = (number: number) =>
      lineOf(recordOf({ requestId: uuid(number), time: new Date(noonMs).toISOString() }));
    const path = join(fixture.spoolDir, "000000000000001-w0-before.jsonl");
    writeFileSync(
      path,
      `${lineHeader}\n${line(1)}\n${line(2).slice(0, 50)}${line(3)}\n${line(4)}\n${line(5).slice(0, 90)}`,
    );
    while (keeper.step());
    keeper.commit();
    keeper.checkpoint();
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(4), uuid(1)]);
    expect(existsSync(path)).toBe(false);
  });

  test("a whole line whose end is missing is still being written", async () => {
    const keeper = fixture.open();
    mkdirSync(fixture.spoolDir, { recursive: true });
    const path = join(fixture.spoolDir, "000000000000001-w0-now.jsonl");
    const line = lineOf(recordOf({ requestId: uuid(1), time: new Date(noonMs).toISOString() }));
    writeFileSync(path, `${lineHeader}\n${line}`);
    expect(await fixture.walk(keeper)).toEqual([]);
    appendFileSync(path, "\n");
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(1)]);
  });

  test("lines of the build before are taken too", async () => {
    const keeper = fixture.open();
    mkdirSync(fixture.spoolDir, { recursive: true });
    const record = recordOf({ requestId: uuid(1), time: new Date(noonMs).toISOString(), instance: "i" });
    writeFileSync(join(fixture.spoolDir, "000000000000001-w0.jsonl"), `${JSON.stringify(record)}\n{"torn`);
    const [item] = await fixture.walk(keeper);
    expect(item).toEqual({ ...record, recorded: false });
  });

  test("lines longer than a piece are taken whole", async () => {
    const keeper = fixture.open();
    const path = "/x".repeat(800_000);
    await fixture.take(keeper, { requestId: uuid(1), path }, { requestId: uuid(2) });
    const lengths = (await fixture.walk(keeper)).map((item) => item.path.length);
    expect(lengths).toEqual(["/v1/chat/completions".length, path.length]);
  });

  test("what its cap takes before it is read is counted", async () => {
    const keeper = fixture.open();
    await fixture.take(keeper, { requestId: uuid(1_000) });
    const spool = fixture.spool({ segmentBytes: 20_000, capBytes: 60_000 });
    const write = async (from: number, to: number) => {
      for (let number = from; number < to; number += 1) {
        fixture.nowMs += 1;
        spool.record(recordOf({ requestId: uuid(number), time: new Date(noonMs).toISOString() }));
        await spool.flush();
      }
    };
    await write(0, 60);
    // One piece of what is there: of the rest it only knows how much it is.
    keeper.step();
    await write(60, 75);
    keeper.step();
    await write(75, 400);
    const taken = (await fixture.walk(keeper)).length - 1;
    const { dropped } = await fixture.ask(keeper, "state", {});
    expect(taken).toBeLessThan(400);
    expect(dropped).toBeGreaterThan(0);
    expect(taken + dropped).toBeLessThanOrEqual(405);
    expect(fixture.problems[0]?.message).toContain("the spool is full");
  });
});

describe("days", () => {
  test("each has a partition, by the time at which records are read in", async () => {
    const keeper = fixture.open();
    for (let day = 0; day < 3; day += 1) {
      await fixture.take(keeper, { requestId: uuid(day), durationMs: 3 * dayMs });
      keeper.commit();
      fixture.nowMs += dayMs;
      keeper.commit();
    }
    expect(partitions()).toEqual(["2026-03-10.db", "2026-03-11.db", "2026-03-12.db", "2026-03-13.db"]);
    expect(idsOf(await fixture.walk(keeper))).toEqual([2, 1, 0].map(uuid));
    const { days, records } = await fixture.ask(keeper, "state", {});
    expect({ days, records }).toEqual({
      days: ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"],
      records: 3,
    });
  });

  test("a clock that goes back changes nothing: the newest partition goes on", async () => {
    const keeper = fixture.open();
    await fixture.take(keeper, { requestId: uuid(1) });
    fixture.nowMs -= 5 * dayMs;
    keeper.commit();
    await fixture.take(keeper, { requestId: uuid(2) });
    keeper.commit();
    expect(partitions()).toEqual(["2026-03-10.db"]);
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(1), uuid(2)]);
  });

  test("go when they are too old, with their content; hours stay countable, the newest day stays", async () => {
    const keeper = fixture.open();
    for (let day = 0; day < 5; day += 1) {
      await fixture.take(keeper, { requestId: uuid(day), requestContent: "asked" });
      keeper.commit();
      fixture.nowMs += dayMs;
      keeper.commit();
    }
    await fixture.ask(keeper, "settings", {
      ...defaultLogSettings,
      retentionDays: 2,
      contentRetentionDays: 1,
    });
    // The fifth day is over, the sixth has begun.
    expect(partitions()).toEqual(["2026-03-13.db", "2026-03-14.db", "2026-03-15.db"]);
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(4), uuid(3)]);
    expect(await countedRequests(keeper)).toBe(5);
    expect(await fixture.ask(keeper, "log", { requestId: uuid(0) })).toBeNull();
    fixture.nowMs += 100 * dayMs;
    await fixture.ask(keeper, "settings", { ...defaultLogSettings, retentionDays: 2 });
    expect(partitions()).toEqual(["2026-03-15.db"]);
    expect(await countedRequests(fixture.open())).toBe(5);
  });

  test("go when there are too many records, in parts of a day where one day has too many", async () => {
    const settings = { ...defaultLogSettings, maxRecords: 80 };
    const keeper = fixture.open({ settings });
    for (let round = 0; round < 12; round += 1) {
      await fixture.take(
        keeper,
        ...Array.from({ length: 10 }, (_, index) => ({ requestId: uuid(round * 10 + index) })),
      );
      keeper.commit();
    }
    expect(partitions().length).toBeGreaterThan(10);
    await fixture.ask(keeper, "settings", settings);
    const kept = idsOf(await fixture.walk(keeper));
    expect(kept.length).toBeLessThanOrEqual(80);
    expect(kept.length).toBeGreaterThanOrEqual(70);
    expect(kept[0]).toBe(uuid(119));
    expect(await countedRequests(keeper)).toBe(120);
  });
});

describe("recorded content", () => {
  test("is kept apart, found by its words, and given with its record, committed or not", async () => {
    const keeper = fixture.open();
    await fixture.take(
      keeper,
      { requestId: uuid(1), requestContent: "the weather in Oslo", responseContent: "rain" },
      { requestId: uuid(2), requestContent: "the weather in Rome" },
      { requestId: uuid(3) },
    );
    const found = async (search: string) => idsOf(await fixture.walk(keeper, { search }));
    for (const commit of [() => undefined, () => keeper.commit()]) {
      commit();
      expect(await found("weather")).toEqual([uuid(2), uuid(1)]);
      expect(await found("oslo rain")).toEqual([uuid(1)]);
      expect(await found("snow")).toEqual([]);
      const detail = await fixture.ask(keeper, "log", { requestId: uuid(1) });
      expect(detail).toMatchObject({
        recorded: true,
        requestContent: "the weather in Oslo",
        responseContent: "rain",
      });
      expect(await fixture.ask(keeper, "log", { requestId: uuid(3) })).toMatchObject({ recorded: false });
    }
    const [item] = await fixture.walk(keeper, {
      filters: [{ field: "recorded", kind: "flag", value: true }],
    });
    expect(item).toMatchObject({ requestId: uuid(2), recorded: true });
    expect(item).not.toHaveProperty("requestContent");
    const [partition = ""] = partitions();
    expect(readFileSync(join(fixture.logsDir, partition)).includes("weather")).toBe(false);
  });
});

describe("files that are not as they should be", () => {
  test.each([
    ["is no database", (file: string) => writeFileSync(file, "nonsense".repeat(1_000))],
    ["is cut off", (file: string) => truncateSync(file, 20_000)],
    [
      "is overwritten in the middle",
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 16_384, 120_000);
        writeFileSync(file, bytes);
      },
    ],
  ])("a partition that %s is moved aside, told of, and the rest goes on", async (_name, damage) => {
    const first = fixture.open();
    await fixture.take(
      first,
      ...Array.from({ length: 500 }, (_, index) => ({ requestId: uuid(1_000 + index) })),
    );
    first.commit();
    fixture.nowMs += dayMs;
    first.commit();
    await fixture.take(first, { requestId: uuid(2) });
    first.stop();
    fixture.abandon();
    for (const side of ["-wal", "-shm"])
      rmSync(join(fixture.logsDir, `2026-03-10.db${side}`), { force: true });
    damage(join(fixture.logsDir, "2026-03-10.db"));
    const keeper = fixture.open();
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(2)]);
    await fixture.take(keeper, { requestId: uuid(3) });
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(3), uuid(2)]);
    expect(fixture.problems.map(({ message }) => message)).toEqual([expect.stringContaining("damaged")]);
    expect((await fixture.ask(keeper, "state", {})).damaged).toHaveLength(1);
    expect(partitions()).toEqual(["2026-03-11.db"]);
  });

  test("a partition of a newer build is refused and left as it is", async () => {
    const keeper = fixture.open();
    await fixture.take(keeper, { requestId: uuid(1) });
    keeper.stop();
    fixture.abandon();
    const file = join(fixture.logsDir, "2026-03-10.db");
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    expect(() => fixture.open()).toThrow(NewerPartition);
    expect(statSync(file).size).toBeGreaterThan(0);
  });

  test("a partition whose tables were never made is made anew", async () => {
    mkdirSync(fixture.logsDir, { recursive: true });
    writeFileSync(join(fixture.logsDir, "2026-03-10.db"), "");
    const keeper = fixture.open();
    await fixture.take(keeper, { requestId: uuid(1) });
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(1)]);
  });
});

test("a file that takes nothing for a while costs no record: they are shown, and written once it takes some again", async () => {
  const keeper = fixture.open();
  await fixture.take(keeper, { requestId: uuid(1) });
  keeper.commit();
  const blocker = new DatabaseSync(join(fixture.logsDir, "2026-03-10.db"));
  blocker.exec("BEGIN IMMEDIATE");
  await fixture.take(keeper, ...Array.from({ length: 900 }, (_, index) => ({ requestId: uuid(10 + index) })));
  keeper.commit();
  keeper.commit();
  expect(fixture.problems.map(({ message }) => message)).toEqual([expect.stringContaining("locked")]);
  expect(await fixture.walk(keeper)).toHaveLength(901);
  expect(await countedRequests(keeper)).toBe(901);
  blocker.exec("ROLLBACK");
  blocker.close();
  keeper.commit();
  fixture.abandon();
  const after = fixture.open();
  expect(await fixture.walk(after)).toHaveLength(901);
  expect(await countedRequests(after)).toBe(901);
});

test("a question for everything names what it is about", async () => {
  const keeper = fixture.open();
  await fixture.take(keeper, { requestId: uuid(1) });
  const { tookMs, complete, since } = await fixture.ask(keeper, "logs", wholeQuery);
  expect({ complete, since }).toEqual({ complete: true, since: new Date(noonMs).toISOString() });
  expect(tookMs).toBeGreaterThan(0);
});
