// What questions about metrics and usage mean, from an address and from a body, and how wrong ones are refused.
import { describe, expect, test } from "vitest";
import { readMetricsBody, readMetricsQuery, readUsageQuery } from "./metrics-query-text.ts";
import type { QueryLists } from "./query-text.ts";

const nowMs = Date.UTC(2026, 10, 22, 8);
const hourMs = 3_600_000;

function listsOf(text: string): QueryLists {
  const lists = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) lists.set(name, [...(lists.get(name) ?? []), value]);
  return lists;
}

const lastHour = { fromMs: nowMs - hourMs, toMs: nowMs, stepMs: null };

describe("a question in an address", () => {
  test("is about the last hour, as one series", () => {
    expect(readMetricsQuery(listsOf("name=requests"), nowMs)).toEqual({
      ...lastHour,
      filters: [],
      selections: [{ name: "requests", groupBy: [], top: 20, filters: [] }],
    });
  });

  test("takes several names, two dimensions, span, step, top and filters", () => {
    const text =
      "name=requests,cost_usd&name=ttft_p95&groupBy=api,model&from=0&to=86400000&step=5m&top=5&api=a,b&status=!5xx,200&stream=true";
    const shared = { groupBy: ["api", "model"], top: 5, filters: [] };
    expect(readMetricsQuery(listsOf(text), nowMs)).toEqual({
      fromMs: 0,
      toMs: 86_400_000,
      stepMs: 300_000,
      filters: [
        { dimension: "api", not: false, values: ["a", "b"] },
        { dimension: "stream", not: false, values: ["true"] },
        { dimension: "status", not: false, values: ["200"] },
        { dimension: "status", not: true, values: ["5??"] },
      ],
      selections: [
        { name: "requests", ...shared },
        { name: "cost_usd", ...shared },
        { name: "ttft_p95", ...shared },
      ],
    });
  });

  test.each([
    ["10", 10_000],
    ["30s", 30_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ])("knows a step of %s", (step, stepMs) => {
    expect(readMetricsQuery(listsOf(`name=requests&step=${step}&from=0&to=86400`), nowMs).stepMs).toBe(
      stepMs,
    );
  });

  test.each([
    ["no name", "", "name is required"],
    ["an unknown metric", "name=request", 'did you mean "requests"?'],
    ["an unknown dimension", "name=requests&groupBy=apis", 'did you mean "api"?'],
    ["three dimensions", "name=requests&groupBy=api,model,route", "groupBy takes at most two"],
    ["a step between slots", "name=requests&step=15", "step must be a multiple of 10 seconds"],
    ["no step", "name=requests&step=0", "step must be"],
    ["a step that is none", "name=requests&step=fast", "step must be"],
    ["too many columns", "name=requests&from=0&to=86400000&step=10", "makes more than 1500 columns"],
    [
      "a dimension of others",
      "name=requests&reason=timeout",
      "reason is a dimension of attempts and fallbacks",
    ],
    ["one of others among its own", "name=attempts,requests&groupBy=reason", "not of requests"],
    ["no series", "name=requests&top=0", "top must be"],
    ["too many series", "name=requests&top=101", "top must be"],
    ["an end before the beginning", "name=requests&from=2&to=2", "from must be before to"],
    ["a moment that is none", "name=requests&from=soon", "from must be a moment"],
  ])("refuses %s", (_name, text, message) => {
    expect(() => readMetricsQuery(listsOf(text), nowMs)).toThrow(message);
  });
});

describe("a question in a body", () => {
  test("is about a page of metrics", () => {
    const body = {
      from: "2026-11-22T07:00:00Z",
      to: nowMs,
      step: 60,
      filters: { api: "chat" },
      queries: [
        { name: "requests" },
        { name: "attempts", groupBy: ["reason"], top: 3, filters: { reason: ["!", "!timeout"] } },
      ],
    };
    expect(readMetricsBody(body, nowMs)).toEqual({
      fromMs: nowMs - hourMs,
      toMs: nowMs,
      stepMs: 60_000,
      filters: [{ dimension: "api", not: false, values: ["chat"] }],
      selections: [
        { name: "requests", groupBy: [], top: 20, filters: [] },
        {
          name: "attempts",
          groupBy: ["reason"],
          top: 3,
          filters: [{ dimension: "reason", not: true, values: ["", "timeout"] }],
        },
      ],
    });
  });

  test("may leave everything out but its metrics", () => {
    expect(readMetricsBody({ queries: [{ name: "requests" }] }, nowMs)).toMatchObject(lastHour);
  });

  test.each<[string, object, string]>([
    ["nothing", {}, "queries is required"],
    ["no metrics", { queries: [] }, "queries must have at least 1 item"],
    [
      "too many metrics",
      { queries: Array.from({ length: 41 }, () => ({ name: "requests" })) },
      "at most 40 items",
    ],
    ["an unknown metric", { queries: [{ name: "requets" }] }, "queries[0].name must be one of"],
    [
      "an unknown dimension",
      { queries: [{ name: "requests", groupBy: ["x"] }] },
      "queries[0].groupBy must be",
    ],
    ["an unknown filter", { filters: { apis: "a" }, queries: [{ name: "requests" }] }, 'did you mean "api"?'],
    ["an unknown field", { query: [], queries: [{ name: "requests" }] }, 'unknown field "query"'],
    [
      "a filter that is no text",
      { queries: [{ name: "requests", filters: { api: 1 } }] },
      "queries[0].filters.api",
    ],
  ])("refuses %s", (_name, body, message) => {
    expect(() => readMetricsBody({ ...body }, nowMs)).toThrow(message);
  });
});

describe("a question about usage", () => {
  test.each([
    ["", ["api"]],
    ["groupBy=model,consumer", ["model", "consumer"]],
    ["groupBy=", []],
  ])("%j has rows by %j, of 30 days", (text, groupBy) => {
    expect(readUsageQuery(listsOf(text), nowMs)).toEqual({
      fromMs: nowMs - 720 * hourMs,
      toMs: nowMs,
      groupBy,
      filters: [],
    });
  });

  test("takes no reason", () => {
    expect(() => readUsageQuery(listsOf("reason=timeout"), nowMs)).toThrow("not of usage");
  });

  test("takes no dimension that nobody pays for", () => {
    expect(() => readUsageQuery(listsOf("groupBy=status"), nowMs)).toThrow("groupBy must be one of");
  });
});
