// Ticks are round, cover what is shown, and are few.
import { describe, expect, it } from "vitest";
import { countTicks, shortCount, timeTicks } from "./chart-scale.ts";

describe("counts", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [42, [0, 20, 40, 60]],
    [1_234, [0, 500, 1_000, 1_500]],
  ])("up to %i", (largest, ticks) => {
    expect(countTicks(largest)).toEqual(ticks);
  });

  it.each([
    [950, "950"],
    [12_000, "12k"],
    [12_500, "12.5k"],
    [2_000_000, "2M"],
  ])("%i is written %s", (value, text) => {
    expect(shortCount(value)).toBe(text);
  });
});

describe("times", () => {
  const noon = Date.UTC(2026, 10, 22, 12, 7);

  it("fall on round local hours", () => {
    const offset = 8 * 3_600_000;
    const ticks = timeTicks({ startMs: noon - 24 * 3_600_000, endMs: noon }, 8, offset);
    expect(ticks.map((tick) => new Date(tick + offset).toISOString().slice(11, 16))).toEqual([
      "21:00",
      "00:00",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
    ]);
  });

  it("are never more than asked for", () => {
    for (const hours of [1, 6, 24, 168]) {
      const span = { startMs: noon - hours * 3_600_000, endMs: noon };
      expect(timeTicks(span, 7, 0).length).toBeLessThanOrEqual(8);
      expect(timeTicks(span, 7, 0).length).toBeGreaterThan(2);
    }
  });
});
