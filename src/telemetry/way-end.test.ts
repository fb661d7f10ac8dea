import { describe, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { errorTable, type ErrorCode } from "../core/errors.ts";
import type { AttemptRecord, Decision, ExchangeRecord } from "../core/exchange-record.ts";
import type { Outcome } from "../core/outcome.ts";
import { wayEndOf, type WayEnd, type TargetEnd } from "./way-end.ts";

const decision: Decision = {
  mode: "single",
  reason: "the only target",
  candidates: [
    { service: "a", model: "m", reason: "" },
    { service: "twice", model: "x", reason: "" },
    { service: "twice", model: "y", reason: "" },
  ],
};

const attempt = (service: string, fields: Partial<AttemptRecord> = {}): AttemptRecord => ({
  service,
  model: "m",
  key: "main",
  startedAt: "2030-01-01T00:00:00.000Z",
  status: 200,
  outcome: "ok",
  reason: "",
  detail: "",
  ttftMs: 20,
  durationMs: 40,
  nextAction: "none",
  ...fields,
});

const failed = (
  service: string,
  nextAction: AttemptRecord["nextAction"],
  fields: Partial<AttemptRecord> = {},
) =>
  attempt(service, {
    status: 500,
    outcome: "upstream_error",
    reason: "upstream-5xx",
    ttftMs: null,
    nextAction,
    ...fields,
  });

const ended = (fields: Partial<ExchangeRecord>): WayEnd => wayEndOf(recordOf(fields));

/** `a served, b failed` and so on. */
const told = (wayEnd: WayEnd): string =>
  wayEnd.kind === "sent"
    ? wayEnd.targets.map(({ service, model, end }) => `${service}/${model} ${end}`).join(", ")
    : JSON.stringify(wayEnd);

describe("refused before anything was sent", () => {
  const rows: Readonly<Record<ErrorCode, string>> = {
    route_not_found: "select",
    method_not_allowed: "match",
    misdirected_request: "match",
    head_too_large: "match",
    upgrade_required: "match",
    shutting_down: "match",
    invalid_credentials: "authenticate",
    consumer_not_allowed: "authenticate",
    rate_limited: "limit",
    quota_exceeded: "limit",
    content_blocked: "moderate",
    invalid_request: "select",
    body_too_large: "select",
    request_timeout: "select",
    model_not_found: "select",
    no_healthy_service: "select",
    overloaded: "select",
    upstream_error: "select",
    upstream_unreachable: "select",
    upstream_credentials: "select",
    first_packet_timeout: "select",
    upstream_timeout: "select",
  };
  // The type asks for every code; this asks for no other.
  test.each(Object.entries(errorTable))("%s", (code, { status, outcome }) => {
    const errorCode = code as ErrorCode;
    const stop = { status, code };
    const expected = { kind: "stopped", step: rows[errorCode], stop };
    expect(ended({ status, outcome, errorCode })).toEqual(expected);
    // A target was chosen, and then nothing could be sent there.
    expect(ended({ status, outcome, errorCode, decision })).toEqual(expected);
  });

  test("a client that left", () => {
    expect(ended({ status: 499, outcome: "client_closed" })).toEqual({
      kind: "stopped",
      step: "select",
      stop: { status: 499, code: "client_closed" },
    });
  });
});

describe("answered by the gateway", () => {
  test.each<[string, Partial<ExchangeRecord>]>([
    ["a preflight or a list of models", { outcome: "ok" }],
    [
      "a list that is merged from several services",
      { outcome: "ok", attempts: [attempt("a"), attempt("b")] },
    ],
    ["a socket without a task", { outcome: "ok", status: 101 }],
  ])("%s", (_name, fields) => {
    expect(ended(fields)).toEqual({ kind: "own" });
  });

  test("a merged list of which a service failed ends where services are looked at", () => {
    const attempts = [attempt("a"), failed("b", "none")];
    expect(ended({ outcome: "upstream_error", status: 502, errorCode: "upstream_error", attempts })).toEqual({
      kind: "stopped",
      step: "select",
      stop: { status: 502, code: "upstream_error" },
    });
  });
});

describe("one target", () => {
  test.each<[Outcome, ErrorCode | "", TargetEnd]>([
    ["ok", "", "served"],
    ["client_error", "", "served"],
    ["blocked", "content_blocked", "served"],
    ["client_error", "invalid_request", "left"],
    ["client_closed", "", "left"],
    ["upstream_error", "upstream_error", "failed"],
    ["timeout", "upstream_timeout", "failed"],
    ["truncated", "upstream_error", "failed"],
    ["limited", "overloaded", "failed"],
  ])("outcome %s with code '%s': %s", (outcome, errorCode, end) => {
    expect(told(ended({ outcome, errorCode, decision, attempts: [attempt("a")] }))).toBe(`a/m ${end}`);
  });

  test.each<[string, readonly AttemptRecord[]]>([
    ["another key", [failed("a", "next-key"), attempt("a", { key: "second" })]],
    ["a retry", [failed("a", "retry"), failed("a", "retry"), attempt("a")]],
  ])("%s is the same target", (_name, attempts) => {
    expect(told(ended({ decision, attempts }))).toBe("a/m served");
  });

  test("tells when its first data came, if it answered", () => {
    const answered = ended({ decision, attempts: [failed("a", "retry"), attempt("a", { ttftMs: 33 })] });
    expect(answered).toMatchObject({ targets: [{ ttftMs: 33 }] });
    const broken = ended({ decision, outcome: "truncated", attempts: [attempt("a", { ttftMs: 33 })] });
    expect(broken).toMatchObject({ targets: [{ ttftMs: null }] });
  });
});

describe("fallbacks", () => {
  const sent = { decision, fallbackFrom: "a" };
  test.each<[string, Partial<ExchangeRecord>, string]>([
    ["the first serves", { attempts: [failed("a", "fallback"), attempt("b")] }, "a/m failed, b/m served"],
    [
      "the second serves",
      { attempts: [failed("a", "fallback"), failed("b", "next-key"), failed("b", "fallback"), attempt("c")] },
      "a/m failed, b/m failed, c/m served",
    ],
    [
      "none serves",
      {
        outcome: "upstream_error",
        status: 502,
        errorCode: "upstream_error",
        attempts: [failed("a", "fallback"), failed("b", "none")],
      },
      "a/m failed, b/m failed",
    ],
    [
      "the client leaves during the first",
      { outcome: "client_closed", status: 499, attempts: [failed("a", "fallback"), attempt("b")] },
      "a/m failed, b/m left",
    ],
    [
      "the next one has no room, and nothing is sent there",
      {
        outcome: "limited",
        status: 503,
        errorCode: "overloaded",
        attempts: [failed("a", "fallback")],
      },
      "a/m failed",
    ],
    [
      "the client left when the next one was chosen",
      { outcome: "client_closed", status: 499, attempts: [failed("a", "fallback")] },
      "a/m failed",
    ],
    [
      "the chosen one was ejected: nothing is sent there",
      { attempts: [attempt("b")] },
      "a/m passedOver, b/m served",
    ],
    [
      "the chosen one was ejected, and the first fails",
      { attempts: [failed("b", "fallback"), attempt("c")] },
      "a/m passedOver, b/m failed, c/m served",
    ],
    [
      "the chosen one was ejected, of a service with several models",
      { fallbackFrom: "twice", attempts: [attempt("b")] },
      "twice/ passedOver, b/m served",
    ],
    [
      "the chosen one was ejected, another model of its service serves",
      { attempts: [attempt("a", { model: "small" })] },
      "a/m passedOver, a/small served",
    ],
    [
      "another model of the same service",
      { attempts: [failed("a", "fallback"), attempt("a", { model: "small" })] },
      "a/m failed, a/small served",
    ],
  ])("%s", (_name, fields, expected) => {
    expect(told(ended({ ...sent, ...fields }))).toBe(expected);
  });
});
