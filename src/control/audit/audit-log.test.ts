// The audit log over a real store: chained, bounded, pruned, and nothing done to the file of the store goes unseen.
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openConfiguration, startMs } from "../configuration-fixture.ts";
import type { ConfigurationFixture } from "../configuration-fixture.ts";
import type { AuditFacts } from "./audit-entry.ts";
import { createAuditLog } from "./audit-log.ts";
import { auditPage } from "./audit-query.ts";

const dayMs = 86_400_000;

let fixture: ConfigurationFixture;

beforeEach(async () => {
  fixture = await openConfiguration();
});
afterEach(() => fixture.close());

function facts(more: Partial<AuditFacts> = {}): AuditFacts {
  return {
    actor: "user:ada",
    method: "session",
    ip: "203.0.113.1",
    requestId: "r-1",
    action: "test",
    operation: "testService",
    kind: "services",
    name: "sim",
    result: "ok",
    code: null,
    objects: [],
    moreObjects: 0,
    ...more,
  };
}

async function append(count: number, more: Partial<AuditFacts> = {}): Promise<void> {
  for (let index = 0; index < count; index += 1) await fixture.audit.append(facts(more));
}

/** What somebody does who can write the file of the store, but does not have the key. */
function tamper(sql: string): void {
  const database = new DatabaseSync(fixture.storeFile);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

const everything = { actor: [], action: [], result: [], reach: "everywhere" } as const;
const page = () => auditPage(fixture.audit, everything, { limit: 1000 });

describe("the chain", () => {
  test("an empty log, one entry and more than a slice of them verify", async () => {
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 0, firstBad: null });
    await append(1);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 1, lastNumber: 1 });
    await append(520);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 521, firstNumber: 1 });
  });

  test.each<[what: string, sql: string, bad: { number: number; reason: string }]>([
    [
      "a changed text",
      `UPDATE audit SET text = replace(text, 'user:ada', 'user:bob') WHERE number = 4`,
      { number: 4, reason: "changed" },
    ],
    ["a removed entry", `DELETE FROM audit WHERE number = 4`, { number: 4, reason: "missing" }],
    ["a removed first entry", `DELETE FROM audit WHERE number = 1`, { number: 1, reason: "missing" }],
    [
      "two swapped texts",
      `UPDATE audit SET text = (SELECT text FROM audit AS other WHERE other.number = 9 - audit.number)
       WHERE number IN (4, 5)`,
      { number: 4, reason: "changed" },
    ],
    [
      "two swapped entries",
      `UPDATE audit SET number = -number WHERE number IN (4, 5);
       UPDATE audit SET number = 9 + number WHERE number < 0`,
      { number: 4, reason: "changed" },
    ],
    ["a truncated end", `DELETE FROM audit WHERE number > 6`, { number: 7, reason: "truncated" }],
    [
      "a truncated end with a head made up",
      `DELETE FROM audit WHERE number > 6;
       UPDATE audit_ends SET number = 6, chain = (SELECT chain FROM audit WHERE number = 6)`,
      { number: 7, reason: "end-changed" },
    ],
    [
      "an appended copy",
      `INSERT INTO audit SELECT instance, 9, text, chain FROM audit WHERE number = 8`,
      { number: 9, reason: "changed" },
    ],
    [
      "everything and its ends removed",
      `DELETE FROM audit; DELETE FROM audit_ends`,
      { number: 1, reason: "went-back" },
    ],
    [
      "an old end cut off with an anchor made up",
      `DELETE FROM audit WHERE number <= 3;
       INSERT INTO audit_ends SELECT instance, 'anchor', 3, chain, proof FROM audit_ends`,
      { number: 3, reason: "end-changed" },
    ],
    [
      "a text that is no entry",
      `UPDATE audit SET text = 'x' WHERE number = 8`,
      { number: 8, reason: "changed" },
    ],
  ])("shows %s", async (_what, sql, firstBad) => {
    await append(8);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
    tamper(sql);
    expect(await fixture.audit.verify()).toMatchObject({ ok: false, firstBad });
  });

  test("shows entries that somebody with another key has written", async () => {
    await append(2);
    const other = createAuditLog({
      store: fixture.store.audit,
      mac: (text) => `0${text.length}`,
      clock: { wallMs: fixture.wallMs },
    });
    await other.append(facts());
    expect(await fixture.audit.verify()).toMatchObject({ ok: false, entries: 2, firstBad: { number: 3 } });
  });

  test("goes on after entries at its end were removed, and the gap stays to be seen", async () => {
    await append(4);
    tamper(`DELETE FROM audit WHERE number = 4`);
    await append(1);
    expect(await fixture.audit.verify()).toMatchObject({ firstBad: { number: 4, reason: "missing" } });
    expect((await page()).entries.map(({ number }) => number)).toEqual([5, 3, 2, 1]);
  });

  test("leaves a damaged entry out of pages, and the others in", async () => {
    await append(3);
    tamper(`UPDATE audit SET text = '{"number":2' WHERE number = 2`);
    expect((await page()).entries.map(({ number }) => number)).toEqual([3, 1]);
  });

  test("is one for entries that come at the same time", async () => {
    await Promise.all(Array.from({ length: 50 }, () => fixture.audit.append(facts())));
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 50 });
  });
});

