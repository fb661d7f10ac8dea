// A log of a hundred thousand entries: verified and read in slices, so that memory and the thread are free for others.
import { createHmac } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import type { AuditEnd, AuditRow, AuditStore } from "../../store/store.ts";
import { createAuditLog } from "./audit-log.ts";
import type { AuditLog } from "./audit-log.ts";
import { auditPage } from "./audit-query.ts";

const entries = 100_000;
const rows: AuditRow[] = [];
let head: AuditEnd | undefined;
/** How many rows were asked for at once, and how often. */
let largest = 0;
let asked = 0;

function slice(part: readonly AuditRow[], limit: number): AuditRow[] {
  asked += 1;
  largest = Math.max(largest, limit);
  return part.slice(0, limit);
}

const store: AuditStore = {
  append: async (make) => {
    const made = make({ number: rows.length + 1, head, revision: 0 });
    rows.push(made.row);
    head = made.head;
  },
  ends: async () => ({ anchor: undefined, head }),
  before: async (number, limit) => {
    const end = Math.min(number - 1, rows.length);
    return slice(rows.slice(Math.max(0, end - limit), end).toReversed(), limit);
  },
  after: async (number, limit) => ({ rows: slice(rows.slice(number, number + limit), limit), head }),
  prune: () => Promise.reject(new Error("this test prunes nothing")),
};

let log: AuditLog;
const mac = (text: string): string => createHmac("sha256", "a key").update(text).digest("base64url");

beforeAll(async () => {
  log = createAuditLog({ store, mac, clock: { wallMs: () => Date.UTC(2026, 0, 1) } });
  for (let number = 1; number <= entries; number += 1)
    await log.append({
      actor: number % 10_000 === 0 ? "user:rare" : "user:ada",
      method: "session",
      ip: "203.0.113.1",
      requestId: `r-${number}`,
      action: "update",
      operation: "patchService",
      kind: "services",
      name: "sim",
      result: "ok",
      code: null,
      objects: [],
      moreObjects: 0,
    });
});

/** How many turns others got while something ran. */
async function turnsDuring(run: () => Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  const over = run().finally(() => {
    state.isOver = true;
  });
  let turns = 0;
  for (; !state.isOver; turns += 1) await nextTurn();
  await over;
  return turns;
}

test("is verified slice by slice, with a turn for others between two of them", async () => {
  [largest, asked] = [0, 0];
  const turns = await turnsDuring(async () =>
    expect(await log.verify()).toMatchObject({ ok: true, entries }),
  );
  expect([largest, asked]).toEqual([500, entries / 500 + 1]);
  expect(turns).toBeGreaterThanOrEqual(entries / 500);
});

test("is looked at once for all who ask at the same time", async () => {
  asked = 0;
  await Promise.all(Array.from({ length: 20 }, () => log.verify()));
  expect(asked).toBe(entries / 500 + 1);
});

test("lets others go between slices while it is searched in vain", async () => {
  const filter = { actor: ["user:nobody"], action: [], result: [], reach: "everywhere" } as const;
  asked = 0;
  const turns = await turnsDuring(async () =>
    expect((await auditPage(log, filter, { limit: 100 })).entries).toEqual([]),
  );
  expect(turns).toBeGreaterThanOrEqual(asked - 1);
  expect(asked).toBeGreaterThan(50);
});

test("is searched for what is rare in pages that look at a part of it each, without a gap", async () => {
  const filter = { actor: ["user:rare"], action: [], result: [], reach: "everywhere" } as const;
  const found: number[] = [];
  let below: number | undefined;
  let pages = 0;
  do {
    asked = 0;
    const page = await auditPage(log, filter, { below, limit: 100 });
    found.push(...page.entries.map(({ number }) => number));
    expect(asked).toBeLessThanOrEqual(101);
    below = page.next ?? undefined;
    pages += 1;
  } while (below !== undefined);
  expect(found).toEqual(Array.from({ length: 10 }, (_, index) => entries - index * 10_000));
  expect(pages).toBeGreaterThan(1);
});
