import { describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { TrafficWindow } from "../traffic-answers.ts";
import {
  Counted,
  countedOf,
  dayMs,
  decision,
  ended,
  hourMs,
  minuteMs,
  nowMs,
  sent,
  usage,
} from "../../../test/support/counted-records.ts";
import { reachBack } from "./rollup-parts.ts";

const traffic = (counted: Counted, window: TrafficWindow = "1h") => counted.traffic(window);

describe("counts", () => {
  test("of one Model API and in all, with requests that came to none", () => {
    const counted = countedOf(
      ended(1000, {
        stream: true,
        ttftMs: 100,
        durationMs: 400,
        overheadMs: 2,
        usage,
        costUsd: 0.5,
        model: "m",
      }),
      ended(2000, { ttftMs: 200, durationMs: 800, overheadMs: 4, usage, costUsd: 0.25, model: "m" }),
      ended(3000, { outcome: "upstream_error", status: 502, errorCode: "upstream_error", fallbackFrom: "s" }),
      ended(4000, {
        api: "",
        service: "",
        outcome: "client_error",
        status: 404,
        errorCode: "route_not_found",
      }),
    );
    const answer = traffic(counted);
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
      costUsd: 0.75,
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
    expect(answer.topModels).toEqual([
      { model: "m", requests: 3, inputTokens: 20, outputTokens: 10, costUsd: 0.75 },
    ]);
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
    const { total } = traffic(countedOf(ended(0, { outcome, status })));
    expect(total).toMatchObject({ requests: 1, [field]: 1, succeeded: success ? 1 : 0 });
  });

  test("the ten models with the most output", () => {
    const records = Array.from({ length: 12 }, (_, index) =>
      ended(0, { model: `m${index}`, usage: { ...usage, outputTokens: index + 1 } }),
    );
    const models = traffic(countedOf(...records)).topModels.map(({ model }) => model);
    expect(models).toEqual(["m11", "m10", "m9", "m8", "m7", "m6", "m5", "m4", "m3", "m2"]);
  });
});

describe("time", () => {
  test.each<[TrafficWindow, number, number]>([
    ["15m", 30, minuteMs / 2],
    ["1h", 30, 2 * minuteMs],
    ["6h", 36, 10 * minuteMs],
    ["24h", 48, 30 * minuteMs],
    ["7d", 42, 4 * hourMs],
    ["30d", 60, 12 * hourMs],
  ])("%s: what ended in it, by column, the last one with this moment", (window, count, stepMs) => {
    const counted = countedOf(
      ended(0),
      ended(stepMs, { outcome: "timeout" }),
      ended((count - 2) * stepMs),
      ended((count + 1) * stepMs),
    );
    const { buckets, total, from, to } = traffic(counted, window);
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
    const counted = countedOf(ended(0, { durationMs: 50 * minuteMs }));
    expect(traffic(counted).total.series.at(-1)).toBe(1);
  });

  test.each<[string, readonly ExchangeRecord[], boolean, number | null]>([
    ["without any record", [], false, null],
    ["from the first start on", [ended(10 * minuteMs)], false, nowMs - 10 * minuteMs],
    ["with a record from before", [ended(0), ended(3 * hourMs)], true, nowMs - 3 * hourMs],
    ["with a record that is too old to count", [ended(0), ended(9 * dayMs)], true, nowMs - 9 * dayMs],
  ])("%s: complete or not, and since when", (_name, records, complete, sinceMs) => {
    const since = sinceMs === null ? null : new Date(sinceMs).toISOString();
    expect(traffic(countedOf(...records))).toMatchObject({ complete, since });
    expect(countedOf(...records).traffic("1h", nowMs, { caughtUp: false }).complete).toBe(false);
  });

  test("records that are known of and count no more reach back", () => {
    const counted = countedOf(ended(0));
    reachBack(counted.partition, nowMs - 9 * dayMs);
    expect(traffic(counted)).toMatchObject({
      complete: true,
      since: new Date(nowMs - 9 * dayMs).toISOString(),
    });
  });

  test.each<[string, TrafficWindow, number, boolean]>([
    ["an hour", "1h", 118 * minuteMs, true],
    ["seven days", "7d", 13 * dayMs, true],
    ["an hour of which there are too few records", "1h", 90 * minuteMs, false],
  ])("the time before %s is told beside it", (_name, window, oldestMs, isTold) => {
    const spanMs = window === "1h" ? hourMs : 7 * dayMs;
    const counted = countedOf(
      ended(0, { stream: true }),
      ended(1.2 * spanMs, { outcome: "blocked", status: 400, costUsd: 2 }),
      ended(1.3 * spanMs, { ttftMs: 100, fallbackFrom: "s", usage }),
      ended(oldestMs),
      ended(isTold ? 3 * spanMs : oldestMs),
    );
    const { total, previous } = traffic(counted, window);
    expect(total).toMatchObject({ requests: 1, stream: 1 });
    expect(total.streamSeries.at(-1)).toBe(1);
    if (!isTold) return expect(previous).toBeNull();
    expect(previous).toMatchObject({
      requests: 3,
      succeeded: 3,
      blocked: 1,
      fallbacks: 1,
      inputTokens: 10,
      outputTokens: 5,
      costUsd: 2,
    });
    expect(previous?.ttftP50Ms).toBeCloseTo(100, -1);
  });

  test("of one resource group alone", () => {
    const counted = countedOf(ended(0), ended(0, { resourceGroup: "lab", api: "b" }), ended(0, { api: "b" }));
    const { total, apis } = counted.traffic("24h", nowMs, { group: "lab" });
    expect(total.requests).toBe(1);
    expect(apis.map(({ api, requests }) => [api, requests])).toEqual([["b", 1]]);
  });

  test("the rate is that of the last minute", () => {
    const records = [0, 1_000, 30_000, 59_000, 61_000, 120_000].map((agoMs) => ended(agoMs));
    const counted = countedOf(...records.toReversed());
    expect(counted.way("a", "1h").rate).toBeCloseTo(4 / 60);
    expect(counted.way("a", "1h", nowMs + 45_000).rate).toBeCloseTo(2 / 60);
    expect(counted.way("a", "1h", nowMs + 10 * minuteMs).rate).toBe(0);
    expect(counted.way("b", "1h").rate).toBe(0);
  });
});

describe("bounds", () => {
  test("whoever tries thousands of names at one service hides nothing of another's", () => {
    const counted = new Counted(2_000);
    const one = (model: string, service: string) =>
      ended(0, {
        api: service,
        decision,
        attempts: [sent(service, model)],
        model,
        requestedModel: model,
        service,
      });
    for (let index = 0; index < 20_000; index += 1) counted.add(one(`m${index % 3_000}`, "flooded"));
    counted.add(one("fresh", "quiet"));
    const { targets, arrived } = counted.way("flooded", "1h");
    expect(arrived).toBe(20_000);
    expect(targets.reduce((sum, { chosen }) => sum + chosen, 0)).toBe(20_000);
    expect(targets[0]).toMatchObject({ service: "flooded", model: "" });
    expect(counted.way("quiet", "1h")).toMatchObject({
      arrived: 1,
      targets: [{ service: "quiet", model: "fresh", chosen: 1 }],
    });
  });

  test("a record that comes late is added to what is folded already", () => {
    const counted = countedOf(ended(2 * hourMs));
    counted.settle(nowMs);
    counted.add(ended(2 * hourMs));
    counted.settle(nowMs);
    expect(traffic(counted, "24h").total.requests).toBe(2);
    expect(traffic(counted, "7d").total.requests).toBe(2);
  });
});
