// Cells of target health: none sent is no failure, half failed is down.
import { expect, it } from "vitest";
import { healthOf, mergedHealth } from "./health.ts";

it("tells each column by what was sent and what failed", () => {
  const row = { service: "a", attempts: [null, 0, 4, 4, 4, 1], failed: [null, null, 0, 1, 2, 3] };
  expect(healthOf(row)).toEqual({
    attempts: 13,
    share: 9 / 13,
    states: ["idle", "idle", "up", "some", "down", "down"],
  });
});

it("has no share of nothing", () => {
  expect(healthOf({ service: "a", attempts: [0], failed: [] }).share).toBeNull();
});

it("merges columns without losing any", () => {
  const row = { service: "a", attempts: [1, null, 3, 4, 5], failed: [null, 1, null, null, 5] };
  expect(mergedHealth(row, 2)).toEqual({ service: "a", attempts: [1, 7, 5], failed: [1, 0, 5] });
});
