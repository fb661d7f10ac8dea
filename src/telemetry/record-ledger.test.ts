import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { errorTable, type ErrorCode } from "../core/errors.ts";
import type { AttemptRecord, Decision, ExchangeRecord } from "../core/exchange-record.ts";
import type { Outcome } from "../core/outcome.ts";
import { RecordLedger } from "./record-ledger.ts";
import type { TrafficWindow } from "./traffic-answers.ts";

const nowMs = Date.UTC(2030, 0, 8, 12, 7, 30);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const decision: Decision = { mode: "single", reason: "", candidates: [] };
const sent = (service: string, model: string, fields: Partial<AttemptRecord> = {}): AttemptRecord => ({
  service,
  model,
  key: "",
  startedAt: "",
  status: 200,
  outcome: "ok",
  reason: "",
  detail: "",
  ttftMs: 20,
  durationMs: 40,
  nextAction: "none",
  ...fields,
});

let made = 0;
/** A record of an exchange that ended so long ago. */
function ended(agoMs: number, fields: Partial<ExchangeRecord> = {}): ExchangeRecord {
  made += 1;
  const { durationMs = 0 } = fields;
  const time = new Date(nowMs - agoMs - durationMs).toISOString();
  return recordOf({ requestId: `r${made}`, time, durationMs, ...fields });
}

function ledgerOf(...records: readonly ExchangeRecord[]): RecordLedger {
  const ledger = new RecordLedger();
  for (const record of records) ledger.add(record, nowMs);
  return ledger;
}

const traffic = (ledger: RecordLedger, window: TrafficWindow = "1h") => ledger.traffic(window, nowMs, true);

describe("counts", () => {
  const usage = {
    inputTokens: 10,
    outputTokens: 5,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };

  test("of one Model API and in all, with requests that came to none", () => {
    const ledger = ledgerOf(
      ended(1000, { stream: true, ttftMs: 100, durationMs: 400, overheadMs: 2, usage, model: "m" }),
      ended(2000, { ttftMs: 200, durationMs: 800, overheadMs: 4, usage, model: "m" }),
      ended(3000, { outcome: "upstream_error", status: 502, errorCode: "upstream_error", fallbackFrom: "s" }),
      ended(4000, {
        api: "",
        service: "",
        outcome: "client_error",
        status: 404,
        errorCode: "route_not_found",
      }),
    );
    const answer = traffic(ledger);
    const own = {
      requests: 3,
      succeeded: 2,
      ok: 2,
      failed: 1,
      limited: 0,
      blocked: 0,
      clientErrors: 0,
      clientClosed: 0,
      stream: 1,
      inputTokens: 20,
      outputTokens: 10,
      fallbacks: 1,
    };
    expect(answer.apis).toMatchObject([{ api: "a", ...own }]);
    expect(answer.total).toMatchObject({ ...own, requests: 4, succeeded: 3, clientErrors: 1 });
    const { ttftP50Ms, ttftP95Ms, durationP95Ms, overheadP50Ms } = answer.total;
    for (const [told, ms] of [
      [ttftP50Ms, 100],
      [ttftP95Ms, 200],
      [durationP95Ms, 800],
      [overheadP50Ms, 0.5],
    ] as const)
      expect(Math.abs((told ?? 0) - ms) / ms).toBeLessThan(0.055);
    expect(answer.topModels).toEqual([{ model: "m", requests: 3, outputTokens: 10 }]);
    expect(answer.apis[0]?.lastAt).toBe(new Date(nowMs - 1400).toISOString());
  });

  test.each<[Outcome, number, string, boolean]>([
    ["ok", 200, "ok", true],
    ["client_error", 404, "clientErrors", true],
    ["client_error", 429, "clientErrors", false],
    ["blocked", 400, "blocked", true],
    ["limited", 429, "limited", false],
    ["limited", 503, "limited", false],
    ["upstream_error", 502, "failed", false],
    ["upstream_error", 500, "failed", false],
    ["timeout", 504, "failed", false],
    ["timeout", 200, "failed", false],
    ["truncated", 200, "failed", false],
    ["client_closed", 499, "clientClosed", true],
  ])("outcome %s with status %d counts as %s, a success: %s", (outcome, status, field, success) => {
    const { total } = traffic(ledgerOf(ended(0, { outcome, status })));
    expect(total).toMatchObject({ requests: 1, [field]: 1, succeeded: success ? 1 : 0 });
  });

  test("the ten models with the most output", () => {
    const records = Array.from({ length: 12 }, (_, index) =>
      ended(0, { model: `m${index}`, usage: { ...usage, outputTokens: index + 1 } }),
    );
    const models = traffic(ledgerOf(...records)).topModels.map(({ model }) => model);
    expect(models).toEqual(["m11", "m10", "m9", "m8", "m7", "m6", "m5", "m4", "m3", "m2"]);
  });
});

