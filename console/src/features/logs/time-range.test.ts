// Spans of time: from the address and back, and where they lie.
import { describe, expect, test } from "vitest";
import { readLogSearch } from "./log-search.ts";
import { boundsOf, fromFieldTime, spanOf, spanSearch, toFieldTime, widerRange } from "./time-range.ts";

const now = Date.parse("2026-11-22T08:00:00Z");

describe("the span of an address", () => {
  test.each([
    ["none: an hour", {}, { fromMs: now - 3_600_000, toMs: now }],
    ["a relative one", { range: "7d" }, { fromMs: now - 7 * 86_400_000, toMs: now }],
    ["an unknown one: an hour", { range: "9y" }, { fromMs: now - 3_600_000, toMs: now }],
    ["an own one", { from: 1, to: 2, range: "7d" }, { fromMs: 1, toMs: 2 }],
    [
      "an own one the wrong way round is left out",
      { from: 2, to: 1 },
      { fromMs: now - 3_600_000, toMs: now },
    ],
  ])("%s", (_name, search, bounds) => {
    expect(boundsOf(spanOf(readLogSearch(search)), now)).toEqual(bounds);
  });

  test.each([
    ["the usual one leaves no trace", { range: "1h" }, {}],
    ["a relative one stays relative", { range: "24h" }, { range: "24h" }],
    ["an own one", { from: 1, to: 2 }, { from: 1, to: 2 }],
  ])("%s", (_name, search, expected) => {
    expect(JSON.parse(JSON.stringify(spanSearch(spanOf(search))))).toEqual(expected);
  });
});

test("a longer span is the next one", () => {
  expect(widerRange({ kind: "relative", range: "1h" }, now)).toBe("24h");
  expect(widerRange({ kind: "own", fromMs: now - 1_000, toMs: now }, now)).toBe("15m");
  expect(widerRange({ kind: "relative", range: "30d" }, now)).toBeUndefined();
});

test("a moment goes through the field and back", () => {
  expect(fromFieldTime(toFieldTime(now))).toBe(now);
  expect(fromFieldTime("")).toBeUndefined();
});

test("digits alone are a query and an id too", () => {
  expect(readLogSearch({ q: 500, log: 42 })).toEqual({ q: "500", log: "42" });
});
