import { afterEach, describe, expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);

describe("retryAfterMs", () => {
  test.each([
    ["seconds", "120", 120_000],
    ["no seconds", "0", 0],
    ["fractions, as some services send them", "0.25", 250],
    ["spaces around", " 3 ", 3_000],
    ["a leading zero", "007", 7_000],
    ["far too many seconds", "9".repeat(400), Infinity],
    ["a date", "Sun, 06 Nov 1994 08:49:37 GMT", 7_000],
    ["a date in the obsolete long form", "Sunday, 06-Nov-94 08:49:37 GMT", 7_000],
    ["a date in C's form, which is UTC", "Sun Nov  6 08:49:37 1994", 7_000],
    ["a date that has passed", "Sun, 06 Nov 1994 08:49:00 GMT", 0],
  ])("reads %s", (_, value, expected) => {
    expect(retryAfterMs(value, nowMs)).toBe(expected);
  });

  test.each([
    ["an absent header", ""],
    ["spaces", "  "],
    ["a word", "soon"],
    ["a negative number", "-5"],
    ["a sign", "+5"],
    ["a unit", "5s"],
    ["a list", "5, 6"],
    ["an exponent", "1e3"],
    ["hexadecimal", "0x10"],
    ["a year and month", "1994-11"],
    ["a day that does not exist", "Sun, 36 Nov 1994 08:49:37 GMT"],
    ["words and a number", "in 5"],
  ])("makes nothing of %s", (_, value) => {
    expect(retryAfterMs(value, nowMs)).toBeUndefined();
  });
});

describe("in another time zone", () => {
  const zone = process.env["TZ"];

  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  test("every form of a date is UTC", () => {
    process.env["TZ"] = "America/New_York";
    expect(new Date(nowMs).getTimezoneOffset()).not.toBe(0);
    expect(retryAfterMs("Sun Nov  6 08:49:37 1994", nowMs)).toBe(7_000);
    expect(retryAfterMs("Sun, 06 Nov 1994 08:49:37 GMT", nowMs)).toBe(7_000);
  });
});
