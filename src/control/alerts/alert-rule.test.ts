// What an alert looks at, and how it goes from state to state.
import { describe, expect, test } from "vitest";
import { measured, nextStanding, selectionOf, windowMsOf } from "./alert-rule.ts";
import type { AlertRule, AlertStanding } from "./alert-rule.ts";

const share: AlertRule = { metric: "fallback_rate", filter: {}, op: ">", threshold: 0.05, forSeconds: 60 };
const sum: AlertRule = { ...share, metric: "cost_usd", threshold: 10 };

test.each([
  [0, 60_000],
  [59, 60_000],
  [60, 60_000],
  [61, 120_000],
  [3_600, 3_600_000],
])("for %i seconds it looks at %i ms", (forSeconds, windowMs) => {
  expect(windowMsOf({ forSeconds })).toBe(windowMs);
});

test.each<[string, AlertRule["filter"], readonly unknown[]]>([
  ["nothing", {}, []],
  ["a name", { api: "chat" }, [{ dimension: "api", not: false, values: ["chat"] }]],
  ["a class of status", { status: "5xx" }, [{ dimension: "status", not: false, values: ["5??"] }]],
  ["a pattern", { model: "qwen-*" }, [{ dimension: "model", not: false, values: ["qwen-*"] }]],
])("a filter of %s", (_name, filter, filters) => {
  expect(selectionOf({ metric: "requests", filter })).toEqual({
    name: "requests",
    groupBy: [],
    top: 1,
    filters,
  });
});

test.each<[AlertRule["metric"], number | null]>([
  ["requests", 0],
  ["request_rate", 0],
  ["fallback_rate", null],
  ["ttft_p95", null],
])("%s of nothing is %s", (metric, value) => {
  expect(measured(metric, null)).toBe(value);
  expect(measured(metric, undefined)).toBe(value);
  expect(measured(metric, 0.5)).toBe(0.5);
});

describe("the state after a look", () => {
  /** Looks every 15 seconds: `ok@0`, `pending@15000`. */
  const after = (rule: AlertRule, values: readonly (number | null)[]): string[] => {
    let standing: AlertStanding | undefined;
    return values.map((value, index) => {
      standing = nextStanding(standing, rule, value, index * 15_000);
      return `${standing.state}@${standing.sinceMs / 1_000}`;
    });
  };

  test.each<[string, AlertRule, readonly (number | null)[], readonly string[]]>([
    ["a share that does not exceed", share, [0, 0.05, null], ["ok@0", "ok@0", "ok@0"]],
    [
      "a share fires once it has exceeded for as long as asked, and is over at once",
      share,
      [0, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0],
      ["ok@0", "pending@15", "pending@15", "pending@15", "pending@15", "firing@75", "firing@75", "ok@105"],
    ],
    [
      "a share that falls in between begins anew",
      share,
      [0.1, 0.1, 0, 0.1, 0.1],
      ["pending@0", "pending@0", "ok@30", "pending@45", "pending@45"],
    ],
    ["nothing measured ends it", share, [0.1, null, 0.1], ["pending@0", "ok@15", "pending@30"]],
    ["a sum fires at once", sum, [9, 11, 12, 10], ["ok@0", "firing@15", "firing@15", "ok@45"]],
    ["without a time a share fires at once", { ...share, forSeconds: 0 }, [0.1], ["firing@0"]],
    ["at least", { ...sum, op: ">=" }, [10], ["firing@0"]],
    ["less than", { ...sum, op: "<" }, [10, 9], ["ok@0", "firing@15"]],
    ["at most", { ...sum, op: "<=" }, [11, 10], ["ok@0", "firing@15"]],
  ])("%s", (_name, rule, values, states) => {
    expect(after(rule, values)).toEqual(states);
  });
});
