// When calendar days, weeks, months and runs of days begin and end in a time zone, whatever its clocks do meanwhile.
// Pure; knows nothing of what is counted in them.

/** `days`: runs of so many days, the first of which began on day `fromDay`, counted from 1970-01-01. */
export type CalendarPeriod = "day" | "week" | "month" | { readonly days: number; readonly fromDay: number };

/** From `startMs` up to `endMs`, ms since 1970. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Clocks differ from UTC by less, and no change of a zone moves them by more than it at once from either side. */
const searchMs = 40 * hourMs;

/** The period that holds a moment. */
export function periodAt(period: CalendarPeriod, timeZone: string, wallMs: number): Span {
  const zone = zoneOf(timeZone);
  let first = firstDayOf(period, Math.floor(localMs(zone, wallMs) / dayMs));
  let startMs = dayStart(zone, first);
  // Where clocks go back over midnight a date comes twice: it begins with the first.
  while (startMs > wallMs) {
    first = firstDayOf(period, first - 1);
    startMs = dayStart(zone, first);
  }
  let next = nextFirstDay(period, first);
  let endMs = dayStart(zone, next);
  while (endMs <= wallMs) {
    startMs = endMs;
    next = nextFirstDay(period, next);
    endMs = dayStart(zone, next);
  }
  return { startMs, endMs };
}

/** Periods of whole zones, found once and kept until they end: finding one asks the runtime some sixty times. */
export class CalendarPeriods {
  readonly #spans = new Map<string, Span>();

  /** A clock that steps back within the period before stays in the period that has begun. */
  at(period: CalendarPeriod, timeZone: string, wallMs: number): Span {
    const key = typeof period === "string" ? period : `${period.days} ${period.fromDay}`;
    const name = `${key} ${timeZone}`;
    const kept = this.#spans.get(name);
    if (kept !== undefined && wallMs < kept.endMs && wallMs >= kept.startMs - (kept.endMs - kept.startMs))
      return kept;
    const span = periodAt(period, timeZone, wallMs);
    if (this.#spans.size >= maxKept) this.#spans.clear();
    this.#spans.set(name, span);
    return span;
  }
}

const maxKept = 5_000;

/** 1970-01-01 was a Thursday. */
const mondayOffset = 3;

function firstDayOf(period: CalendarPeriod, day: number): number {
  if (period === "day") return day;
  if (period === "week") return day - modulo(day + mondayOffset, 7);
  if (period === "month") {
    const date = new Date(day * dayMs);
    return day - (date.getUTCDate() - 1);
  }
  return day - modulo(day - period.fromDay, period.days);
}

function nextFirstDay(period: CalendarPeriod, first: number): number {
  if (period === "day") return first + 1;
  if (period === "week") return first + 7;
  if (period === "month") {
    const date = new Date(first * dayMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs;
  }
  return first + period.days;
}

/** The day of a date such as 2026-03-01, counted from 1970-01-01. */
export function dayOfDate(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** The first moment at which the zone's clocks show this day or a later one. */
function dayStart(zone: Zone, day: number): number {
  const known = zone.starts.get(day);
  if (known !== undefined) return known;
  const wanted = day * dayMs;
  let before = wanted - searchMs;
  let after = wanted + searchMs;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localMs(zone, middle) >= wanted) after = middle;
    else before = middle;
  }
  if (zone.starts.size >= maxKept) zone.starts.clear();
  zone.starts.set(day, after);
  return after;
}

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  readonly starts: Map<number, number>;
}

const zones = new Map<string, Zone>();

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const zone = { clock, starts: new Map<number, number>() };
  if (zones.size >= maxZones) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

const maxZones = 1_000;

/** What the zone's clocks show, as if it were UTC. */
function localMs({ clock }: Zone, wallMs: number): number {
  const shown = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of clock.formatToParts(wallMs)) {
    switch (type) {
      case "year":
      case "month":
      case "day":
      case "hour":
      case "minute":
      case "second":
        shown[type] = Number(value);
        break;
      default:
    }
  }
  const { year, month, day, hour, minute, second } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(wallMs, 1_000);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
