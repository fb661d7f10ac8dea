// Which columns an answer has, and by which cells it is made: fine ones where they are kept, few enough to be drawn.
// Pure.
import { maxMetricColumns } from "../../core/metric-names.ts";
import type { Span } from "./part-source.ts";
import { finestKeptMs, levelMs, type RollupLevel } from "./rollup-levels.ts";

const minuteMs = levelMs["1m"];
const hourMs = levelMs["1h"];
const dayMs = 24 * hourMs;

const steps: readonly number[] = [
  levelMs["10s"],
  minuteMs / 2,
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
];

const usualColumns = 300;
/** What is longer is made of hours. */
const maxMinutesMs = 2 * dayMs;

export interface Columns {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly level: RollupLevel;
}

/** What is kept how finely. */
export interface Kept {
  readonly nowMs: number;
  /** Before this moment there are hours alone. */
  readonly minutesSinceMs: number;
}

export function columnsOf(
  {
    fromMs,
    toMs,
    stepMs,
  }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number | null },
  kept: Kept,
): Columns {
  const spanMs = Math.max(toMs - fromMs, levelMs["10s"]);
  const finest = levelMs[levelOf(fromMs, spanMs, kept)];
  const wanted = Math.max(stepMs ?? 0, finest);
  const most = stepMs === null ? usualColumns : maxMetricColumns;
  // A step must hold whole cells.
  const asked = stepMs !== null && wanted % finest === 0 && spanMs / wanted <= most ? wanted : null;
  const step =
    asked ?? steps.find((one) => one >= wanted && spanMs / one <= usualColumns) ?? wholeDays(spanMs);
  const startMs = Math.floor(fromMs / step) * step;
  const endMs = Math.max(Math.ceil(toMs / step) * step, startMs + step);
  const count = (endMs - startMs) / step;
  return { startMs, stepMs: step, count, level: coarsest(step, finest) };
}

export function levelOf(fromMs: number, spanMs: number, { nowMs, minutesSinceMs }: Kept): RollupLevel {
  if (spanMs > maxMinutesMs || fromMs < minutesSinceMs) return "1h";
  return fromMs < nowMs - finestKeptMs + minuteMs ? "1m" : "10s";
}

export function spanOf({ startMs, stepMs, count }: Columns): Span {
  return { fromMs: startMs, toMs: startMs + count * stepMs };
}

function wholeDays(spanMs: number): number {
  return Math.ceil(spanMs / usualColumns / dayMs) * dayMs;
}

/** The coarsest cells of which a step is made; hours are kept for all, minutes only where hours would not do. */
function coarsest(stepMs: number, finestMs: number): RollupLevel {
  const fitting = (["1h", "1m", "10s"] as const).find(
    (level) => stepMs % levelMs[level] === 0 && levelMs[level] >= finestMs,
  );
  return fitting ?? "10s";
}
