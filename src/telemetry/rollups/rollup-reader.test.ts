import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { plausibleRecords } from "../../../test/support/plausible-records.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { metrics, type MetricDimension, type MetricName } from "../../core/metric-names.ts";
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import { isSuccess } from "../success.ts";
import { foldRollups, keepHours, rollupSchema, writeParts } from "./rollup-parts.ts";
import { RollupReader } from "./rollup-reader.ts";
import { outputSpeedOf, Rollups } from "./rollups.ts";

const nowMs = Date.UTC(2030, 0, 8, 12, 7, 35);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function openDatabase(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(rollupSchema);
  return db;
}

const endOf = ({ time, durationMs }: ExchangeRecord): number => Date.parse(time) + durationMs;

/** Some in a file of hours, some folded, some as they came, some not written yet. */
function readerOf(records: readonly ExchangeRecord[], maxBytes?: number): RollupReader {
  const open = new Rollups({ wallMs: () => nowMs });
  const [gone, older, newer] = [openDatabase(), openDatabase(), openDatabase()];
  const hours = openDatabase();
  for (const [index, record] of records.entries()) {
    open.add(record, endOf(record));
    const db =
      records.length > 100 && index < records.length / 10 ? gone : index < records.length / 2 ? older : newer;
    if (index % 97 === 0 && index < records.length * 0.98) writeParts(db, open.takeParts());
    if (index % 999 === 0) foldRollups(db, nowMs - hourMs);
  }
  keepHours({ partition: gone, name: "gone", hours, nowMs });
  const partitions = [older, newer];
  return new RollupReader({
    partitions: () => partitions,
    hours,
    open,
    wallMs: () => nowMs,
    caughtUp: () => true,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
}

const selection = (name: MetricName, fields: Partial<MetricSelection> = {}): MetricSelection => ({
  name,
  groupBy: [],
  top: 20,
  filters: [],
  ...fields,
});

const total = (of: (record: ExchangeRecord) => number) => (records: readonly ExchangeRecord[]) =>
  records.reduce((sum, record) => sum + of(record), 0);
const share = (of: (record: ExchangeRecord) => boolean) => (records: readonly ExchangeRecord[]) =>
  records.length === 0 ? null : records.filter(of).length / records.length;
const percentile =
  (of: (record: ExchangeRecord) => number | null, part: number) => (records: readonly ExchangeRecord[]) => {
    const sorted = records
      .map(of)
      .filter((value) => value !== null)
      .toSorted((one, other) => one - other);
    return sorted[Math.max(1, Math.ceil(sorted.length * part)) - 1] ?? null;
  };

/** What each metric is, told from the records themselves. */
const naive: Readonly<Partial<Record<MetricName, (records: readonly ExchangeRecord[]) => number | null>>> = {
  requests: total(() => 1),
  success_rate: share(isSuccess),
  failed: total((record) => (isSuccess(record) ? 0 : 1)),
  error_rate: share((record) => !isSuccess(record)),
  attempts: total(({ attempts }) => attempts.length),
  fallbacks: total(({ fallbackFrom }) => (fallbackFrom === "" ? 0 : 1)),
  fallback_rate: share(({ fallbackFrom }) => fallbackFrom !== ""),
  recovered: total(({ fallbackFrom, outcome }) => (fallbackFrom !== "" && outcome === "ok" ? 1 : 0)),
  limited: total(({ outcome }) => (outcome === "limited" ? 1 : 0)),
  blocked: total(({ outcome }) => (outcome === "blocked" ? 1 : 0)),
  cache_hits: total(({ cache }) => (cache === "hit" ? 1 : 0)),
  cache_misses: total(({ cache }) => (cache === "miss" ? 1 : 0)),
  saved_tokens: total(({ saved }) => (saved?.inputTokens ?? 0) + (saved?.outputTokens ?? 0)),
  saved_cost: total(({ saved }) => saved?.costUsd ?? 0),
  input_tokens: total(({ usage }) => usage?.inputTokens ?? 0),
  cached_input_tokens: total(({ usage }) => usage?.cachedInputTokens ?? 0),
  cache_write_tokens: total(({ usage }) => usage?.cacheWriteTokens ?? 0),
  output_tokens: total(({ usage }) => usage?.outputTokens ?? 0),
  reasoning_tokens: total(({ usage }) => usage?.reasoningTokens ?? 0),
  total_tokens: total(({ usage }) => (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)),
  cost_usd: total(({ costUsd }) => costUsd ?? 0),
  duration_p50: percentile(({ durationMs }) => durationMs, 0.5),
  duration_p99: percentile(({ durationMs }) => durationMs, 0.99),
  ttft_p95: percentile(({ ttftMs }) => ttftMs, 0.95),
  overhead_p50: percentile(({ overheadMs }) => overheadMs, 0.5),
  output_speed_p50: percentile(outputSpeedOf, 0.5),
};

const valueOf = (record: ExchangeRecord, dimension: Exclude<MetricDimension, "reason">): string =>
  dimension === "statusClass" ? `${String(record.status).charAt(0)}xx` : String(record[dimension]);

const nineDays = { fromMs: nowMs - 9 * dayMs, toMs: nowMs };
const records = [...plausibleRecords({ seed: 7, count: 3_000, ...nineDays, apis: 6, consumers: 9 })].map(
  (record, index) => ({
    ...record,
    ...(index % 5 === 0 ? { saved: { inputTokens: index, outputTokens: 1, costUsd: index / 64 } } : {}),
    cache: (["hit", "miss", "skip", "skip", "skip"] as const)[index % 5] ?? "skip",
  }),
);

const within = (told: number | null | undefined, expected: number | null, name: MetricName): void => {
  if (expected === null || typeof told !== "number") return expect(told).toBe(expected);
  if (metrics[name].making !== "percentile") return expect(told).toBeCloseTo(expected, 6);
  expect(Math.abs(told - expected)).toBeLessThanOrEqual(0.055 * expected + 0.01);
};

describe("every metric is what the records say", () => {
  const spans: readonly [name: string, fromMs: number, stepMs: number | null][] = [
    ["fifteen minutes", nowMs - 15 * minuteMs, null],
    ["an hour in steps of thirty seconds", nowMs - hourMs, 30_000],
    ["a day", nowMs - dayMs, null],
    ["seven days", nowMs - 7 * dayMs, null],
    ["longer than records are kept", nowMs - 30 * dayMs, dayMs],
  ];
  const reader = readerOf(records);
  const names = Object.keys(naive) as (keyof typeof naive)[];

  test.each(spans)("%s: columns and totals", (_name, fromMs, askedMs) => {
    const toMs = nowMs;
    const selections = names.map((name) => selection(name));
    const answer = reader.metrics({ fromMs, toMs, stepMs: askedMs, filters: [], selections });
    const { startMs, stepMs, columns } = answer;
    if (askedMs !== null) expect(stepMs).toBe(askedMs);
    expect(columns).toBeLessThanOrEqual(301);
    expect(startMs).toBeLessThanOrEqual(fromMs);
    const columnOf = (record: ExchangeRecord): number => Math.floor((endOf(record) - startMs) / stepMs);
    const meant = records.filter((record) => columnOf(record) >= 0 && columnOf(record) < columns);
    const byColumn = Array.from({ length: columns }, (_, column) =>
      meant.filter((record) => columnOf(record) === column),
    );
    for (const [index, name] of names.entries()) {
      const [series] = answer.metrics[index]?.series ?? [];
      const of = naive[name];
      if (of === undefined) throw new Error(name);
      within(series?.total, of(meant), name);
      for (const [column, value] of (series?.values ?? []).entries())
        if (value !== null) within(value, of(byColumn[column] ?? []), name);
    }
  });

  test.each<[string, readonly Exclude<MetricDimension, "reason">[], readonly MetricFilter[]]>([
    ["by Model API", ["api"], []],
    ["by two dimensions", ["consumer", "statusClass"], []],
    [
      "of some services",
      ["model"],
      [{ dimension: "service", not: false, values: ["service-1", "service-2"] }],
    ],
    ["with a wildcard", ["outcome"], [{ dimension: "consumer", not: false, values: ["*-?"] }]],
    ["of all but one", ["stream"], [{ dimension: "api", not: true, values: ["api-0"] }]],
    [
      "of a class of status",
      ["errorCode"],
      [{ dimension: "statusClass", not: false, values: ["4xx", "5xx"] }],
    ],
  ])("%s: each series is that of its records", (_name, groupBy, filters) => {
    const fromMs = nowMs - 7 * dayMs;
    const chosen = names.map((name) => selection(name, { groupBy, top: 100 }));
    const answer = reader.metrics({ fromMs, toMs: nowMs, stepMs: null, filters, selections: chosen });
    const meant = records.filter(
      (record) =>
        endOf(record) >= answer.startMs &&
        filters.every(({ dimension, not, values }) => {
          if (dimension === "reason") throw new Error("no dimension of records");
          const text = valueOf(record, dimension);
          const fits = values.some((value) => (value === "*-?" ? /-.$/u.test(text) : value === text));
          return fits !== not;
        }),
    );
    const groups = new Map<string, ExchangeRecord[]>();
    for (const record of meant) {
      const name = groupBy.map((dimension) => valueOf(record, dimension)).join(" ");
      groups.set(name, [...(groups.get(name) ?? []), record]);
    }
    for (const [index, name] of names.entries()) {
      const told = new Map(
        answer.metrics[index]?.series.map((series) => [
          groupBy.map((dimension) => series.labels[dimension] ?? "").join(" "),
          series,
        ]),
      );
      for (const [group, members] of groups) {
        // An attempt is asked for by the service that it went to: the next test.
        if (name === "attempts" && filters.some(({ dimension }) => dimension === "service")) continue;
        const expected = naive[name]?.(members) ?? null;
        if (told.get(group) === undefined) expect(expected ?? 0).toBe(0);
        else within(told.get(group)?.total, expected, name);
      }
      expect([...told.keys()].filter((group) => !groups.has(group))).toEqual([]);
    }
  });
});

describe("series", () => {
  const reader = readerOf(records);
  const ask = (asked: MetricSelection): readonly MetricSeries[] =>
    reader.metrics({ fromMs: nowMs - 7 * dayMs, toMs: nowMs, stepMs: null, filters: [], selections: [asked] })
      .metrics[0]?.series ?? [];

  test("those with the most stand alone, the rest is one, and all together are all", () => {
    const all = ask(selection("requests"))[0]?.total;
    const series = ask(selection("requests", { groupBy: ["api"], top: 3 }));
    expect(series.map(({ other }) => other)).toEqual([false, false, false, true]);
    const totals = series.map((one) => one.total ?? 0);
    expect(totals.reduce((sum, one) => sum + one, 0)).toBe(all);
    expect(totals.slice(0, 3)).toEqual(totals.slice(0, 3).toSorted((one, other) => other - one));
  });

  test("failed attempts by reason and service, and why exchanges went on", () => {
    const meant = records.filter((record) => endOf(record) >= nowMs - 7 * dayMs - hourMs);
    const startMs = Math.floor((nowMs - 7 * dayMs) / hourMs) * hourMs;
    const attempts = meant.filter((record) => endOf(record) >= startMs).flatMap((record) => record.attempts);
    const byReason = ask(selection("attempts", { groupBy: ["service", "reason"], top: 100 }));
    expect(byReason.length).toBeGreaterThan(10);
    for (const { labels, total: told } of byReason)
      expect(told).toBe(
        attempts.filter(({ service, reason }) => service === labels.service && reason === labels.reason)
          .length,
      );
    const byService = ask(selection("attempts", { groupBy: ["service"], top: 100 }));
    expect(byService.reduce((sum, { total: told }) => sum + (told ?? 0), 0)).toBe(attempts.length);
    const fallbacks = ask(selection("fallbacks", { groupBy: ["reason"] }));
    expect(fallbacks.reduce((sum, { total: told }) => sum + (told ?? 0), 0)).toBe(
      ask(selection("fallbacks"))[0]?.total,
    );
    expect(fallbacks.map(({ labels }) => labels.reason)).toContain("upstream-429");
  });

  test("a heat map has a series per band of durations, which hold every exchange", () => {
    const bands = ask(selection("duration_heat"));
    const bounds = bands.map(({ labels }) => Number(labels.status));
    expect(bounds).toEqual(bounds.toSorted((one, other) => one - other));
    expect(bands.reduce((sum, { total: told }) => sum + (told ?? 0), 0)).toBe(
      ask(selection("requests"))[0]?.total,
    );
  });

  test("a reason is asked of attempts and fallbacks alone", () => {
    expect(() => ask(selection("requests", { groupBy: ["reason"] }))).toThrow(
      /reason is a dimension of attempts/u,
    );
  });
});

describe("time", () => {
  test("before the first record and after now nothing was measured, in between it was zero", () => {
    const reader = readerOf([
      recordOf({ time: new Date(nowMs - 10 * minuteMs).toISOString() }),
      recordOf({ time: new Date(nowMs - 2 * minuteMs).toISOString() }),
    ]);
    const {
      metrics: told,
      stepMs,
      complete,
      since,
    } = reader.metrics({
      fromMs: nowMs - 20 * minuteMs,
      toMs: nowMs + 5 * minuteMs,
      stepMs: 5 * minuteMs,
      filters: [],
      selections: [selection("requests"), selection("request_rate"), selection("duration_p50")],
    });
    expect(stepMs).toBe(5 * minuteMs);
    expect(told[0]?.series[0]?.values).toEqual([null, null, 1, 0, 1, null]);
    expect(told[1]?.series[0]?.values.map((value) => value !== null)).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(told[2]?.series[0]?.values.map((value) => value !== null)).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(complete).toBe(false);
    expect(since).toBe(new Date(nowMs - 10 * minuteMs + 1.5).toISOString());
  });

  test("the answers do not depend on what is kept in memory", () => {
    const query = {
      fromMs: nowMs - 7 * dayMs,
      toMs: nowMs,
      stepMs: null,
      filters: [],
      selections: [
        selection("requests", { groupBy: ["api"] }),
        selection("ttft_p95", { groupBy: ["service"] }),
      ],
    } as const;
    const [spacious, tight] = [readerOf(records), readerOf(records, 10_000)];
    for (let time = 0; time < 2; time += 1)
      expect(tight.metrics(query).metrics).toEqual(spacious.metrics(query).metrics);
  });
});

describe("usage", () => {
  test("what was used, by three dimensions, adds up to all", () => {
    const reader = readerOf(records);
    const {
      items,
      total: all,
      from,
    } = reader.usage({
      fromMs: nowMs - 7 * dayMs,
      toMs: nowMs,
      groupBy: ["api", "model", "consumer"],
      filters: [{ dimension: "service", not: true, values: ["service-3"] }],
    });
    const meant = records.filter(
      (record) => endOf(record) >= Date.parse(from) && record.service !== "service-3",
    );
    expect(all.requests).toBe(meant.length);
    expect(all.costUsd).toBeCloseTo(total(({ costUsd }) => costUsd ?? 0)(meant), 8);
    expect(all.estimatedRequests).toBe(meant.filter(({ usage }) => usage?.estimated === true).length);
    for (const { labels, inputTokens, requests } of items) {
      const own = meant.filter(
        ({ api, model, consumer }) =>
          api === labels.api && model === labels.model && consumer === labels.consumer,
      );
      expect(requests).toBe(own.length);
      expect(inputTokens).toBe(total(({ usage }) => usage?.inputTokens ?? 0)(own));
    }
    const costs = items.map(({ costUsd }) => costUsd);
    expect(costs).toEqual(costs.toSorted((one, other) => other - one));
  });
});

describe("when partitions are gone", () => {
  const recordsOver = (fromHours: number, toHours: number): ExchangeRecord[] =>
    Array.from({ length: (fromHours - toHours) * 4 }, (_, index) =>
      recordOf({
        time: new Date(nowMs - fromHours * hourMs + index * 15 * minuteMs).toISOString(),
        durationMs: 0,
      }),
    );

  function readerWithout(gone: readonly ExchangeRecord[], kept: readonly ExchangeRecord[]): RollupReader {
    const open = new Rollups({ wallMs: () => nowMs });
    const [removed, partition, hours] = [openDatabase(), openDatabase(), openDatabase()];
    for (const [db, own] of [
      [removed, gone],
      [partition, kept],
    ] as const) {
      for (const record of own) open.add(record, endOf(record));
      writeParts(db, open.takeParts());
      while (foldRollups(db, nowMs));
    }
    keepHours({ partition: removed, name: "gone", hours, nowMs });
    return new RollupReader({
      partitions: () => [partition],
      hours,
      open,
      wallMs: () => nowMs,
      caughtUp: () => true,
    });
  }

  test("their hours answer what is longer, or older", () => {
    const reader = readerWithout(recordsOver(90, 30), recordsOver(30, 0));
    const asked = { toMs: nowMs, stepMs: null, filters: [], selections: [selection("requests")] } as const;
    const week = reader.metrics({ ...asked, fromMs: nowMs - 7 * dayMs });
    expect(week.metrics[0]?.series[0]?.total).toBe(90 * 4);
    // Minutes were asked for, where there are hours alone.
    const older = reader.metrics({ ...asked, fromMs: nowMs - 40 * hourMs, stepMs: minuteMs });
    expect(older.stepMs).toBe(hourMs);
    expect(older.metrics[0]?.series[0]?.total).toBeGreaterThanOrEqual(40 * 4);
    const { items } = reader.usage({ fromMs: nowMs - 40 * hourMs, toMs: nowMs, groupBy: [], filters: [] });
    expect(items[0]?.requests).toBeGreaterThanOrEqual(40 * 4);
  });

  test("the time before a window is made of hours", () => {
    const answer = readerWithout(recordsOver(90, 30), recordsOver(30, 0)).traffic("24h");
    expect(answer.total.requests).toBeGreaterThan(23 * 4);
    expect(answer.previous?.requests).toBeGreaterThan(22 * 4);
    expect(answer.previous?.requests).toBeLessThan(25 * 4);
  });
});
