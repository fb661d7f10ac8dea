// What filters of an address mean, field by field, and how wrong ones are refused.
import { describe, expect, test } from "vitest";
import { writeCursor } from "./cursor-text.ts";
import { readExportQuery, readLogQuery, readTailFilters } from "./log-query-text.ts";
import type { QueryLists } from "./query-text.ts";

function listsOf(text: string): QueryLists {
  const lists = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) lists.set(name, [...(lists.get(name) ?? []), value]);
  return lists;
}

const text = (field: string, values: readonly string[], not = false) => ({
  field,
  kind: "text",
  not,
  values,
});
const number = (
  field: string,
  ranges: readonly (readonly [number | null, number | null])[],
  not = false,
) => ({
  field,
  kind: "number",
  not,
  ranges,
});

describe("a filter", () => {
  test.each<[string, string, readonly unknown[]]>([
    ["a text", "api=chat", [text("api", ["chat"])]],
    ["a pattern", "model=qwen-*", [text("model", ["qwen-*"])]],
    ["several texts with commas", "api=a,b", [text("api", ["a", "b"])]],
    ["several texts by repetition", "api=a&api=b", [text("api", ["a", "b"])]],
    ["not a text", "consumer=!load-test", [text("consumer", ["load-test"], true)]],
    [
      "some and not others",
      "consumer=app-*,!app-2",
      [text("consumer", ["app-*"]), text("consumer", ["app-2"], true)],
    ],
    ["no text at all", "errorCode=", [text("errorCode", [""])]],
    ["any text", "errorCode=!", [text("errorCode", [""], true)]],
    ["a comma in a text", String.raw`path=/a\,b`, [text("path", ["/a,b"])]],
    ["a mark in a text", String.raw`consumer=\!a,b!`, [text("consumer", ["!a", "b!"])]],
    ["a backslash in a text", String.raw`consumer=a\\,b\c`, [text("consumer", ["a\\", String.raw`b\c`])]],
    ["a status", "status=429", [number("status", [[429, 429]])]],
    ["a class", "status=5xx", [number("status", [[500, 599]])]],
    ["not a class", "status=!2xx", [number("status", [[200, 299]], true)]],
    [
      "several of a number",
      "status=429,5xx",
      [
        number("status", [
          [429, 429],
          [500, 599],
        ]),
      ],
    ],
    ["a range", "status=400..499", [number("status", [[400, 499]])]],
    ["an open range", "attempts=2..", [number("attempts", [[2, null]])]],
    ["the other open range", "ttftMs=..100", [number("ttftMs", [[null, 100]])]],
    ["at least", "costUsd=>=0.01", [number("costUsd", [[0.01, null]])]],
    ["at most", "durationMs=<=5", [number("durationMs", [[null, 5]])]],
    ["more than", "ttftMs=>2000", [number("ttftMs", [[2000.0000000000002, null]])]],
    ["more than nothing", "costUsd=>0", [number("costUsd", [[Number.MIN_VALUE, null]])]],
    ["less than", "ttftMs=<1", [number("ttftMs", [[null, 0.9999999999999999]])]],
    ["a flag", "stream=true", [{ field: "stream", kind: "flag", value: true }]],
    ["a flag that is off", "fallback=false", [{ field: "fallback", kind: "flag", value: false }]],
  ])("%s", (_name, query, filters) => {
    expect(readLogQuery(listsOf(query)).filters).toEqual(filters);
    expect(readTailFilters(listsOf(query))).toEqual(filters);
  });

  test.each<[string, string, string]>([
    ["a number that is none", "status=abc", "status must be a number or a range"],
    ["a class of milliseconds", "ttftMs=5xx", "ttftMs must be a number or a range"],
    ["a range turned round", "status=5..4", "status must be"],
    ["a range without bounds", "status=..", "status must be"],
    ["a number in hex", "status=0x10", "status must be"],
    ["a flag that is none", "stream=yes", "stream must be true or false"],
    ["a flag twice", "stream=true,false", "stream takes one value"],
    ["too many values", `api=${",".repeat(200)}`, "api takes at most 200 values"],
    ["a value too long", `api=${"a".repeat(1_025)}`, "api takes values of at most 1024 characters"],
  ])("refuses %s", (_name, query, message) => {
    expect(() => readLogQuery(listsOf(query))).toThrow(message);
  });
});

describe("a list", () => {
  test("has a hundred rows of all times by default", () => {
    expect(readLogQuery(listsOf(""))).toEqual({
      fromMs: null,
      toMs: null,
      filters: [],
      search: null,
      limit: 100,
      cursor: null,
      facets: [],
      histogramColumns: 0,
    });
  });

  test("takes span, words, page, facets and columns", () => {
    const query =
      "from=2026-11-22T08:00:00%2B08:00&to=1795392000000&search=%22two+words%22&limit=500&facets=api,status,api&histogram=60";
    expect(readLogQuery(listsOf(`${query}&cursor=${writeCursor("a place, ✓")}`))).toMatchObject({
      fromMs: Date.UTC(2026, 10, 22),
      toMs: 1795392000000,
      search: '"two words"',
      limit: 500,
      cursor: "a place, ✓",
      facets: ["api", "status"],
      histogramColumns: 60,
    });
  });

  test("takes a day for its beginning", () => {
    expect(readLogQuery(listsOf("from=2026-11-22"))).toMatchObject({ fromMs: Date.UTC(2026, 10, 22) });
  });

  test.each<[string, string, string]>([
    ["a moment without a zone", "from=2026-11-22T08:00:00", "from must be a moment"],
    ["a day that is none", "to=2026-13-40", "to must be a moment"],
    ["a word", "from=yesterday", "from must be a moment"],
    ["an end before the beginning", "from=2&to=1", "from must be before to"],
    ["two limits", "limit=1&limit=2", "limit is given twice"],
    ["no rows", "limit=0", "limit must be"],
    ["too many rows", "limit=501", "limit must be"],
    ["half a row", "limit=1.5", "limit must be"],
    ["a cursor that nobody gave", "cursor=abc", "cursor is not one that this list gave"],
    ["a cursor with another end", `cursor=${writeCursor("place")}A`, "cursor is not one"],
    ["no cursor", "cursor=", "cursor is not one"],
    ["an unknown facet", "facets=stats", "facets must be one of"],
    ["a facet of what hardly repeats", "facets=requestId", "facets must be one of"],
    ["no columns", "histogram=0", "histogram must be"],
    ["too many columns", "histogram=501", "histogram must be"],
    ["two searches", "search=a&search=b", "search is given twice"],
    ["too long a search", `search=${"a".repeat(1_001)}`, "search takes at most"],
  ])("refuses %s", (_name, query, message) => {
    expect(() => readLogQuery(listsOf(query))).toThrow(message);
  });

  test("names the nearest facet", () => {
    expect(() => readLogQuery(listsOf("facets=consumr"))).toThrow('did you mean "consumer"?');
  });
});

test("an export asks for whole pages of everything that matches", () => {
  expect(readExportQuery(listsOf("api=a&from=5&format=csv"))).toEqual({
    fromMs: 5,
    toMs: null,
    filters: [text("api", ["a"])],
    search: null,
    limit: 500,
    cursor: null,
    facets: [],
    histogramColumns: 0,
  });
});
