// What an alert would have done on past data: the series in columns as long as its window, and when it would have fired.
// Pure; the columns do not overlap, so that a firing may begin up to a window later than it would have.
import { metrics } from "../../core/metric-names.ts";
import type { MetricsAnswer, MetricsQuery } from "../../telemetry/metrics-answers.ts";
import type { AlertPreviewAnswer } from "./alert-answers.ts";
import { measured, nextStanding, selectionOf, windowMsOf } from "./alert-rule.ts";
import type { AlertRule, AlertStanding } from "./alert-rule.ts";

/** Windows that fit into a chart. */
export const maxPreviewColumns = 2_000;

export function previewQuery(rule: AlertRule, fromMs: number, toMs: number): MetricsQuery {
  return { fromMs, toMs, stepMs: windowMsOf(rule), filters: [], selections: [selectionOf(rule)] };
}

export function previewOf(rule: AlertRule, answer: MetricsAnswer): AlertPreviewAnswer {
  const { startMs, stepMs, columns, complete } = answer;
  const known = answer.metrics[0]?.series[0]?.values;
  const values = Array.from({ length: columns }, (_, column) => measured(rule.metric, known?.[column]));
  const firings: { fromMs: number; toMs: number | null }[] = [];
  let standing: AlertStanding | undefined;
  for (const [column, value] of values.entries()) {
    const atMs = startMs + (column + 1) * stepMs;
    const next = nextStanding(standing, rule, value, atMs);
    const last = firings.at(-1);
    if (next.state === "firing" && standing?.state !== "firing") firings.push({ fromMs: atMs, toMs: null });
    else if (next.state !== "firing" && standing?.state === "firing" && last !== undefined) last.toMs = atMs;
    standing = next;
  }
  const { unit } = metrics[rule.metric];
  return { unit, startMs, stepMs, values, threshold: rule.threshold, firings, complete };
}
