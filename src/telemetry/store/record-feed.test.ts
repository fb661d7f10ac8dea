// The feed of committed records: in the order in which they came, from a place that outlives restarts, over days that go.
import { afterEach, beforeEach, expect, test } from "vitest";
import { dayMs, idsOf, storeFixture, uuid, type StoreFixture } from "../../../test/support/log-store.ts";
import { defaultLogSettings } from "../log-state.ts";
import type { FeedPlace, RecordFeed } from "./feed-place.ts";
import { openRecordFeed } from "./record-feed.ts";

let fixture: StoreFixture;
let feed: RecordFeed;
beforeEach(() => {
  fixture = storeFixture();
  feed = openRecordFeed(fixture.logsDir);
});
afterEach(async () => {
  feed.close();
  await fixture.remove();
});

const some = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ requestId: uuid(from + index) }));
const ids = (from: number, to: number): string[] => some(from, to).map(({ requestId }) => requestId);

test("without a store there is nothing, and its end is nowhere", () => {
  expect(feed.read(null, 10)).toMatchObject({ records: [], more: false, missed: 0 });
  expect(feed.end()).toBeNull();
});

test("gives what is committed, a run at a time, whole, and goes on where it was", async () => {
  const keeper = fixture.open();
  await fixture.take(keeper, {
    ...some(0, 1)[0],
    path: "/whole",
    warnings: [{ field: "f", action: "dropped" }],
  });
  expect(feed.read(null, 10).records).toEqual([]);
  await fixture.take(keeper, ...some(1, 300));
  keeper.commit();
  const first = feed.read(null, 100);
  expect(first.records[0]).toMatchObject({ path: "/whole", warnings: [{ field: "f", action: "dropped" }] });
  expect(idsOf(first.records)).toEqual(ids(0, 100));
  expect([first.more, first.place.total]).toEqual([true, 100]);
  // The place is data: kept as JSON, read by another feed.
  const kept = JSON.parse(JSON.stringify(first.place)) as FeedPlace;
  const other = openRecordFeed(fixture.logsDir);
  const second = other.read(kept, 1_000);
  other.close();
  expect(idsOf(second.records)).toEqual(ids(100, 300));
  expect([second.more, second.missed]).toEqual([false, 0]);
  expect(feed.end()).toEqual(second.place);
  await fixture.take(keeper, ...some(300, 310));
  keeper.commit();
  expect(idsOf(feed.read(second.place, 1_000).records)).toEqual(ids(300, 310));
});

test("goes on over days and restarts in one read", async () => {
  for (let day = 0; day < 3; day += 1) {
    const keeper = fixture.open();
    await fixture.take(keeper, ...some(day * 10, day * 10 + 10));
    keeper.commit();
    fixture.nowMs += dayMs;
    keeper.commit();
  }
  const all = feed.read(null, 100);
  expect(idsOf(all.records)).toEqual(ids(0, 30));
  expect(all.place.total).toBe(30);
  expect(all.more).toBe(false);
});

test("tells how many records went before they were read", async () => {
  const keeper = fixture.open();
  let place: FeedPlace | null = null;
  for (let day = 0; day < 5; day += 1) {
    await fixture.take(keeper, ...some(day * 10, day * 10 + 10));
    keeper.commit();
    if (day === 0) ({ place } = feed.read(null, 4));
    fixture.nowMs += dayMs;
    keeper.commit();
  }
  await fixture.ask(keeper, "settings", { ...defaultLogSettings, retentionDays: 2 });
  const rest = feed.read(place, 100);
  expect(idsOf(rest.records)).toEqual(ids(30, 50));
  expect(rest.missed).toBe(26);
});
