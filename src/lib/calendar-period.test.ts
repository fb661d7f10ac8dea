import { expect, test } from "vitest";
import { CalendarPeriods, dayOfDate, periodAt, type CalendarPeriod } from "./calendar-period.ts";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
const spanOf = (period: CalendarPeriod, zone: string, moment: string): [string, string] => {
  const { startMs, endMs } = periodAt(period, zone, at(moment));
  return [iso(startMs), iso(endMs)];
};
const days = (count: number, from = "1970-01-01"): CalendarPeriod => ({
  days: count,
  fromDay: dayOfDate(from),
});

test.each<[string, CalendarPeriod, string, string, [string, string]]>([
  ["a day in UTC", "day", "UTC", "2026-03-01T12:00:00Z", ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]],
  [
    "its first moment",
    "day",
    "UTC",
    "2026-03-01T00:00:00Z",
    ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"],
  ],
  [
    "its last moment",
    "day",
    "UTC",
    "2026-03-01T23:59:59.999Z",
    ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"],
  ],
  [
    "a day in Shanghai",
    "day",
    "Asia/Shanghai",
    "2026-03-01T15:59:59Z",
    ["2026-02-28T16:00:00Z", "2026-03-01T16:00:00Z"],
  ],
  [
    "the next one there",
    "day",
    "Asia/Shanghai",
    "2026-03-01T16:00:00Z",
    ["2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"],
  ],
  [
    "a month in Shanghai",
    "month",
    "Asia/Shanghai",
    "2026-01-31T16:00:00Z",
    ["2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z"],
  ],
  ["a leap month", "month", "UTC", "2028-02-29T12:00:00Z", ["2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"]],
  ["December", "month", "UTC", "2026-12-31T23:00:00Z", ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"]],
  [
    "a week begins on Monday",
    "week",
    "UTC",
    "2026-03-01T12:00:00Z",
    ["2026-02-23T00:00:00Z", "2026-03-02T00:00:00Z"],
  ],
  ["on a Monday", "week", "UTC", "2026-03-02T00:00:00Z", ["2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"]],
  [
    "a week before 1970",
    "week",
    "UTC",
    "1969-12-30T00:00:00Z",
    ["1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"],
  ],
  [
    "New York's day of 23 hours",
    "day",
    "America/New_York",
    "2026-03-08T12:00:00Z",
    ["2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"],
  ],
  [
    "New York's day of 25 hours",
    "day",
    "America/New_York",
    "2026-11-01T12:00:00Z",
    ["2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
  ],
  [
    "the hour there that comes twice",
    "day",
    "America/New_York",
    "2026-11-01T06:30:00Z",
    ["2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
  ],
  [
    "a month over a change of clocks",
    "month",
    "America/New_York",
    "2026-03-15T12:00:00Z",
    ["2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"],
  ],
  [
    "a week over a change of clocks",
    "week",
    "Europe/Berlin",
    "2026-03-29T12:00:00Z",
    ["2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"],
  ],
  [
    "a zone of half hours",
    "day",
    "Asia/Kolkata",
    "2026-03-01T18:30:00Z",
    ["2026-03-01T18:30:00Z", "2026-03-02T18:30:00Z"],
  ],
  [
    "a zone of three quarters",
    "day",
    "Asia/Kathmandu",
    "2026-03-01T18:14:00Z",
    ["2026-02-28T18:15:00Z", "2026-03-01T18:15:00Z"],
  ],
  [
    "clocks that go by half an hour, back",
    "day",
    "Australia/Lord_Howe",
    "2026-04-05T01:00:00Z",
    ["2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"],
  ],
  [
    "clocks that go by half an hour, on",
    "day",
    "Australia/Lord_Howe",
    "2026-10-04T01:00:00Z",
    ["2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"],
  ],
  [
    "the day before one that Apia skipped",
    "day",
    "Pacific/Apia",
    "2011-12-30T09:59:59Z",
    ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"],
  ],
  [
    "the day after one that Apia skipped",
    "day",
    "Pacific/Apia",
    "2011-12-30T10:00:00Z",
    ["2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
  ],
  [
    "Apia today",
    "day",
    "Pacific/Apia",
    "2026-03-01T11:00:00Z",
    ["2026-03-01T11:00:00Z", "2026-03-02T11:00:00Z"],
  ],
  [
    "a midnight that is skipped",
    "day",
    "America/Sao_Paulo",
    "2018-11-04T12:00:00Z",
    ["2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
  ],
  [
    "a midnight that comes twice",
    "day",
    "America/Sao_Paulo",
    "2018-02-18T02:30:00Z",
    ["2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"],
  ],
  [
    "a midnight that is skipped in Beirut",
    "day",
    "Asia/Beirut",
    "2026-03-29T10:00:00Z",
    ["2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"],
  ],
  [
    "30 days from 1970",
    days(30),
    "UTC",
    "1970-02-01T00:00:00Z",
    ["1970-01-31T00:00:00Z", "1970-03-02T00:00:00Z"],
  ],
  [
    "30 days from a date",
    days(30, "2026-03-10"),
    "UTC",
    "2026-03-10T00:00:00Z",
    ["2026-03-10T00:00:00Z", "2026-04-09T00:00:00Z"],
  ],
  [
    "before that date",
    days(30, "2026-03-10"),
    "UTC",
    "2026-03-09T23:00:00Z",
    ["2026-02-08T00:00:00Z", "2026-03-10T00:00:00Z"],
  ],
  [
    "10 days over a change of clocks",
    days(10, "2026-03-25"),
    "Europe/Berlin",
    "2026-03-30T00:00:00Z",
    ["2026-03-24T23:00:00Z", "2026-04-03T22:00:00Z"],
  ],
  [
    "one day at a time",
    days(1),
    "Asia/Shanghai",
    "2026-03-01T16:00:00Z",
    ["2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"],
  ],
])("%s", (...[, period, zone, moment, span]) => {
  expect(spanOf(period, zone, moment)).toEqual(span);
});

const zones = [
  "UTC",
  "Asia/Shanghai",
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "America/Sao_Paulo",
  "America/St_Johns",
  "America/Havana",
  "Africa/Casablanca",
  "Asia/Gaza",
  "Antarctica/Troll",
];

test.each(
  zones.flatMap((zone) =>
    (["day", "week", "month", days(7, "2011-12-28")] as const).map((p) => [zone, p] as const),
  ),
)("periods follow each other without gap or overlap: %s, %j", (zone, period) => {
  let { startMs, endMs } = periodAt(period, zone, at("2010-12-20T00:00:00Z"));
  const untilMs = at("2012-02-01T00:00:00Z");
  let seed = 7;
  while (endMs < untilMs) {
    expect(startMs).toBeLessThan(endMs);
    seed = (seed * 48_271) % 2_147_483_647;
    const inside = startMs + (seed % (endMs - startMs));
    for (const moment of [startMs, inside, endMs - 1])
      expect(periodAt(period, zone, moment)).toEqual({ startMs, endMs });
    const next = periodAt(period, zone, endMs);
    expect(next.startMs).toBe(endMs);
    ({ startMs, endMs } = next);
  }
});

test("a kept period holds until it ends, and while the clock steps back a little", () => {
  const periods = new CalendarPeriods();
  const first = periods.at("day", "UTC", at("2026-03-02T00:00:01Z"));
  expect(periods.at("day", "UTC", at("2026-03-02T23:59:59Z"))).toBe(first);
  expect(periods.at("day", "UTC", at("2026-03-01T23:59:59Z"))).toBe(first);
  expect(iso(periods.at("day", "UTC", at("2026-03-03T00:00:00Z")).startMs)).toBe("2026-03-03T00:00:00Z");
  expect(iso(periods.at("day", "UTC", at("2026-01-01T10:00:00Z")).startMs)).toBe("2026-01-01T00:00:00Z");
  expect(iso(periods.at("day", "Asia/Shanghai", at("2026-01-01T10:00:00Z")).startMs)).toBe(
    "2025-12-31T16:00:00Z",
  );
});
