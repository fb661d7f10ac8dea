import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorTable, type ErrorCode } from "../../core/errors.ts";
import type { Outcome } from "../../core/outcome.ts";
import { countedOf, decision, ended, sent } from "../../../test/support/counted-records.ts";

describe("the way through a Model API", () => {
  test("what was stopped, who was chosen, who helped, what came back", () => {
    const refused = { outcome: "client_error", status: 401, errorCode: "invalid_credentials" } as const;
    const failedAt = sent("s", "m", { outcome: "timeout", ttftMs: null, nextAction: "fallback" });
    const counted = countedOf(
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
    const way = counted.way("a", "24h");
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
        const counted = countedOf(...records);
        const { arrived, steps, own, targets, fallbacks, reply } = counted.way("a", "1h");
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
        const { total } = counted.traffic("1h");
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
    const { targets, arrived } = countedOf(...records).way("a", "1h");
    expect(targets.length).toBeLessThanOrEqual(101);
    expect(targets[0]).toMatchObject({ service: "s", model: "", chosen: 80 });
    expect(targets.reduce((sum, { chosen }) => sum + chosen, 0)).toBe(arrived);
  });
});
