// Pictures: stacks keep gaps, columns are found, selections are whole, and files are safe to open.
import { describe, expect, it } from "vitest";
import {
  columnAt,
  csvOf,
  csvOfPicture,
  extent,
  hasValues,
  heatAt,
  stacked,
  wholeColumns,
  type ChartPicture,
  type ChartSeries,
} from "./picture.ts";

const line = (name: string, values: ChartSeries["values"]): ChartSeries => ({
  key: name,
  name,
  colour: "c1",
  values,
});

const picture: ChartPicture = {
  kind: "lines",
  unit: "count",
  startMs: 1_000,
  stepMs: 10,
  columns: 3,
  series: [line("a", [1, null, 3]), line("=b", [10, null, null])],
};

describe("a stack", () => {
  it("adds up, and leaves a gap only where nothing was measured", () => {
    expect(stacked(picture.series)).toEqual([
      [1, null, 3],
      [11, null, 3],
    ]);
  });

  it("of nothing is nothing", () => {
    expect(stacked([])).toEqual([]);
  });
});

describe("columns", () => {
  it.each([
    [999, null],
    [1_000, 0],
    [1_029, 2],
    [1_030, null],
  ])("at %i is %s", (ms, column) => {
    expect(columnAt(picture, ms)).toBe(column);
  });

  it.each([
    ["a point", { fromMs: 1_014, toMs: 1_014 }, { fromMs: 1_010, toMs: 1_020 }],
    ["a stretch", { fromMs: 1_004, toMs: 1_011 }, { fromMs: 1_000, toMs: 1_020 }],
    ["beyond both ends", { fromMs: 0, toMs: 9_000 }, { fromMs: 1_000, toMs: 1_030 }],
  ])("%s is widened to whole ones", (_name, range, whole) => {
    expect(wholeColumns(picture, range)).toEqual(whole);
  });
});

describe("what is drawn", () => {
  it("has its extent, and none without values", () => {
    expect(extent([[1, null, -3]])).toEqual([-3, 1]);
    expect(extent([[null]])).toBeNull();
  });

  it.each([
    ["values", { series: [line("a", [null, 0])] }, true],
    ["gaps alone", { series: [line("a", [null, null])] }, false],
    ["another time alone", { series: [{ ...line("a", [1]), dashed: true }] }, false],
    ["an empty heat map", { series: [], heat: [{ upperMs: 1, values: [0, null] }] }, false],
    ["a heat map", { series: [], heat: [{ upperMs: 1, values: [0, 2] }] }, true],
  ])("%s: there is something: %s", (_name, change, expected) => {
    expect(hasValues({ ...picture, ...change })).toBe(expected);
  });

  it("a heat map is read by its fullest bucket", () => {
    const rows = [
      { upperMs: 100, values: [1, 0] },
      { upperMs: 200, values: [5, null] },
    ];
    expect(heatAt(rows, 0)).toEqual({ count: 6, mostAt: 200 });
    expect(heatAt(rows, 1)).toBeNull();
  });
});

describe("a file", () => {
  it("has a line per column, and no formula", () => {
    expect(csvOfPicture(picture, "time")).toBe(
      [
        "time,a,'=b",
        "1970-01-01T00:00:01.000Z,1,10",
        "1970-01-01T00:00:01.010Z,,",
        "1970-01-01T00:00:01.020Z,3,",
        "",
      ].join("\r\n"),
    );
  });

  it("keeps commas, quotes and negative numbers", () => {
    expect(csvOf(["a,b"], [['say "x"', -1, "-1"]])).toBe('"a,b"\r\n"say ""x""",-1,\'-1\r\n');
  });
});
