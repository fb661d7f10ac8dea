import { describe, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import type { AttemptRecord, ExchangeRecord } from "../core/exchange-record.ts";
import { RecentExchanges, type LogFilters } from "./recent-exchanges.ts";

const timeOf = (second: number) => new Date(Date.UTC(2030, 0, 1) + second * 1000).toISOString();
const at = (second: number, fields: Partial<ExchangeRecord> = {}) =>
  recordOf({ requestId: `r${second}`, time: timeOf(second), ...fields });
const sent = (service: string, model: string): AttemptRecord => ({
  service,
  model,
  key: "",
  startedAt: "",
  status: 200,
  outcome: "ok",
  reason: "",
  detail: "",
  ttftMs: null,
  durationMs: 1,
  nextAction: "none",
});

function recentOf(...records: readonly ExchangeRecord[]): RecentExchanges {
  const recent = new RecentExchanges();
  for (const record of records) recent.add(record);
  return recent;
}

const idsOf = (recent: RecentExchanges, filters: LogFilters = {}, limit = 100) =>
  recent.page({ filters, limit, after: null }).items.map(({ requestId }) => requestId);

test("newest first, in whatever order they came", () => {
  expect(idsOf(recentOf(at(2), at(5), at(1), at(4), at(3)))).toEqual(["r5", "r4", "r3", "r2", "r1"]);
});

test("page by page, each once, though new ones come in between", () => {
  const recent = recentOf(...Array.from({ length: 7 }, (_, index) => at(index)));
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = recent.page({ filters: {}, limit: 3, after });
    seen.push(...page.items.map(({ requestId }) => requestId));
    after = page.nextCursor;
    recent.add(at(100 + seen.length));
  } while (after !== null);
  expect(seen).toEqual(["r6", "r5", "r4", "r3", "r2", "r1", "r0"]);
});

test("a page that is just full is the last one", () => {
  const recent = recentOf(at(1), at(2));
  expect(recent.page({ filters: {}, limit: 2, after: null }).nextCursor).toBeNull();
});

describe("filters", () => {
  const recent = recentOf(
    at(1, { api: "b" }),
    at(2, { consumer: "ana" }),
    at(3, { status: 429, outcome: "limited" }),
    at(4, { status: 404, outcome: "client_error" }),
    at(5, { requestedModel: "big", attempts: [sent("s1", "big"), sent("s2", "small")] }),
  );
  test.each<[LogFilters, string[]]>([
    [{ api: "b" }, ["r1"]],
    [{ consumer: "ana" }, ["r2"]],
    [{ status: "429" }, ["r3"]],
    [{ status: "4xx" }, ["r4", "r3"]],
    [{ outcome: "limited" }, ["r3"]],
    [{ service: "s2" }, ["r5"]],
    [{ model: "big" }, ["r5"]],
    [{ model: "small" }, ["r5"]],
    [{ api: "a", status: "4xx", outcome: "client_error" }, ["r4"]],
    [{ api: "none" }, []],
  ])("%j", (filters, ids) => {
    expect(idsOf(recent, filters)).toEqual(ids);
  });
});

test("a line tells each target once, with how often something was sent", () => {
  const attempts = [sent("a", "m"), sent("a", "m"), sent("b", "m"), sent("b", "n")];
  const [line] = recentOf(at(1, { attempts, path: `/${"x".repeat(1_000)}` })).page({
    filters: {},
    limit: 1,
    after: null,
  }).items;
  expect(line).toMatchObject({
    servedBy: [
      { service: "a", model: "m" },
      { service: "b", model: "m" },
      { service: "b", model: "n" },
    ],
    attempts: 4,
  });
  expect(line?.path).toHaveLength(256);
});

describe("memory", () => {
  test("the newest 5,000 stay, and 50 of each quiet Model API", () => {
    const recent = recentOf(at(0, { api: "quiet" }));
    for (let second = 1; second <= 7_000; second += 1) recent.add(at(second));
    const ids = idsOf(recent, {}, 10_000);
    expect(ids).toHaveLength(5_001);
    expect([ids[0], ids[4_999], ids[5_000]]).toEqual(["r7000", "r2001", "r0"]);
    expect(recent.ofApi("quiet", 20).map(({ requestId }) => requestId)).toEqual(["r0"]);
    expect(recent.ofApi("a", 3).map(({ requestId }) => requestId)).toEqual(["r7000", "r6999", "r6998"]);
  });

  test("of very many Model APIs those that were quiet longest lose their own lines", () => {
    const recent = new RecentExchanges();
    for (let index = 0; index < 450; index += 1) recent.add(at(index, { api: `api-${index}` }));
    recent.add(at(3, { api: "older than all" }));
    expect(recent.ofApi("api-49", 1)).toEqual([]);
    expect(recent.ofApi("older than all", 1)).toEqual([]);
    expect(recent.ofApi("api-50", 1)).toHaveLength(1);
  });
});