describe("retention", () => {
  const keep = { retentionDays: 30, maxEntries: 1_000_000 };

  test("takes away what is old, and the rest still verifies", async () => {
    await append(3);
    fixture.advance(40 * dayMs);
    await append(2);
    expect(await fixture.audit.prune(keep)).toBe(3);
    expect(await fixture.audit.verify()).toEqual({
      ok: true,
      entries: 2,
      firstNumber: 4,
      lastNumber: 5,
      firstBad: null,
    });
    expect(await fixture.audit.prune(keep)).toBe(0);
    await append(1);
    expect((await page()).entries.map(({ number }) => number)).toEqual([6, 5, 4]);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  test("takes away everything when all of it is old", async () => {
    await append(3);
    fixture.advance(40 * dayMs);
    expect(await fixture.audit.prune(keep)).toBe(3);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 0 });
    await append(1);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, firstNumber: 4 });
  });

  test("keeps a number of entries, over several slices", async () => {
    await append(603);
    expect(await fixture.audit.prune({ ...keep, maxEntries: 100 })).toBe(503);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true, entries: 100, lastNumber: 603 });
  });

  test("a removed entry behind the anchor is still seen", async () => {
    await append(6);
    await fixture.audit.prune({ ...keep, maxEntries: 4 });
    tamper(`DELETE FROM audit WHERE number = 3`);
    expect(await fixture.audit.verify()).toMatchObject({ firstBad: { number: 3, reason: "missing" } });
  });
});

describe("refusals", () => {
  const refused = { result: "refused", code: "forbidden" } as const;
  const stranger = { ...refused, actor: "anonymous", method: "none" } as const;

  test("are written up to a bound for each actor, then counted by the next entry", async () => {
    await append(70, refused);
    await append(1, { ...refused, actor: "user:bob" });
    await append(1);
    const { entries } = await page();
    expect(entries.filter(({ actor }) => actor === "user:ada")).toHaveLength(61);
    expect(entries.map(({ skipped }) => skipped).filter((skipped) => skipped > 0)).toEqual([10]);
    expect(entries.find(({ skipped }) => skipped > 0)?.actor).toBe("user:bob");
  });

  test("of strangers are written up to a bound for each address and for all, and less than a million a year", async () => {
    for (let index = 0; index < 300; index += 1)
      await append(1, { ...stranger, ip: `203.0.113.${index % 256}` });
    expect((await page()).entries).toHaveLength(100);
    await append(20, { ...stranger, ip: "198.51.100.1" });
    expect((await page()).entries).toHaveLength(100);
    fixture.advance(60_000);
    await append(20, { ...stranger, ip: "198.51.100.1" });
    expect((await page()).entries).toHaveLength(101);
  });

  test("of one stranger leave room for others", async () => {
    await append(50, { ...stranger, ip: "198.51.100.1" });
    await append(1, { ...stranger, ip: "198.51.100.2" });
    expect((await page()).entries.map(({ ip }) => ip).filter((ip) => ip === "198.51.100.1")).toHaveLength(10);
    expect((await page()).entries[0]).toMatchObject({ ip: "198.51.100.2", skipped: 40 });
  });
});

describe("questions", () => {
  const object = (name: string, resourceGroup: string | null) => ({
    action: "update" as const,
    kind: "services",
    name,
    resourceGroup,
    changes: [],
    moreChanges: 0,
  });

  beforeEach(async () => {
    await append(1, { actor: "user:ada", action: "update", objects: [object("a", "red")] });
    fixture.advance(dayMs);
    await append(1, {
      actor: "token:ci",
      action: "apply",
      kind: null,
      name: null,
      objects: [object("a", "red"), object("b", "blue")],
    });
    await append(1, { actor: "user:bob", action: "sign-in", kind: null, name: null, method: "password" });
    await append(1, {
      actor: "user:bob",
      action: "update",
      result: "refused",
      code: "conflict",
      name: "Zed",
    });
  });

  test.each<[what: string, filter: object, numbers: number[]]>([
    ["everything", {}, [4, 3, 2, 1]],
    ["an actor", { actor: ["user:bob"] }, [4, 3]],
    ["two actions", { action: ["apply", "sign-in"] }, [3, 2]],
    ["a result", { result: ["refused"] }, [4]],
    ["an object, also among others", { kind: "services", name: "b" }, [2]],
    ["an object that two entries changed", { kind: "services", name: "a" }, [2, 1]],
    ["from a moment", { fromMs: startMs + dayMs }, [4, 3, 2]],
    ["until a moment, which does not count", { toMs: startMs + dayMs }, [1]],
    ["a part of an entry in any case", { search: "zED" }, [4]],
    ["one group", { reach: new Set(["red"]) }, [1]],
    ["both groups", { reach: new Set(["red", "blue"]) }, [2, 1]],
    ["a group without entries", { reach: new Set(["green"]) }, []],
  ])("find %s", async (_what, filter, numbers) => {
    const found = await auditPage(fixture.audit, { ...everything, ...filter }, { limit: 10 });
    expect(found.entries.map(({ number }) => number)).toEqual(numbers);
    expect(found.next).toBeNull();
  });

  test("are answered page by page without a gap or a double", async () => {
    await append(520);
    const numbers: number[] = [];
    let below: number | undefined;
    do {
      const { entries, next } = await auditPage(fixture.audit, everything, { below, limit: 7 });
      numbers.push(...entries.map(({ number }) => number));
      below = next ?? undefined;
    } while (below !== undefined);
    expect(numbers).toEqual(Array.from({ length: 524 }, (_, index) => 524 - index));
  });
});
