// What an alert would have done on past data.
import { expect, test } from "vitest";
import type { MetricsAnswer } from "../../telemetry/metrics-answers.ts";
import { longestSpanMs, previewOf, previewQuery } from "./alert-preview.ts";
import type { AlertRule } from "./alert-rule.ts";

const rule: AlertRule = {
  metric: "error_rate",
  filter: { api: "chat" },
  op: ">",
  threshold: 0.5,
  forSeconds: 120,
};

function answer(values: readonly (number | null)[]): MetricsAnswer {
  const series = values.length === 0 ? [] : [{ labels: {}, other: false, values, total: null }];
  const metrics = [{ name: "error_rate" as const, unit: "share" as const, groupBy: [], series }];
  const columns = values.length === 0 ? 2 : values.length;
  return { startMs: 0, stepMs: 120_000, columns, metrics, complete: true, since: null, tookMs: 0 };
}

test("it asks for columns as long as what the alert looks at", () => {
  expect(previewQuery(rule, 0, 600_000)).toEqual({
    fromMs: 0,
    toMs: 600_000,
    stepMs: 120_000,
    filters: [],
    selections: [
      {
        name: "error_rate",
        groupBy: [],
        top: 1,
        filters: [{ dimension: "api", not: false, values: ["chat"] }],
      },
    ],
  });
});

test.each([
  [0, 25],
  [120, 48],
  [3_600, 1_500],
  [5_400, 48],
])("for %i seconds it reaches %i hours back", (forSeconds, hours) => {
  expect(longestSpanMs({ ...rule, forSeconds })).toBe(hours * 3_600_000);
});

test("where columns are longer, what adds up is told for a window on average", () => {
  const sum: AlertRule = { ...rule, metric: "failed", forSeconds: 0, threshold: 4 };
  expect(previewOf(sum, answer([6, 10, null])).values).toEqual([3, 5, 0]);
  expect(previewOf(rule, answer([0.6, null])).values).toEqual([0.6, null]);
});

test.each<[string, readonly (number | null)[], readonly unknown[]]>([
  ["nothing was measured", [], []],
  ["it stays below", [0.5, 0, null], []],
  ["it exceeds once, which is not long enough", [0, 0.9, 0], []],
  ["it exceeds for long and ends", [0, 0.9, 0.9, 0.9, 0], [{ fromMs: 360_000, toMs: 600_000 }]],
  ["it exceeds to the end", [0.9, 0.9], [{ fromMs: 240_000, toMs: null }]],
])("%s", (_name, values, firings) => {
  expect(previewOf(rule, answer(values)).firings).toEqual(firings);
});
