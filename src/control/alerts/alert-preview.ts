// What an alert would have done on past data: the series in columns as long as its window, and when it would have fired.
// Pure; the columns do not overlap, so that a firing may begin up to a window later than it would have. Of times of which
// hours alone are kept the columns are longer; what adds up is then told for a window on average.
import { maxMetricColumns, metrics } from "../../core/metric-names.ts";
import type { MetricsAnswer, MetricsQuery } from "../../telemetry/metrics-answers.ts";
import type { AlertPreviewAnswer } from "./alert-answers.ts";
import { measured, nextStanding, selectionOf, windowMsOf } from "./alert-rule.ts";
import type { AlertRule, AlertStanding } from "./alert-rule.ts";

const hourMs = 3_600_000;
/** Further back minutes are not asked for. */
const minutesSpanMs = 48 * hourMs;

/** How far back a rule can be tried in columns of its window: what an answer has room for, and is kept so finely. */
export function longestSpanMs(rule: AlertRule): number {
  const windowMs = windowMsOf(rule);
  const roomMs = maxMetricColumns * windowMs;
  return windowMs % hourMs === 0 ? roomMs : Math.min(roomMs, minutesSpanMs);
}

export function previewQuery(rule: AlertRule, fromMs: number, toMs: number): MetricsQuery {
  return { fromMs, toMs, stepMs: windowMsOf(rule), filters: [], selections: [selectionOf(rule)] };
}

export function previewOf(rule: AlertRule, answer: MetricsAnswer): AlertPreviewAnswer {
  const { startMs, stepMs, columns, complete } = answer;
  const known = answer.metrics[0]?.series[0]?.values;
  const addsUp = metrics[rule.metric].making === "sum";
  const part = addsUp ? windowMsOf(rule) / stepMs : 1;
  const values = Array.from({ length: columns }, (_, column) => {
    const value = measured(rule.metric, known?.[column]);
    return value === null ? null : value * part;
  });
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
