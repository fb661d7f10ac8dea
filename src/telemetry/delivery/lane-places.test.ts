// The places of lanes on disk: kept over a restart, a damaged file moved aside, a newer one left alone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLanePlaces, type LaneProgress } from "./lane-places.ts";

let dir = "";
let problems: string[] = [];
const open = () => openLanePlaces(dir, ({ message }) => void problems.push(message));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "moongate-places-"));
  problems = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const progress: LaneProgress = {
  place: { partition: "2030-01-01/a", sequence: 3, total: 30 },
  done: 1,
  delivered: 31,
  deadLettered: 2,
  rejected: 3,
  dropped: 4,
  lastDeliveredAt: "2030-01-01T00:00:00.000Z",
};

test("what was written is there after a restart, what was forgotten is not", () => {
  const first = open();
  first.write("a/records", progress);
  first.write("b/logs", progress);
  first.forget("b/logs");
  first.close();
  const second = open();
  expect(second.lanes()).toEqual(["a/records"]);
  expect(second.read("a/records")).toEqual(progress);
  expect(second.read("b/logs")).toBeUndefined();
  second.close();
});

test("a damaged file is moved aside and told of", () => {
  writeFileSync(join(dir, "delivery.db"), "this is no database, however long one looks at it".repeat(50));
  const places = open();
  places.write("a/records", progress);
  expect(places.lanes()).toEqual(["a/records"]);
  places.close();
  expect(problems).toEqual([expect.stringContaining("moved aside")]);
  expect(readFileSync(join(dir, "delivery.db.damaged"), "utf8")).toContain("no database");
});

test("a file that is damaged behind its head is moved aside at the start, not when a sink reads its place", () => {
  const first = open();
  first.write("a/records", progress);
  first.close();
  const file = join(dir, "delivery.db");
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 4_096));
  const places = open();
  expect(places.lanes()).toEqual([]);
  expect(places.read("a/records")).toBeUndefined();
  places.write("a/records", progress);
  expect(places.read("a/records")).toEqual(progress);
  places.close();
  expect(problems).toEqual([expect.stringContaining("moved aside")]);
});

test("a place that cannot be understood is none, and the others stay", () => {
  const first = open();
  first.write("a/records", progress);
  first.write("b/records", progress);
  first.close();
  const database = new DatabaseSync(join(dir, "delivery.db"));
  database.exec(`UPDATE lane SET progress = '{"place' WHERE name = 'a/records'`);
  database.close();
  const places = open();
  expect(places.read("a/records")).toBeUndefined();
  expect(places.read("b/records")).toEqual(progress);
  places.close();
});

test("a file of a newer version is refused and stays", () => {
  const newer = new DatabaseSync(join(dir, "delivery.db"));
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  expect(open).toThrow(/newer version/);
  expect(existsSync(join(dir, "delivery.db.damaged"))).toBe(false);
});
