// Pages, single records, traces, feedback and the live tail over a store, as records come in.
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  dayMs,
  idsOf,
  noonMs,
  storeFixture,
  uuid,
  wholeQuery,
  type StoreFixture,
} from "../../../test/support/log-store.ts";
import type { LogFilter, LogPage } from "../log-answers.ts";

let fixture: StoreFixture;
beforeEach(() => {
  fixture = storeFixture();
});
afterEach(() => fixture.remove());

test("pages are complete and without doubles while records arrive, newer, older and in between", async () => {
  const keeper = fixture.open();
  const at = (number: number, offsetMs: number) => ({
    requestId: uuid(number),
    time: new Date(noonMs + offsetMs).toISOString(),
  });
  // Many share a millisecond.
  await fixture.take(keeper, ...Array.from({ length: 300 }, (_, index) => at(index, Math.floor(index / 7))));
  const seen: string[] = [];
  for (let cursor: string | null = null, round = 0; ; round += 1) {
    const page: LogPage = await fixture.ask(keeper, "logs", { ...wholeQuery, limit: 11, cursor });
    seen.push(...idsOf(page.items));
    await fixture.take(keeper, at(1_000 + round, 500), at(2_000 + round, 20));
    if (round % 5 === 0) keeper.commit();
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(new Set(seen).size).toBe(seen.length);
  const original = seen.filter((id) => Number.parseInt(id.slice(-12), 16) < 1_000);
  expect(original).toEqual(Array.from({ length: 300 }, (_, index) => uuid(299 - index)));
});

test("a page over many blocks, with the others of a facet counted together", async () => {
  const keeper = fixture.open();
  const many = Array.from({ length: 9_000 }, (_, index) => ({
    requestId: uuid(index),
    time: new Date(noonMs + index).toISOString(),
    consumer: `c-${index % 60}`,
    status: index % 10 === 0 ? 500 : 200,
  }));
  await fixture.take(keeper, ...many);
  const page = await fixture.ask(keeper, "logs", {
    ...wholeQuery,
    limit: 2,
    filters: [{ field: "status", kind: "number", not: false, ranges: [[500, 599]] }],
    facets: ["consumer"],
    histogramColumns: 9,
  });
  expect(idsOf(page.items)).toEqual([uuid(8_990), uuid(8_980)]);
  expect(page.total).toBe(900);
  expect(page.facets).toEqual([
    expect.objectContaining({ field: "consumer", others: 0, values: expect.any(Array) }),
  ]);
  expect(page.histogram).toMatchObject({ startMs: noonMs, stepMs: 1_000, failed: Array(9).fill(100) });
  const all = await fixture.ask(keeper, "logs", { ...wholeQuery, limit: 0, facets: ["consumer"] });
  expect(all.items).toEqual([]);
  expect(all.facets[0]?.values).toHaveLength(50);
  expect(all.facets[0]?.others).toBe(10 * 150);
  expect(await fixture.walk(keeper)).toHaveLength(9_000);
});

test("one record is found by its id wherever it stands, a trace with all of its exchanges", async () => {
  let keeper = fixture.open();
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await fixture.take(keeper, { requestId: uuid(1), traceId }, { requestId: "odd id", traceId: "short" });
  keeper = fixture.open();
  const later = new Date(noonMs + 1).toISOString();
  await fixture.take(keeper, { requestId: uuid(2), traceId, time: later }, { requestId: uuid(3) });
  for (const requestId of [uuid(1), "odd id", uuid(2), uuid(3)])
    expect(await fixture.ask(keeper, "log", { requestId })).toMatchObject({ requestId, feedback: null });
  for (const requestId of [uuid(4), "*", "odd", ""])
    expect(await fixture.ask(keeper, "log", { requestId })).toBeNull();
  expect(idsOf((await fixture.ask(keeper, "trace", { traceId })).items)).toEqual([uuid(1), uuid(2)]);
  expect((await fixture.ask(keeper, "trace", { traceId: "*" })).items).toEqual([]);
});

test("a record of which logs are not wanted is not shown, but in its trace where it is sampled", async () => {
  const keeper = fixture.open();
  await fixture.take(
    keeper,
    { requestId: uuid(1), traceId: "one", signals: "mt" },
    { requestId: uuid(2), traceId: "one", signals: "m" },
  );
  expect(await fixture.walk(keeper)).toEqual([]);
  expect(await fixture.ask(keeper, "log", { requestId: uuid(1) })).toBeNull();
  expect(idsOf((await fixture.ask(keeper, "trace", { traceId: "one" })).items)).toEqual([uuid(1)]);
});

test("feedback stays with its record, over commits and restarts, and can be taken back", async () => {
  let keeper = fixture.open();
  const feedback = { score: -1, comment: "wrong", by: "ann", at: new Date(noonMs).toISOString() } as const;
  await fixture.take(keeper, { requestId: uuid(1) });
  expect(await fixture.ask(keeper, "feedback", { requestId: uuid(2), feedback })).toBe(false);
  expect(await fixture.ask(keeper, "feedback", { requestId: uuid(1), feedback })).toBe(true);
  keeper = fixture.open();
  expect(await fixture.ask(keeper, "log", { requestId: uuid(1) })).toMatchObject({ feedback });
  expect(await fixture.ask(keeper, "feedback", { requestId: uuid(1), feedback: null })).toBe(true);
  expect(await fixture.ask(keeper, "log", { requestId: uuid(1) })).toMatchObject({ feedback: null });
});

test("a tail gives what comes, in the order in which it came, each once, over commits and days", async () => {
  const keeper = fixture.open();
  await fixture.take(keeper, { requestId: uuid(1) });
  const isOdd: LogFilter = { field: "api", kind: "text", not: false, values: ["odd"] };
  const first = await fixture.ask(keeper, "tail", { after: null, filters: [isOdd], limit: 2 });
  expect(first.items).toEqual([]);
  let { next } = first;
  const seen: string[] = [];
  const follow = async () => {
    for (;;) {
      const more = await fixture.ask(keeper, "tail", { after: next, filters: [isOdd], limit: 2 });
      ({ next } = more);
      seen.push(...idsOf(more.items));
      if (more.items.length === 0) return;
    }
  };
  for (let number = 2; number < 20; number += 1) {
    await fixture.take(keeper, { requestId: uuid(number), api: number % 2 === 1 ? "odd" : "even" });
    if (number === 6) keeper.commit();
    if (number === 12) fixture.nowMs += dayMs;
    if (number % 3 === 0) await follow();
    if (number === 14) keeper.commit();
  }
  await follow();
  expect(seen).toEqual([3, 5, 7, 9, 11, 13, 15, 17, 19].map(uuid));
  const unknown = await fixture.ask(keeper, "tail", { after: "gone 5", filters: [], limit: 5 });
  expect(unknown.items).toEqual([]);
  expect(unknown.next).toBe(next);
});
