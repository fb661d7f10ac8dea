// Where the shapes of the Way lie: widths are linear in the counts and add up, and nothing lies on anything else.
import { describe, expect, it } from "vitest";
import { tallLayout } from "./way-layout-tall.ts";
import { leastWideWidth, wideLayout } from "./way-layout.ts";
import { pictureOf, type WayPicture } from "./way-picture.ts";
import { aWay, anApi, counted } from "./way-samples.ts";
import { leastWidth, type Box, type WayLayout } from "./way-shapes.ts";

const forms: readonly (readonly [string, (picture: WayPicture) => WayLayout, number])[] = [
  ["wide, 1148 px", (picture) => wideLayout(picture, 1148), 22],
  ["wide, at its narrowest", (picture) => wideLayout(picture, leastWideWidth), 22],
  ["wide, 1600 px", (picture) => wideLayout(picture, 1600), 22],
  ["tall", (picture) => tallLayout(picture, 358), 18],
];

/** By number of targets, with two fallbacks. */
function pictureWith(count: number): WayPicture {
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const api = anApi({ mode: "by-weight", targets: names.map((service) => ({ service, weight: 1 })) }, [
    { service: "f" },
    { service: "g" },
  ]);
  const way = aWay(
    names.map((name) => counted(name, "m", 100, 10)),
    {
      stops: {
        match: [{ status: 404, code: "route_not_found", count: 40 }],
        limit: [{ status: 429, code: "rate_limited", count: 60 }],
      },
      fallbacks: [
        {
          position: 1,
          service: "f",
          model: "m",
          tried: 10 * count,
          served: 9 * count,
          failed: count,
          left: 0,
        },
        { position: 2, service: "g", model: "m", tried: count, served: count, failed: 0, left: 0 },
      ],
    },
  );
  return pictureOf(api, way, undefined);
}

describe.each(forms)("%s", (_name, layout, full) => {
  it.each([1, 2, 3, 4, 6, 12])("with %i targets nothing overlaps or leaves the picture", (count) => {
    const shapes = layout(pictureWith(count));
    const gates = [...shapes.gates, shapes.reply].map(({ x, y }) => ({
      x: x - shapes.radius,
      y: y - shapes.radius,
      w: 2 * shapes.radius,
      h: 2 * shapes.radius,
    }));
    const all = [...gates, ...shapes.targets, ...shapes.fallbacks];
    for (const [index, box] of all.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.w).toBeLessThanOrEqual(shapes.width);
      expect(box.y + box.h).toBeLessThanOrEqual(shapes.height);
      for (const other of all.slice(index + 1)) expect(overlaps(box, other)).toBe(false);
    }
  });

  it("a band is as wide as its count's share of all, and what splits adds up", () => {
    const shapes = layout(pictureWith(3));
    expect(shapes.bands[0]?.width).toBe(full);
    const past = (300 / 400) * full;
    const split = shapes.splits.reduce((sum, { width }) => sum + width, 0);
    expect(Math.abs(split - past)).toBeLessThan(0.2);
    expect(new Set(shapes.splits.map(({ width }) => width)).size).toBe(1);
  });

  it("without records everything is one fine line", () => {
    const picture = pictureOf(anApi(undefined, [{ service: "f" }]), undefined, undefined);
    const shapes = layout(picture);
    const widths = [...shapes.bands, ...shapes.splits, ...shapes.joins].map(({ width }) => width);
    expect(widths).toEqual(widths.map(() => leastWidth));
    expect([...shapes.fails, ...shapes.returns, ...shapes.threads]).toEqual([]);
    expect(shapes.fallbacks).toHaveLength(1);
  });

  it("a target that was not chosen has no line, and a lone failure without fallback ends in a point", () => {
    const picture = pictureOf(anApi(), aWay([counted("a", "m", 8, 2)]), undefined);
    const shapes = layout(picture);
    expect(shapes.targets).toHaveLength(2);
    expect(shapes.splits).toHaveLength(1);
    expect(shapes.joins).toHaveLength(1);
    expect(shapes.fails).toHaveLength(1);
    expect(shapes.lost).not.toBeNull();
    expect(shapes.sentOn).toBeNull();
  });

  it("walls stand only at gates that are on", () => {
    const shapes = layout(pictureOf(anApi(), undefined, undefined));
    // Match, Select and Reply, of two pieces each.
    expect(shapes.walls.match(/M/gu)).toHaveLength(6);
  });
});

it("red threads fall before the gate that stopped, two to five pixels wide", () => {
  const { threads, gates } = wideLayout(pictureWith(2), 1148);
  expect(threads.map(({ gate }) => gate)).toEqual([0, 2]);
  expect(threads.map(({ width }) => width)).toEqual([4, 5]);
  for (const { gate, end } of threads) {
    expect(end.x).toBeLessThan((gates[gate]?.x ?? 0) - 27);
    expect(end.x).toBeGreaterThan(gate === 0 ? 0 : (gates[gate - 1]?.x ?? 0) + 27);
  }
});

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