describe("time", () => {
  test.each<[TrafficWindow, number, number]>([
    ["1h", 30, 2 * minuteMs],
    ["24h", 48, 30 * minuteMs],
    ["7d", 42, 4 * hourMs],
  ])("%s: what ended in it, by column, the last one with this moment", (window, count, stepMs) => {
    const ledger = ledgerOf(
      ended(0),
      ended(stepMs, { outcome: "timeout" }),
      ended((count - 2) * stepMs),
      ended((count + 1) * stepMs),
    );
    const { buckets, total, from, to } = traffic(ledger, window);
    expect(buckets).toEqual({ startMs: Date.parse(from), stepMs, count });
    expect(buckets.startMs % stepMs).toBe(0);
    expect(to).toBe(new Date(nowMs).toISOString());
    const expected = Array.from({ length: count }, () => 0);
    expected[count - 1] = 1;
    expected[count - 2] = 1;
    expected[1] = 1;
    expect(total.series).toEqual(expected);
    expect(total.failedSeries[count - 2]).toBe(1);
    expect(total.requests).toBe(3);
  });

  test("a long exchange counts when it ended, not when it began", () => {
    const ledger = ledgerOf(ended(0, { durationMs: 50 * minuteMs }));
    expect(traffic(ledger).total.series.at(-1)).toBe(1);
  });

  test.each<[string, readonly ExchangeRecord[], boolean, number | null]>([
    ["without any record", [], false, null],
    ["from the first start on", [ended(10 * minuteMs)], false, nowMs - 10 * minuteMs],
    ["with a record from before", [ended(0), ended(3 * hourMs)], true, nowMs - 3 * hourMs],
    ["with a record that is too old to count", [ended(0), ended(9 * dayMs)], true, nowMs - 9 * dayMs],
  ])("%s: complete or not, and since when", (_name, records, complete, sinceMs) => {
    const since = sinceMs === null ? null : new Date(sinceMs).toISOString();
    expect(traffic(ledgerOf(...records))).toMatchObject({ complete, since });
    expect(ledgerOf(...records).traffic("1h", nowMs, false).complete).toBe(false);
  });

  test("what is older than seven days goes", () => {
    const ledger = ledgerOf(ended(0), ended(6 * dayMs));
    const laterMs = nowMs + 2 * dayMs;
    ledger.tidy(laterMs);
    expect(ledger.traffic("7d", laterMs, true).total.requests).toBe(1);
  });

  test("the rate is that of the last minute", () => {
    const records = [0, 1_000, 30_000, 59_000, 61_000, 120_000].map((agoMs) => ended(agoMs));
    const ledger = ledgerOf(...records.toReversed());
    expect(ledger.way("a", "1h", nowMs, true).rate).toBeCloseTo(4 / 60);
    expect(ledger.way("a", "1h", nowMs + 45_000, true).rate).toBeCloseTo(2 / 60);
    expect(ledger.way("a", "1h", nowMs + 10 * minuteMs, true).rate).toBe(0);
    expect(ledger.way("b", "1h", nowMs, true).rate).toBe(0);
  });
});

