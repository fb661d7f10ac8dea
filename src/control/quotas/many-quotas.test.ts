// More quotas than one look takes: each is followed, written and listed all the same, in pieces.
import { beforeEach, expect, test } from "vitest";
import { consumerSchema } from "../../resources/consumer.ts";
import { toResourceSet, type AnyParsedResource, type ResourceSet } from "../../resources/resource-set.ts";
import { compareQuotas, nearestQuotas } from "./nearest-quotas.ts";
import { QuotaBook } from "./quota-book.ts";
import { TestCounters, TestQuotaStore } from "./quota-counters-fixture.ts";
import { QuotaDirectory } from "./quota-directory.ts";

const consumers = 5_500;
const startMs = Date.UTC(2026, 10, 1);
const endMs = Date.UTC(2026, 11, 1);

let limit: number;
let resources: ResourceSet;
let counters: TestCounters;
let store: TestQuotaStore;
let writes: number[];
let book: QuotaBook;

class CountedStore extends TestQuotaStore {
  override write(changes: Parameters<TestQuotaStore["write"]>[0]): void {
    super.write(changes);
    writes.push(changes.counts.length + changes.gone.length);
  }
}

function configure(names: readonly number[]): void {
  const all = names.map((number) => {
    const quotas = [{ name: "monthly", metric: "tokens", limit, period: "month" }];
    const value = consumerSchema.parse({ name: `app-${number}`, quotas });
    return {
      kind: "consumers",
      name: value.name,
      revision: 1,
      managedBy: "api",
      value,
    } satisfies AnyParsedResource;
  });
  resources = toResourceSet(all);
}

const numbers = Array.from({ length: consumers }, (_, number) => number);
const directory = new QuotaDirectory(() => resources);
const useAll = (of: (index: number) => number): void => {
  for (const [index, { counted }] of [...directory.all()].entries())
    counters.put({ key: counted.key, startMs, endMs, used: of(index) });
};

beforeEach(() => {
  limit = 10_000;
  counters = new TestCounters();
  store = new CountedStore();
  writes = [];
  configure(numbers);
  book = new QuotaBook({
    directory,
    counters,
    store,
    kept: [],
    post: () => Promise.resolve({ status: 204, headers: {}, text: "" }),
    wallMs: () => startMs + 1,
    origin: () => ({ instance: "default", consoleUrl: "http://console.test" }),
    report: (_event, message) => {
      throw new Error(message);
    },
  });
});

/** @returns how many looks a whole round takes */
function round(): number {
  let looks = 1;
  while (book.look()) looks += 1;
  return looks;
}

test("what was counted is taken in many looks, and written in as many pieces", () => {
  useAll((index) => index);
  expect(round()).toBeGreaterThan(5);
  expect(Math.max(...writes)).toBeLessThanOrEqual(1_000);
  expect(store.counts()).toHaveLength(consumers);
  expect(round()).toBe(1);
});

test("what is counted while a round is on its way is taken by the next, and by the end of the process", async () => {
  useAll(() => 1);
  book.look();
  useAll(() => 2);
  round();
  round();
  expect(store.counts().every(({ used }) => used === 2)).toBe(true);
  useAll(() => 3);
  book.look();
  useAll(() => 4);
  await book.close();
  expect(store.counts().every(({ used }) => used === 4)).toBe(true);
});

test("what could not be written is written in pieces later", () => {
  store.fault = new Error("disk full");
  useAll(() => 1);
  expect(() => round()).toThrow("disk full");
  store.fault = null;
  while (store.counts().length < consumers) book.look();
  expect(Math.max(...writes)).toBeLessThanOrEqual(1_000);
});

test("after a change those that are gone are forgotten, and another limit makes another share", () => {
  useAll(() => 5_000);
  round();
  limit = 5_000;
  configure(numbers.slice(0, 3_000));
  expect(round()).toBeGreaterThan(2);
  expect(store.counts()).toHaveLength(3_000);
  expect(store.counts().every(({ toldShare }) => toldShare === 1)).toBe(true);
});

test("those nearest to their end are found in order, page by page", async () => {
  // Many are equal, so that the order among them matters.
  useAll((index) => (index * 7) % 1_000);
  round();
  const inOrder = [...book.shares()].toSorted(compareQuotas);
  const found: typeof inOrder = [];
  for (let page = 0; page < 60; page += 1) {
    const after = found.at(-1);
    const wanted = (row: (typeof inOrder)[number]): boolean =>
      after === undefined || compareQuotas(after, row) < 0;
    found.push(...(await nearestQuotas(book.shares(), 100, wanted)));
  }
  expect(found.map(({ quota }) => quota.owner)).toEqual(inOrder.map(({ quota }) => quota.owner));
});

test("a key tells whose quota it is, and another key of the same owner is none", () => {
  const [first] = directory.all();
  const key = first?.counted.key ?? "";
  expect(directory.find(key)).toBe(first);
  for (const other of [`${key} `, key.replace("month", "week"), "quota consumer", "", "a b c"])
    expect(directory.find(other)).toBeUndefined();
});
