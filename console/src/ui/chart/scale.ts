// Scales of a chart over time: round ticks at the left, times below. Pure.

/** The round number at or above: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  // A quotient that is round but for the last bit counts as round.
  return ([1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Round numbers from at or below the least to at or above the largest, about `most` steps apart. */
export function roundTicks(least: number, largest: number, most = 4): number[] {
  if (largest <= least) return least === 0 ? [0, 1] : roundTicks(Math.min(0, least), Math.max(0, largest));
  const step = roundUp((largest - least) / most);
  const first = Math.floor(least / step + 1e-9);
  const count = Math.ceil(largest / step - 1e-9) - first;
  // Whole numbers of steps, then one product each: no error adds up.
  return Array.from({ length: count + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The same for counts: from 0, in whole steps. */
export function countTicks(largest: number, most = 4): number[] {
  if (largest <= 0) return [0, 1];
  const step = Math.max(1, roundUp(largest / most));
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
}

/** `48k` from ten thousand on, else as it is. */
export function shortCount(value: number): string {
  if (value >= 1_000_000_000) return `${Number((value / 1_000_000_000).toFixed(1))}B`;
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(1))}M`;
  return value >= 10_000 ? `${Number((value / 1_000).toFixed(1))}k` : String(value);
}

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const steps = [
  10 * secondMs,
  30 * secondMs,
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  10 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
  48 * hourMs,
  96 * hourMs,
  168 * hourMs,
];

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Round local times within a span, at most `most` of them. @param offsetMs local time minus UTC */
export function timeTicks({ startMs, endMs }: Span, most: number, offsetMs: number): number[] {
  const step = steps.find((each) => (endMs - startMs) / each <= most) ?? 168 * hourMs;
  const ticks: number[] = [];
  const first = Math.ceil((startMs + offsetMs) / step) * step - offsetMs;
  for (let at = first; at <= endMs; at += step) ticks.push(at);
  return ticks;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Longer than a day: the day; under five minutes: with seconds; else hours and minutes. */
export function tickText(
  ms: number,
  { startMs, endMs }: Span,
  language: "en" | "zh",
  offsetMs: number,
): string {
  const time = new Date(ms + offsetMs);
  const [month, day] = [time.getUTCMonth(), time.getUTCDate()];
  if (endMs - startMs > 36 * hourMs)
    return language === "zh" ? `${month + 1} 月 ${day} 日` : `${day} ${months[month] ?? ""}`;
  const clock = time.toISOString().slice(11, 19);
  return endMs - startMs < 5 * minuteMs ? clock : clock.slice(0, 5);
}

/** Local time minus UTC at a moment; 0 where UTC is shown. */
export function offsetOf(ms: number, isUtc: boolean): number {
  return isUtc ? 0 : -new Date(ms).getTimezoneOffset() * minuteMs;
}

/** Day where it is another than that of the end, then hours, minutes, and seconds where columns are that fine. */
export function momentText(
  ms: number,
  { endMs, stepMs }: { readonly endMs: number; readonly stepMs: number },
  language: "en" | "zh",
  offsetMs: number,
): string {
  const time = new Date(ms + offsetMs);
  const clock = time.toISOString().slice(11, stepMs % minuteMs === 0 ? 16 : 19);
  if (time.toISOString().slice(0, 10) === new Date(endMs + offsetMs).toISOString().slice(0, 10)) return clock;
  const [month, day] = [time.getUTCMonth(), time.getUTCDate()];
  return language === "zh" ? `${month + 1} 月 ${day} 日 ${clock}` : `${day} ${months[month] ?? ""} ${clock}`;
}
