// A consumer's keys.
import { describe, expect, test } from "vitest";
import type { Credential } from "./credentials.ts";
import { hasEnded, hintOf, nextKeyName, withEnd } from "./credentials.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const mask = { set: true, hint: "…abcd" };
const key = (name: string, expiresAt?: string): Credential =>
  // A mask stands where the schema has the value, as in every answer.
  ({
    type: "api-key",
    name,
    value: mask,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }) as unknown as Credential;

test.each([
  [undefined, false],
  ["2026-11-21T12:00:00Z", true],
  ["2026-11-21T13:00:00+01:00", true],
  ["2026-11-21T12:00:01Z", false],
])("a key that expires at %s has ended: %s", (expiresAt, expected) => {
  expect(hasEnded(key("a", expiresAt), now)).toBe(expected);
});

test.each([
  ["prod", ["prod"], "prod-2"],
  ["prod-2", ["prod", "prod-2"], "prod-3"],
  ["prod", ["prod", "prod-2"], "prod-3"],
  ["a".repeat(64), [], `${"a".repeat(62)}-2`],
])("after %s comes", (name, taken, expected) => {
  expect(nextKeyName(name, taken)).toBe(expected);
});

describe("an end", () => {
  const end = new Date(now + 3_600_000);
  test("is set for one key, and its mask goes back", () => {
    const [first, second] = withEnd([key("a"), key("b")], "a", end);
    expect(first).toEqual({ type: "api-key", name: "a", value: mask, expiresAt: "2026-11-21T13:00:00.000Z" });
    expect(second).toEqual(key("b"));
  });
  test("is never put off", () => {
    const soon = key("a", "2026-11-21T12:10:00Z");
    expect(withEnd([soon], "a", end)).toEqual([soon]);
  });
});

test("the hint is read off the mask", () => {
  expect(hintOf(key("a"))).toBe("…abcd");
});
