import { describe, expect, test } from "vitest";
import { curvePicture, curveSize, type CurvePoint } from "./curve-picture.ts";

const width = 640;
const point = (prompts: number, mean: number, half = 0.02): CurvePoint => ({
  prompts,
  quality: { value: mean, low: mean - half, high: mean + half },
  judged: 40,
});

describe("a learning curve", () => {
  test.each<[string, readonly CurvePoint[]]>([
    ["without points", []],
    ["of one point", [point(50, 0.6)]],
    ["of which only one point is measured", [{ ...point(0, 0), judged: 0 }, point(50, 0.6)]],
  ])("is not drawn %s", (_name, curve) => {
    expect(curvePicture(curve, width)).toBeUndefined();
  });

  const drawn = curvePicture([point(0, 0.55), point(50, 0.6), point(100, 0.64), point(200, 0.65)], width);

  test("goes from left to right and higher where it is better", () => {
    const xs = drawn?.points.map(({ x }) => x) ?? [];
    const ys = drawn?.points.map(({ y }) => y) ?? [];
    expect(xs).toEqual(xs.toSorted((one, other) => one - other));
    expect(ys).toEqual(ys.toSorted((one, other) => other - one));
    expect([xs.at(0), xs.at(-1)]).toEqual([curveSize.left, width - curveSize.right]);
  });

  test("has a band of two points for each", () => {
    expect(drawn?.band.split(" ")).toHaveLength(8);
  });

  test("stays between its lowest and highest line", () => {
    const rows = drawn?.rows.map(({ y }) => y) ?? [];
    const band = drawn?.band.split(" ").map((pair) => Number(pair.split(",")[1])) ?? [];
    expect(rows.length).toBeLessThanOrEqual(6);
    expect(Math.min(...band)).toBeGreaterThanOrEqual(Math.min(...rows));
    expect(Math.max(...band)).toBeLessThanOrEqual(Math.max(...rows));
  });

  test("of equal qualities still has a height", () => {
    const flat = curvePicture([point(0, 0.5, 0), point(50, 0.5, 0)], width);
    expect(flat?.points.every(({ y }) => Number.isFinite(y))).toBe(true);
  });
});
