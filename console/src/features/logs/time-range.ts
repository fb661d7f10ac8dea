// Spans of time of the log explorer: relative ones, which move with the clock, and own ones, which stay. Pure.
import type { LogSearch } from "./log-search.ts";

export const ranges = ["15m", "1h", "24h", "7d", "30d"] as const;
export type Range = (typeof ranges)[number];

const minute = 60_000;
const lengths: Readonly<Record<Range, number>> = {
  "15m": 15 * minute,
  "1h": 60 * minute,
  "24h": 24 * 60 * minute,
  "7d": 7 * 24 * 60 * minute,
  "30d": 30 * 24 * 60 * minute,
};

export type Span =
  | { readonly kind: "relative"; readonly range: Range }
  | { readonly kind: "own"; readonly fromMs: number; readonly toMs: number };

export const defaultRange: Range = "1h";

export function spanOf({ range, from, to }: LogSearch): Span {
  if (from !== undefined && to !== undefined) return { kind: "own", fromMs: from, toMs: to };
  return { kind: "relative", range: ranges.find((each) => each === range) ?? defaultRange };
}

/** The part of an address that stands for a span. */
export function spanSearch(span: Span): Pick<LogSearch, "range" | "from" | "to"> {
  if (span.kind === "own") return { range: undefined, from: span.fromMs, to: span.toMs };
  return {
    range: span.range === defaultRange ? undefined : span.range,
    from: undefined,
    to: undefined,
  };
}

export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where a span lies now. */
export function boundsOf(span: Span, nowMs: number): Bounds {
  if (span.kind === "own") return { fromMs: span.fromMs, toMs: span.toMs };
  return { fromMs: nowMs - lengths[span.range], toMs: nowMs };
}

/** The next longer span; undefined for the longest. */
export function widerRange(span: Span, nowMs: number): Range | undefined {
  const { fromMs } = boundsOf(span, nowMs);
  return ranges.find((range) => lengths[range] > nowMs - fromMs);
}

/** A moment as a field for local date and time takes it: `2026-11-22T08:15:30`. */
export function toFieldTime(ms: number): string {
  const time = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** Milliseconds since 1970; undefined for what is no time. */
export function fromFieldTime(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}
