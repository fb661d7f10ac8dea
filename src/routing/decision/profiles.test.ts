import { expect, test } from "vitest";
import { profiles } from "../../core/routing-record.ts";
import { askedProfile, autoNames, profileWeights } from "./profiles.ts";

test("names that clients may ask for", () => {
  expect(autoNames).toEqual(["auto", "auto/balanced", "auto/cheap", "auto/fast", "auto/quality"]);
});

test.each([
  ["auto", "cheap"],
  ["auto/balanced", "balanced"],
  ["auto/cheap", "cheap"],
  ["auto/fast", "fast"],
  ["auto/quality", "quality"],
  ["auto/", undefined],
  ["Auto", undefined],
  ["auto/best", undefined],
  ["my-auto", undefined],
  ["auto-1", undefined],
  ["", undefined],
])("%s asks for %s", (name, profile) => {
  expect(askedProfile(name, "cheap")).toBe(profile);
});

test.each(profiles)("the drop of %s is no more than its weights can trade away", (profile) => {
  const { cost, latency, maxQualityDrop } = profileWeights[profile];
  expect(maxQualityDrop).toBeGreaterThan(0);
  expect(maxQualityDrop).toBeLessThanOrEqual((cost + latency) * 100);
});