describe("the way through a Model API", () => {
  test("what was stopped, who was chosen, who helped, what came back", () => {
    const refused = { outcome: "client_error", status: 401, errorCode: "invalid_credentials" } as const;
    const failedAt = sent("s", "m", { outcome: "timeout", ttftMs: null, nextAction: "fallback" });
    const ledger = ledgerOf(
      ended(0, refused),
      ended(0, refused),
      ended(0, { outcome: "limited", status: 429, errorCode: "quota_exceeded" }),
      ended(0, { outcome: "client_error", status: 404, errorCode: "model_not_found" }),
      ended(0),
      ended(0, { decision, attempts: [sent("s", "m", { ttftMs: 100 })], durationMs: 200 }),
      ended(0, { decision, attempts: [sent("s", "m", { ttftMs: 100 })], durationMs: 200 }),
      ended(0, { decision, attempts: [failedAt, sent("f", "n")], fallbackFrom: "s" }),
      ended(0, {
        decision,
        outcome: "timeout",
        status: 504,
        errorCode: "upstream_timeout",
        attempts: [sent("t", "m", { outcome: "timeout" })],
      }),
      ended(0, { api: "other" }),
    );
    const way = ledger.way("a", "24h", nowMs, true);
    const step = (name: string, passed: number, ...stopped: object[]) => ({
      step: name,
      passed,
      medianMs: null,
      stopped,
    });
    expect(way).toMatchObject({
      arrived: 9,
      own: 1,
      reply: { answered: 4, failed: 1, left: 0 },
      steps: [
        step("match", 9),
        step("authenticate", 7, { status: 401, code: "invalid_credentials", count: 2 }),
        step("limit", 6, { status: 429, code: "quota_exceeded", count: 1 }),
        step("moderate", 6),
        step("select", 5, { status: 404, code: "model_not_found", count: 1 }),
      ],
      targets: [
        { service: "s", model: "m", chosen: 3, served: 2, failed: 1, left: 0, passedOver: 0, share: 0.75 },
        { service: "t", model: "m", chosen: 1, served: 0, failed: 1, left: 0, passedOver: 0, share: 0.25 },
      ],
      fallbacks: [{ position: 1, service: "f", model: "n", tried: 1, served: 1, failed: 0, left: 0 }],
    });
    expect(way.targets[0]?.ttftP50Ms).toBeCloseTo(100, -1);
    expect(way.lastExchanges).toHaveLength(9);
  });

  const outcomes: readonly Outcome[] = [
    "ok",
    "client_error",
    "blocked",
    "limited",
    "upstream_error",
    "timeout",
    "client_closed",
    "truncated",
  ];
  const codes = ["", ...Object.keys(errorTable)] as (ErrorCode | "")[];
  const anyAttempt = fc
    .record({
      service: fc.constantFrom("s", "t", "u"),
      model: fc.constantFrom("", "m", "n"),
      nextAction: fc.constantFrom("none", "retry", "next-key", "fallback" as const),
    })
    .map(({ service, model, nextAction }) => sent(service, model, { nextAction: nextAction as "none" }));
  const anyRecord = fc
    .record({
      outcome: fc.constantFrom(...outcomes),
      errorCode: fc.constantFrom(...codes),
      status: fc.integer({ min: 100, max: 599 }),
      attempts: fc.array(anyAttempt, { maxLength: 6 }),
      decision: fc.constantFrom(decision, null),
      fallbackFrom: fc.constantFrom("", "s", "t"),
      durationMs: fc.double({ min: 0, max: 1000, noNaN: true }),
    })
    .map((fields) => ended(0, fields));

  test("the numbers add up, whatever the records are", () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 60 }), (records) => {
        const ledger = ledgerOf(...records);
        const { arrived, steps, own, targets, fallbacks, reply } = ledger.way("a", "1h", nowMs, true);
        const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
        expect(arrived).toBe(records.length);
        let passed = arrived;
        for (const step of steps) {
          passed -= sum(step.stopped.map(({ count }) => count));
          expect(step.passed).toBe(passed);
        }
        expect(passed).toBe(own + sum(targets.map(({ chosen }) => chosen)));
        for (const { chosen, served, failed, left, passedOver } of targets)
          expect(chosen).toBe(served + failed + left + passedOver);
        for (const { tried, served, failed, left } of fallbacks) expect(tried).toBe(served + failed + left);
        expect(reply.answered + reply.failed + reply.left).toBe(passed);
        const served = sum([...targets, ...fallbacks].map((row) => row.served));
        expect(reply.answered).toBe(own + served);
        const { total } = ledger.traffic("1h", nowMs, true);
        const { ok, failed, limited, blocked, clientErrors, clientClosed } = total;
        expect(sum([ok, failed, limited, blocked, clientErrors, clientClosed])).toBe(records.length);
        expect(total.succeeded).toBeLessThanOrEqual(total.requests);
      }),
    );
  });

  test("of very many models the rarest are one row of their service, and still add up", () => {
    const records = Array.from({ length: 180 }, (_, index) =>
      ended(0, { decision, attempts: [sent("s", `m${index}`)] }),
    );
    const { targets, arrived } = ledgerOf(...records).way("a", "1h", nowMs, true);
    expect(targets.length).toBeLessThanOrEqual(101);
    expect(targets[0]).toMatchObject({ service: "s", model: "", chosen: 80 });
    expect(targets.reduce((sum, { chosen }) => sum + chosen, 0)).toBe(arrived);
  });
});

