// What the keeper of the log store does by itself, in the background.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noonMs, storeFixture, type StoreFixture } from "../../test/support/log-store.ts";

const hourMs = 3_600_000;
const tenMinutesMs = hourMs / 6;

let fixture: StoreFixture;
beforeEach(() => {
  fixture = storeFixture();
});
afterEach(() => fixture.remove());

/** Parts that are not folded to hours yet. */
function unfolded(): number {
  const db = new DatabaseSync(join(fixture.logsDir, "2026-03-10.db"), { readOnly: true });
  try {
    const found = db.prepare("SELECT count(*) AS n FROM rollup_parts WHERE folded = 0 AND level < 3600000");
    return Number(found.get()?.["n"]);
  } finally {
    db.close();
  }
}

test("what was read in at once is folded piece by piece until nothing is left, without another minute passing", async () => {
  let elapsedMs = 0;
  // A piece takes most of what a fold may; the minute never ends.
  const keeper = fixture.open({ monotonicMs: () => (elapsedMs = Math.min(elapsedMs + 40, 50_000)) });
  const records = Array.from({ length: 30 }, (_, index) => ({
    time: new Date(noonMs - 5 * hourMs + index * tenMinutesMs).toISOString(),
  }));
  await fixture.take(keeper, ...records);
  keeper.commit();
  fixture.nowMs = noonMs + hourMs;
  const before = unfolded();
  expect(before).toBe(30);
  expect(keeper.fold()).toBe(true);
  expect(unfolded()).toBeGreaterThan(0);
  const asked = { fromMs: noonMs - 6 * hourMs, toMs: noonMs, groupBy: [], filters: [] };
  expect((await fixture.ask(keeper, "usage", asked)).total.requests).toBe(30);
  keeper.start();
  await expect.poll(unfolded, { timeout: 10_000 }).toBe(0);
  expect((await fixture.ask(keeper, "usage", asked)).total.requests).toBe(30);
  expect(fixture.problems).toEqual([]);
});
