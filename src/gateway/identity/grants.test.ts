import { describe, expect, test } from "vitest";
import { Grants } from "./grants.ts";

const grants = new Grants({
  grants: [
    { consumer: "all", expiresAtMs: null },
    { consumer: "ended", expiresAtMs: 10 },
    { consumer: "some", expiresAtMs: null, models: ["a-*"] },
    { consumer: "twice", expiresAtMs: 10 },
    { consumer: "twice", expiresAtMs: 20, models: ["b"] },
  ],
  groupGrants: [
    { group: "g", expiresAtMs: 15, models: ["c", "d-?"] },
    { group: "everything", expiresAtMs: 30 },
  ],
});

const found = (consumer: string, groups: readonly string[], wallMs: number) => {
  const models = grants.find(consumer, groups, wallMs);
  return models === undefined ? "none" : (models?.map(({ source }) => source) ?? "all");
};

describe("what grants allow together", () => {
  test.each<[string, string, string[], number, unknown]>([
    ["one of its own for all models", "all", [], 0, "all"],
    ["nothing for somebody else", "else", [], 0, "none"],
    ["nothing from the moment of its end on", "ended", [], 10, "none"],
    ["everything until then", "ended", [], 9, "all"],
    ["some models", "some", [], 0, ["a-*"]],
    ["some, and those of its group", "some", ["g"], 0, ["a-*", "c", "d-?"]],
    ["all by another group, in whatever order", "some", ["g", "everything"], 0, "all"],
    ["all by another group that comes first", "some", ["everything", "g"], 0, "all"],
    ["one that has ended, another by a group", "ended", ["everything"], 12, "all"],
    ["its group's alone", "else", ["unknown", "g"], 0, ["c", "d-?"]],
    ["nothing when the group's has ended too", "else", ["g"], 15, "none"],
    ["of two of its own the one that holds", "twice", [], 12, ["b"]],
  ])("%s", (...row) => {
    const [, consumer, groups, wallMs, expected] = row;
    expect(found(consumer, groups, wallMs)).toEqual(expected);
  });
});

test.each<[string, string, string[], number | undefined]>([
  ["never had one", "else", [], undefined],
  ["its own", "ended", [], 10],
  ["the last of its own and its groups'", "twice", ["g", "everything"], 30],
])("when the last grant ends: %s", (_name, consumer, groups, expected) => {
  expect(grants.lastEndMs(consumer, groups)).toBe(expected);
});