describe("memory", () => {
  test("counts are bounded; the oldest go, and the answer says so", () => {
    const ledger = new RecordLedger({ maxEntries: 4_000 });
    for (let quarter = 600; quarter >= 0; quarter -= 1) {
      ledger.add(ended(quarter * 15 * minuteMs), nowMs);
      ledger.add(ended(quarter * 15 * minuteMs, { api: "b" }), nowMs);
      if (quarter % 10 === 0) ledger.tidy(nowMs);
    }
    ledger.tidy(nowMs);
    expect(ledger.entries).toBeLessThanOrEqual(4_000);
    const { complete, since, total } = ledger.traffic("7d", nowMs, true);
    expect(complete).toBe(false);
    expect(Date.parse(since ?? "")).toBeGreaterThan(nowMs - 600 * 15 * minuteMs);
    expect(total.series.at(-1)).toBeGreaterThan(0);
    expect(ledger.traffic("1h", nowMs, true).complete).toBe(true);
  });

  test("names that clients choose are bounded", () => {
    const ledger = new RecordLedger();
    for (let index = 0; index < 5_000; index += 1)
      ledger.add(
        ended(0, { decision, attempts: [sent("s", `m${index}`)], model: `m${index}`, service: "s" }),
        nowMs,
      );
    expect(ledger.entries).toBeLessThan(2 * 10_000);
    expect(ledger.way("a", "1h", nowMs, true).arrived).toBe(5_000);
  });

  test("whoever tries thousands of names at one service hides nothing of another's", () => {
    const ledger = new RecordLedger();
    const one = (model: string, service: string, ttftMs: number) =>
      ended(0, { api: service, decision, attempts: [sent(service, model, { ttftMs })], model, service });
    for (let index = 0; index < 60_000; index += 1)
      ledger.add(one(`m${index % 3_000}`, "flooded", 1.2 ** (index / 3_000)), nowMs);
    ledger.add(one("fresh", "other", 20), nowMs);
    expect(ledger.way("other", "1h", nowMs, true)).toMatchObject({
      arrived: 1,
      targets: [{ service: "other", model: "fresh", chosen: 1 }],
    });
  });

  test("a record that comes late is added to what is packed already", () => {
    const ledger = ledgerOf(ended(2 * hourMs));
    ledger.tidy(nowMs);
    ledger.add(ended(2 * hourMs), nowMs);
    ledger.tidy(nowMs);
    expect(traffic(ledger, "24h").total.requests).toBe(2);
  });
});
