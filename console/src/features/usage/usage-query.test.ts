// The time and the shares of usage.
import { describe, expect, it } from "vitest";
import type { UsageRow } from "../../../../src/control/routes/console-answers.ts";
import { measureOf, shareOf, usageParameters, usageSpan } from "./usage-query.ts";
import { readUsageSearch } from "./usage-search.ts";

const now = new Date(2026, 10, 22, 12);
const local = (month: number, day: number): number => new Date(2026, month, day).getTime();

describe("a span", () => {
  it.each([
    ["this month", { range: "month" }, local(10, 1), now.getTime()],
    ["last month", { range: "lastMonth" }, local(9, 1), local(10, 1)],
    ["a day", { range: "24h" }, now.getTime() - 86_400_000, now.getTime()],
    ["an own one", { range: "24h", from: 5, to: 9 }, 5, 9],
  ] as const)("of %s", (_name, search, fromMs, toMs) => {
    expect(usageSpan(search, now)).toEqual({ fromMs, toMs });
  });
});

it("a question names groups and filters", () => {
  expect(usageParameters({ by: ["api", "model"], from: 1, to: 2, consumer: ["a,b", "c"] }, now)).toEqual({
    groupBy: "api,model",
    from: 1,
    to: 2,
    consumer: String.raw`a\,b,c`,
  });
});

it("an address is read, and what it cannot be left out", () => {
  expect(readUsageSearch({ by: ["model", "x"], range: "7d", api: ["a"], from: 3 })).toEqual({
    by: ["model"],
    range: "7d",
    api: ["a"],
  });
});

const row = (values: Partial<UsageRow>): UsageRow => ({
  labels: {},
  requests: 0,
  estimatedRequests: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  images: 0,
  seconds: 0,
  characters: 0,
  costUsd: 0,
  ...values,
});

it.each([
  ["cost", row({ costUsd: 1 }), row({ costUsd: 4, inputTokens: 9 }), 0.25],
  ["tokens", row({ inputTokens: 1, outputTokens: 1 }), row({ inputTokens: 4 }), 0.5],
  ["requests", row({ requests: 1 }), row({ requests: 2 }), 0.5],
] as const)("bars compare %s", (measure, part, total, share) => {
  expect(measureOf(total)).toBe(measure);
  expect(shareOf(part, total, measure)).toBe(share);
});
