import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptVersion, NewLabel } from "../core/kept-routing.ts";
import { openSqliteRoutingStore } from "./sqlite-routing-store.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

let folder: string;
let file: string;
let problems: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "moongate-routing-"));
  file = join(folder, "routing.db");
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openSqliteRoutingStore(file, ({ message }) => problems.push(message));
const numbers: NewLabel["numbers"] = {
  features: 3,
  sketch: Int8Array.from([-127, 0, 127]),
  prompt: { language: "en", complexity: 0.5, domains: [], source: "engine", familiarity: 0 },
  models: [{ model: "m", excluded: "", declared: 0.5, general: 0.5, costUsd: 0.1, latencyMs: 20 }],
};
const label = (requestId: string, fields: Partial<NewLabel> = {}): NewLabel => ({
  api: "chat",
  requestId,
  model: "m",
  source: "feedback",
  score: 1,
  weight: 1,
  numbers,
  ...fields,
});
const version = (fields: Partial<KeptVersion> = {}): Omit<KeptVersion, "number" | "bytes"> => ({
  api: "chat",
  atMs: 5,
  by: "user:ada",
  labels: 3,
  prompts: 2,
  upTo: 7,
  report: "{}",
  ...fields,
});
const requestsOf = (store: ReturnType<typeof open>, api = "chat") =>
  store.labels(api).map(({ requestId }) => requestId);

test("what was written is there when the file is opened again, numbers with their signs", () => {
  const first = open();
  first.addLabels([label("1"), label("2", { score: 0.25 })], 9, 10);
  first.addVersion(version(), Uint8Array.from([1, 255]), 5);
  first.publish({ api: "chat", version: 1, former: 0, atMs: 6, by: "user:bo" });
  first.setLastRun("chat", '{"at":1}');
  first.close();
  const second = open();
  expect(second.labels("chat")).toMatchObject([
    { requestId: "1", atMs: 9 },
    { requestId: "2", score: 0.25 },
  ]);
  const { features, prompt, models } = numbers;
  const evidence = JSON.stringify({ features, prompt, models });
  expect(second.prompts("chat")).toEqual([
    { requestId: "1", sketch: numbers.sketch, evidence },
    { requestId: "2", sketch: numbers.sketch, evidence },
  ]);
  expect(second.versions("chat")).toEqual([{ ...version(), number: 1, bytes: 2 }]);
  expect(second.table("chat", 1)).toEqual(Uint8Array.from([1, 255]));
  expect(second.publications()).toEqual([{ api: "chat", version: 1, former: 0, atMs: 6, by: "user:bo" }]);
  expect(second.lastRun("chat")).toBe('{"at":1}');
  second.close();
  expect(problems).toEqual([]);
});

test("a newer label of the same request, model and source takes the place of the older", () => {
  const store = open();
  store.addLabels([label("1", { score: 0 }), label("1", { source: "judge" })], 1, 10);
  const { place = 0 } = store.labels("chat").at(-1) ?? {};
  store.addLabels([label("1")], 2, 10);
  expect(store.labels("chat")).toMatchObject([
    { source: "judge" },
    { source: "feedback", score: 1, atMs: 2 },
  ]);
  expect(store.countSince("chat", place)).toBe(1);
  expect(store.countLabels("chat")).toEqual([
    { model: "m", source: "feedback", count: 1 },
    { model: "m", source: "judge", count: 1 },
  ]);
  store.close();
});

test("labels are counted apart whose prompts another version has read", () => {
  const store = open();
  const older = label("1");
  store.addLabels([older, label("1", { source: "judge" }), label("2"), label("2", { api: "other" })], 1, 10);
  const { features } = older.numbers;
  store.addLabels([label("3", { numbers: { ...older.numbers, features: features * 10 } })], 1, 10);
  const counts = [features, features * 10, features + 1].map((now) => store.countOtherVersions("chat", now));
  expect(counts).toEqual([1, 3, 4]);
  store.close();
});

test("beyond the bound the oldest labels go, with their prompts", () => {
  const store = open();
  const ids = Array.from({ length: 110 }, (_, index) => String(index));
  store.addLabels([label("other", { api: "other" })], 1, 100);
  for (const id of ids) store.addLabels([label(id)], 1, 100);
  const left = requestsOf(store);
  expect(left.length).toBeGreaterThanOrEqual(100);
  expect(left.length).toBeLessThanOrEqual(103);
  expect(left).toEqual(ids.slice(-left.length));
  expect(store.prompts("chat")).toHaveLength(left.length);
  expect(requestsOf(store, "other")).toEqual(["other"]);
  store.close();
});

test("what is taken back or cleared goes alone, and a prompt with its last label", () => {
  const store = open();
  store.addLabels([label("1"), label("1", { source: "judge" }), label("2", { source: "import" })], 1, 10);
  store.removeLabels("1", "feedback");
  expect(store.prompts("chat")).toHaveLength(2);
  store.removeLabels("1", "judge");
  expect(store.prompts("chat").map(({ requestId }) => requestId)).toEqual(["2"]);
  expect(store.clearLabels("chat", "judge")).toBe(0);
  expect(store.clearLabels("chat")).toBe(1);
  expect(store.prompts("chat")).toEqual([]);
  store.close();
});

test("old versions go, but not what is or was in use, and no number comes twice", () => {
  const store = open();
  for (let count = 0; count < 3; count += 1) store.addVersion(version(), Uint8Array.of(count), 2);
  store.publish({ api: "chat", version: 2, former: 3, atMs: 1, by: "" });
  for (let count = 0; count < 4; count += 1) store.addVersion(version(), Uint8Array.of(count), 2);
  expect(store.versions("chat").map(({ number }) => number)).toEqual([7, 6, 3, 2]);
  store.close();
});

test("of a Model API that is no more nothing stays, and nothing of another goes", () => {
  const store = open();
  for (const api of ["chat", "other"]) {
    store.addLabels([label("1", { api })], 1, 10);
    store.addVersion(version({ api }), Uint8Array.of(1), 2);
    store.publish({ api, version: 1, former: 0, atMs: 1, by: "" });
    store.setLastRun(api, "{}");
  }
  expect(store.apis()).toEqual(["chat", "other"]);
  store.forget("chat");
  expect(store.apis()).toEqual(["other"]);
  expect(store.prompts("chat")).toEqual([]);
  expect(store.table("chat", 1)).toBeUndefined();
  expect([store.labels("other").length, store.versions("other").length]).toEqual([1, 1]);
  store.close();
});

test("only its owner reads the file", () => {
  open().close();
  expect(statSync(file).mode & 0o077).toBe(0);
});

test("a damaged file is moved aside and told of", () => {
  writeFileSync(file, "no database at all, and more than a page would need to be one".repeat(200));
  const store = open();
  expect(store.apis()).toEqual([]);
  store.close();
  expect(problems).toEqual([expect.stringContaining(".damaged")]);
});

test("a file of a newer version is left alone", () => {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(open).toThrow(StoreUnavailable);
});
