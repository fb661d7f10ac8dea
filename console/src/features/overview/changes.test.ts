// Changes against the time before, with a real minus and a verdict.
import { describe, expect, it } from "vitest";
import { countChange, durationChange, pointChange, relativeChange } from "./changes.ts";

describe("a change", () => {
  it.each([
    ["more requests", relativeChange(1_082, 1_000), "+8.2 %", "same"],
    ["a third less", relativeChange(200, 300), "\u221233 %", "same"],
    ["as before", relativeChange(1, 1, "more"), "±0 %", "same"],
    ["a better success rate", pointChange(0.9982, 0.9978, "more"), "+0.04", "better"],
    ["a worse fallback rate", pointChange(0.02, 0.011, "less"), "+0.90", "worse"],
    ["a shorter time", durationChange(380, 440), "\u221260 ms", "better"],
    ["a longer time", durationChange(3_000, 1_000), "+2.00 s", "worse"],
    ["fewer blocked", countChange(214, 226, "none"), "\u221212", "same"],
  ])("%s", (_name, change, text, verdict) => {
    expect(change).toEqual({ text, verdict });
  });

  it("is unknown without anything before", () => {
    expect(relativeChange(5, 0)).toBeNull();
    expect(durationChange(5, null)).toBeNull();
  });
});
