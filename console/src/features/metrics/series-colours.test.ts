// Colours of names: kept within a page, different within a chart.
import { expect, it } from "vitest";
import { pageColours } from "./series-colours.ts";

it("a name keeps its colour from chart to chart", () => {
  const colours = pageColours();
  expect(colours.of(["a", "b"])).toEqual(["c1", "c2"]);
  expect(colours.of(["b", "c", "a"])).toEqual(["c2", "c3", "c1"]);
});

it("when all are given away, a chart's own names still differ", () => {
  const colours = pageColours();
  colours.of(["1", "2", "3", "4", "5", "6", "7", "8"]);
  const chart = colours.of(["9", "3", "10"]);
  expect(new Set(chart).size).toBe(3);
  expect(chart[1]).toBe("c3");
});

it("the ninth of a chart is rest", () => {
  expect(pageColours().of(["1", "2", "3", "4", "5", "6", "7", "8", "9"]).at(-1)).toBe("rest");
});
