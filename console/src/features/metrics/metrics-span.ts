// The time that the metrics show: relative ones move with the clock, own ones stay. Pure.
import type { MetricsRange, MetricsSearch } from "./metrics-search.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const rangeMs: Readonly<Record<MetricsRange, number>> = {
  "15m": 15 * minuteMs,
  "1h": hourMs,
  "6h": 6 * hourMs,
  "24h": 24 * hourMs,
  "7d": 7 * 24 * hourMs,
  "30d": 30 * 24 * hourMs,
};

export const usualRange: MetricsRange = "1h";

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param nowMs end of a relative span */
export function spanOf({ from, to, range = usualRange }: MetricsSearch, nowMs: number): TimeSpan {
  if (from !== undefined && to !== undefined) return { fromMs: from, toMs: to };
  return { fromMs: nowMs - rangeMs[range], toMs: nowMs };
}

/** As long, and just before. */
export function previousSpan({ fromMs, toMs }: TimeSpan): TimeSpan {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

/** A moment as a field for local date and time takes it. @param offsetMs of the shown time from UTC */
export function fieldTime(ms: number, offsetMs: number): string {
  return new Date(ms + offsetMs).toISOString().slice(0, 19);
}

/** Milliseconds since 1970; undefined for what is no time. @param offsetOf of the shown time from UTC, at a moment */
export function readFieldTime(text: string, offsetOf: (ms: number) => number): number | undefined {
  const shown = Date.parse(`${text}${text.length === 16 ? ":00" : ""}Z`);
  return Number.isFinite(shown) ? shown - offsetOf(shown) : undefined;
}
