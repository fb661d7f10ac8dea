// Which time a question about traffic covers, and in which columns. Pure.
import type { RollupLevel } from "./rollups/rollup-levels.ts";
import type { Buckets, TrafficWindow } from "./traffic-answers.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Columns of the chart; they begin at whole steps since 1970. */
const columns: Readonly<Record<TrafficWindow, { readonly stepMs: number; readonly count: number }>> = {
  "15m": { stepMs: minuteMs / 2, count: 30 },
  "1h": { stepMs: 2 * minuteMs, count: 30 },
  "6h": { stepMs: 10 * minuteMs, count: 36 },
  "24h": { stepMs: 30 * minuteMs, count: 48 },
  "7d": { stepMs: 4 * hourMs, count: 42 },
  "30d": { stepMs: 12 * hourMs, count: 60 },
};

export const trafficWindows: readonly TrafficWindow[] = ["15m", "1h", "6h", "24h", "7d", "30d"];

/** The cells of which each is made. */
export const windowLevels: Readonly<Record<TrafficWindow, RollupLevel>> = {
  "15m": "10s",
  "1h": "1m",
  "6h": "1m",
  "24h": "1m",
  "7d": "1h",
  "30d": "1h",
};

/** The columns of a window; the last one holds the moment. */
export function bucketsOf(window: TrafficWindow, nowMs: number): Buckets {
  const { stepMs, count } = columns[window];
  const endMs = (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { startMs: endMs - count * stepMs, stepMs, count };
}
