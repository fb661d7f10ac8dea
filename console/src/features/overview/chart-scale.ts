// Scales of a chart over time: round ticks at the left, times below. Pure.

/** Round numbers from 0 to above the largest, at most `most` steps apart. */
export function countTicks(largest: number, most = 4): number[] {
  if (largest <= 0) return [0, 1];
  const rough = largest / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
}

/** `48k` from ten thousand on, else as it is. */
export function shortCount(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(1))}M`;
  return value >= 10_000 ? `${Number((value / 1_000).toFixed(1))}k` : String(value);
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const steps = [
  10 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  24 * hourMs,
  48 * hourMs,
];

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Round local times within a span, at most `most` of them. @param offsetMs local time minus UTC */
export function timeTicks({ startMs, endMs }: Span, most: number, offsetMs: number): number[] {
  const step = steps.find((each) => (endMs - startMs) / each <= most) ?? 48 * hourMs;
  const ticks: number[] = [];
  const first = Math.ceil((startMs + offsetMs) / step) * step - offsetMs;
  for (let at = first; at <= endMs; at += step) ticks.push(at);
  return ticks;
}

/** Longer than a day: the day; else the hour. */
export function tickText(ms: number, { startMs, endMs }: Span, language: "en" | "zh"): string {
  const time = new Date(ms);
  if (endMs - startMs > 36 * hourMs) {
    return language === "zh"
      ? `${time.getMonth() + 1} 月 ${time.getDate()} 日`
      : `${time.getDate()} ${time.toLocaleString("en", { month: "short" })}`;
  }
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}
