import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptQuota, QuotaChanges, QuotaLetter } from "../core/kept-quota.ts";
import { openSqliteQuotaStore } from "./sqlite-quota-store.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

let folder: string;
let file: string;
let problems: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "moongate-quotas-"));
  file = join(folder, "quotas.db");
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openSqliteQuotaStore(file, ({ message }) => problems.push(message));
const count = (key: string, used: number): KeptQuota => ({
  key,
  startMs: 1_000,
  endMs: 2_000,
  used,
  toldShare: 0.8,
  toldLimit: 10,
});
const letter = (deliveryId: string, fields: Partial<QuotaLetter> = {}): QuotaLetter => ({
  key: "a",
  webhook: "http://hooks.test",
  deliveryId,
  body: "{}",
  tries: 0,
  nextTryMs: 5,
  ...fields,
});
const changes = (fields: Partial<QuotaChanges>): QuotaChanges => ({
  counts: [],
  gone: [],
  letters: [],
  sent: [],
  ...fields,
});

test("what was written is there when the file is opened again", () => {
  const first = open();
  first.write(changes({ counts: [count("a", 1.5), count("b", 2)], letters: [letter("1"), letter("2")] }));
  first.write(changes({ counts: [count("a", 3)], letters: [letter("1", { tries: 2, nextTryMs: 9 })] }));
  first.close();
  const second = open();
  expect(second.counts()).toEqual([count("a", 3), count("b", 2)]);
  expect(second.letters()).toEqual([letter("1", { tries: 2, nextTryMs: 9 }), letter("2")]);
  second.close();
  expect(problems).toEqual([]);
});

test("a quota that is gone takes its messages with it, and a message that was sent goes alone", () => {
  const store = open();
  store.write(changes({ counts: [count("a", 1), count("b", 1)] }));
  store.write(changes({ letters: [letter("1"), letter("2", { key: "b" }), letter("3", { key: "b" })] }));
  store.write(changes({ gone: ["a"], sent: ["3"] }));
  expect(store.counts()).toEqual([count("b", 1)]);
  expect(store.letters().map(({ deliveryId }) => deliveryId)).toEqual(["2"]);
  store.close();
});

test("only its owner may read the file", () => {
  open().close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a damaged file is moved aside and told of", () => {
  writeFileSync(file, "this is no database at all, however long it may be".repeat(100));
  const store = open();
  store.write(changes({ counts: [count("a", 1)] }));
  expect(store.counts()).toHaveLength(1);
  store.close();
  expect(problems).toEqual([expect.stringContaining("every quota counts anew")]);
  expect(existsSync(`${file}.damaged`)).toBe(true);
});

test("a file of a newer version is left alone", () => {
  const newer = new DatabaseSync(file);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  expect(open).toThrow(StoreUnavailable);
  expect(existsSync(`${file}.damaged`)).toBe(false);
});
