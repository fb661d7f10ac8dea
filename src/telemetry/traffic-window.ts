// Which time a question about traffic covers, and in which columns. Pure.
import type { Buckets, TrafficWindow } from "./traffic-answers.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Columns of the chart; they begin at whole steps since 1970. */
const columns: Readonly<Record<TrafficWindow, { readonly stepMs: number; readonly count: number }>> = {
  "1h": { stepMs: 2 * minuteMs, count: 30 },
  "24h": { stepMs: 30 * minuteMs, count: 48 },
  "7d": { stepMs: 4 * hourMs, count: 42 },
};

export const trafficWindows: readonly TrafficWindow[] = ["1h", "24h", "7d"];

/** The columns of a window; the last one holds the moment. */
export function bucketsOf(window: TrafficWindow, nowMs: number): Buckets {
  const { stepMs, count } = columns[window];
  const endMs = (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { startMs: endMs - count * stepMs, stepMs, count };
}
