// What an alert looks at, and how it goes from one state to the next. Pure: knows no clock, no thread and no webhook.
import { metrics } from "../../core/metric-names.ts";
import type { ResourceValue } from "../../resources/registry.ts";
import type { MetricFilter, MetricSelection } from "../../telemetry/metrics-answers.ts";

export type Alert = ResourceValue["alerts"];

/** What of an alert decides whether it fires. */
export type AlertRule = Pick<Alert, "metric" | "filter" | "op" | "threshold" | "forSeconds">;

/** How an alert stands, as it is kept over restarts. */
export interface AlertStanding {
  readonly state: "ok" | "pending" | "firing";
  /** Since when it is in this state, milliseconds since 1970. */
  readonly sinceMs: number;
}

const minuteMs = 60_000;

/** What is looked at: `forSeconds`, a minute at least, in whole minutes as roll-ups of older times have them. */
export function windowMsOf({ forSeconds }: Pick<AlertRule, "forSeconds">): number {
  return Math.max(1, Math.ceil(forSeconds / 60)) * minuteMs;
}

/** A sum over the window is due at once; anything else must compare so for as long. */
export function holdMsOf({ metric, forSeconds }: Pick<AlertRule, "metric" | "forSeconds">): number {
  return metrics[metric].making === "sum" ? 0 : forSeconds * 1_000;
}

export function selectionOf({ metric, filter }: Pick<AlertRule, "metric" | "filter">): MetricSelection {
  const filters = Object.entries(filter).flatMap(([name, value]): MetricFilter[] => {
    // The schema of alerts has these names and no others.
    const dimension = name as MetricFilter["dimension"];
    return value === undefined ? [] : [{ dimension, not: false, values: [patternOf(dimension, value)] }];
  });
  return { name: metric, groupBy: [], top: 1, filters };
}

/** A status may be told by its class. */
export function patternOf(dimension: MetricFilter["dimension"], value: string): string {
  return dimension === "status" && /^[1-5]xx$/u.test(value) ? `${value.charAt(0)}??` : value;
}

/** What a metric is when nothing was measured: nothing adds up to 0, and a share of nothing is unknown. */
export function measured(metric: AlertRule["metric"], value: number | null | undefined): number | null {
  const { making } = metrics[metric];
  return value ?? (making === "sum" || making === "rate" ? 0 : null);
}

/** Unknown is never a reason to fire. */
export function breaches(
  { op, threshold }: Pick<AlertRule, "op" | "threshold">,
  value: number | null,
): boolean {
  if (value === null) return false;
  switch (op) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
  }
}

/** How an alert stands after one more look. The same object when nothing has changed. */
export function nextStanding(
  before: AlertStanding | undefined,
  rule: AlertRule,
  value: number | null,
  nowMs: number,
): AlertStanding {
  if (!breaches(rule, value)) {
    return before?.state === "ok" ? before : { state: "ok", sinceMs: nowMs };
  }
  if (before?.state === "firing") return before;
  const pendingSinceMs = before?.state === "pending" ? before.sinceMs : nowMs;
  if (nowMs - pendingSinceMs >= holdMsOf(rule)) return { state: "firing", sinceMs: nowMs };
  return before?.state === "pending" ? before : { state: "pending", sinceMs: nowMs };
}
