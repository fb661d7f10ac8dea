// Ticks are round, cover what is shown, and are few.
import { describe, expect, it } from "vitest";
import { countTicks, momentText, roundTicks, shortCount, tickText, timeTicks } from "./scale.ts";

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

describe("values", () => {
  it.each([
    [0, 0.4, [0, 0.1, 0.2, 0.3, 0.4]],
    [0, 3.05, [0, 1, 2, 3, 4]],
    [0.982, 1, [0.98, 0.985, 0.99, 0.995, 1]],
    [0, 0, [0, 1]],
    [5, 5, [0, 2, 4, 6]],
  ])("%d to %d", (least, largest, ticks) => {
    expect(roundTicks(least, largest)).toEqual(ticks);
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

  const hour = { startMs: noon - 3_600_000, endMs: noon };
  const week = { startMs: noon - 7 * 86_400_000, endMs: noon };

  it("are written as clock or day, in UTC or local time", () => {
    expect(tickText(noon, hour, "en", 0)).toBe("12:07");
    expect(tickText(noon, hour, "en", 8 * 3_600_000)).toBe("20:07");
    expect(tickText(noon, week, "en", 0)).toBe("22 Nov");
    expect(tickText(noon, week, "zh", 0)).toBe("11 月 22 日");
  });

  it("name the day only where it is another", () => {
    const yesterday = noon - 86_400_000;
    expect(momentText(noon, { endMs: noon, stepMs: 10_000 }, "en", 0)).toBe("12:07:00");
    expect(momentText(yesterday, { endMs: noon, stepMs: 60_000 }, "en", 0)).toBe("21 Nov 12:07");
    expect(momentText(yesterday, { endMs: noon, stepMs: 60_000 }, "zh", 0)).toBe("11 月 21 日 12:07");
  });
});
