// Names of objects.
import { describe, expect, test } from "vitest";
import { freeName, isObjectName } from "./object-name.ts";

describe("a name of an object", () => {
  test.each([
    ["support_2-a", true],
    ["", false],
    ["a b", false],
    ["团队", false],
    ["a".repeat(64), true],
    ["a".repeat(65), false],
  ])("%s: %s", (text, expected) => {
    expect(isObjectName(text)).toBe(expected);
  });

  test("a free one gets the first free number and stays within 64 characters", () => {
    expect(freeName("key", ["other"])).toBe("key");
    expect(freeName("key", ["key", "key-2"])).toBe("key-3");
    expect(freeName("a".repeat(64), ["a".repeat(64)])).toBe(`${"a".repeat(62)}-2`);
  });
});
