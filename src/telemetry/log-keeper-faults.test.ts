// What happens to files while the log thread works, and records that are larger than usual: nothing waits for ever, and
// nothing counts twice.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  countedRequests,
  dayMs,
  idsOf,
  storeFixture,
  uuid,
  type StoreFixture,
} from "../../test/support/log-store.ts";
import { KeeperBroken, type LogKeeper } from "./log-keeper.ts";

let fixture: StoreFixture;
beforeEach(() => {
  fixture = storeFixture();
});
afterEach(() => fixture.remove());

const problems = (): string[] => fixture.problems.map(({ message }) => message);

/** Pages behind the first, so that it still opens as a database. */
function spoil(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, Math.min(4_096, bytes.length));
  writeFileSync(file, bytes);
}

/** The first page of a table or an index: the file opens, and says so when that is used. */
function spoilTable(file: string, table: string): void {
  const db = new DatabaseSync(file);
  const size = Number(db.prepare("PRAGMA page_size").get()?.["page_size"]);
  const page = Number(
    db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table)?.["rootpage"],
  );
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, (page - 1) * size, page * size);
  writeFileSync(file, bytes);
}

function removeSides(file: string): void {
  for (const side of ["-wal", "-shm"]) if (existsSync(`${file}${side}`)) writeFileSync(`${file}${side}`, "");
}

describe("the file of hours of days that are gone", () => {
  test.each([
    ["is no database", (file: string) => writeFileSync(file, "nonsense".repeat(1_000))],
    ["is damaged behind its head", spoil],
  ])("that %s is begun anew, and records are taken and shown", async (_name, damage) => {
    fixture.open().stop();
    fixture.abandon();
    const file = join(fixture.logsDir, "hours.db");
    removeSides(file);
    damage(file);
    const keeper = fixture.open();
    await fixture.take(keeper, { requestId: uuid(1) });
    expect(idsOf(await fixture.walk(keeper))).toEqual([uuid(1)]);
    expect(await countedRequests(keeper)).toBe(1);
    expect(problems()).toEqual([expect.stringContaining("hours.db is damaged")]);
    expect(readdirSync(fixture.logsDir).some((name) => name.startsWith("hours.db.damaged-"))).toBe(true);
  });
});

describe("recorded content that is damaged while it is open", () => {
  test("keeps no record from being written, and is begun anew", async () => {
    const keeper = fixture.open();
    const many = Array.from({ length: 200 }, (_, index) => ({
      requestId: uuid(index),
      requestContent: `weather ${index} ${"word ".repeat(50)}${index * 7919}`,
    }));
    await fixture.take(keeper, ...many);
    keeper.stop();
    fixture.abandon();
    const file = join(fixture.logsDir, "2026-03-10-content.db");
    removeSides(file);
    spoilTable(file, "exchange");
    const again = fixture.open();
    await fixture.take(again, { requestId: uuid(1_000), requestContent: "snow" });
    again.commit();
    expect(await fixture.ask(again, "state", {})).toMatchObject({ uncommitted: 0, records: 201 });
    expect(problems()).toEqual([expect.stringContaining("damaged")]);
    expect(idsOf(await fixture.walk(again, { search: "snow" }))).toEqual([uuid(1_000)]);
    expect(await fixture.ask(again, "log", { requestId: uuid(3) })).not.toHaveProperty("requestContent");
  });
});

test.each(["chunks", "blocks", "segments", "rollup_parts", "columns"])(
  "a newest partition whose %s are damaged is not tried for ever",
  async (table) => {
    const first = fixture.open();
    await fixture.take(first, ...Array.from({ length: 500 }, (_, index) => ({ requestId: uuid(index) })));
    first.stop();
    fixture.abandon();
    const file = join(fixture.logsDir, "2026-03-10.db");
    removeSides(file);
    spoilTable(file, table);
    // It is found at the start, or by the first commit.
    let nowMs = 0;
    const open = () => fixture.open({ monotonicMs: () => nowMs });
    const commitInStep = (keeper: LogKeeper): void => {
      nowMs += 5_000;
      while (keeper.step());
    };
    const take = async (): Promise<void> => {
      const keeper = open();
      await fixture.take(keeper, { requestId: uuid(1_000) });
      commitInStep(keeper);
    };
    await take().catch((error: unknown) => {
      expect(error).toBeInstanceOf(KeeperBroken);
      fixture.abandon();
    });
    const keeper = open();
    while (keeper.step());
    commitInStep(keeper);
    expect(await fixture.ask(keeper, "state", {})).toMatchObject({ uncommitted: 0, unread: 0 });
    const ids = idsOf(await fixture.walk(keeper));
    expect(ids).toContain(uuid(1_000));
    expect(new Set(ids).size).toBe(ids.length);
    expect(problems()).toEqual([expect.stringContaining("is damaged")]);
  },
);

test("a day that cannot begin, as the disk takes no file, is tried again and counts nothing twice", async () => {
  const keeper = fixture.open({ monotonicMs: () => 0 });
  await fixture.take(keeper, { requestId: uuid(1) }, { requestId: uuid(2) });
  const inTheWay = join(fixture.logsDir, "2026-03-11.db");
  mkdirSync(inTheWay);
  fixture.nowMs += dayMs;
  for (let tries = 0; tries < 3; tries += 1) expect(() => keeper.commit()).toThrow();
  expect(idsOf(await fixture.walk(keeper)).toSorted()).toEqual([uuid(1), uuid(2)]);
  rmdirSync(inTheWay);
  keeper.commit();
  await fixture.take(keeper, { requestId: uuid(3) });
  keeper.commit();
  expect(idsOf(await fixture.walk(keeper)).toSorted()).toEqual([uuid(1), uuid(2), uuid(3)]);
  expect(await fixture.ask(keeper, "state", {})).toMatchObject({ records: 3, uncommitted: 0 });
});

test("records with long paths are written before they fill the memory", async () => {
  // Time stands still: nothing is written because of it.
  const keeper = fixture.open({ monotonicMs: () => 0 });
  const path = `/${"x".repeat(1024 * 1024)}`;
  await fixture.take(keeper, ...Array.from({ length: 12 }, (_, index) => ({ requestId: uuid(index), path })));
  await fixture.take(
    keeper,
    ...Array.from({ length: 12 }, (_, index) => ({ requestId: uuid(100 + index), path })),
  );
  const { records, uncommitted } = await fixture.ask(keeper, "state", {});
  expect(records).toBe(24);
  expect(uncommitted).toBeLessThan(16);
});

test.each([
  ["NUL in a path", { path: "/a\u0000b" }],
  ["half of a pair in a model", { requestedModel: "m\ud800", model: "\udc00" }],
  ["a path of a mebibyte", { path: `/${"p".repeat(1024 * 1024)}` }],
  ["names of an object's own", { api: "__proto__", consumer: "constructor", service: "toString" }],
  ["content with NUL and half a pair", { requestContent: "a\u0000b \ud800", responseContent: "\u0000" }],
  ["an error code that nobody knows", { errorCode: "\u0001" as "" }],
])("a record with %s is kept, counted and shown", async (_name, fields) => {
  const keeper = fixture.open();
  await fixture.take(keeper, { requestId: uuid(1), ...fields }, { requestId: uuid(2) });
  keeper.commit();
  expect(idsOf(await fixture.walk(keeper)).toSorted()).toEqual([uuid(1), uuid(2)]);
  expect(await countedRequests(keeper)).toBe(2);
  expect(await fixture.ask(keeper, "log", { requestId: uuid(1) })).toMatchObject({ requestId: uuid(1) });
  expect(problems()).toEqual([]);
});
