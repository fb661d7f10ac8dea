import { expect, test } from "vitest";
import { callersOf, localMoment, momentOf } from "./granted.ts";

const nowMs = Date.parse("2026-11-22T12:00:00Z");
const past = "2026-11-22T11:59:00Z";
const key = { type: "api-key" as const, name: "k", value: { hash: "0", hint: null } };
const consumer = (name: string, fields: object = {}) => ({
  name,
  enabled: true,
  groups: [],
  credentials: [key],
  ...fields,
});

test("who can call has a grant, a credential and is enabled", () => {
  const consumers = [
    consumer("direct"),
    consumer("by-group", { groups: ["partners"] }),
    consumer("off", { enabled: false, groups: ["partners"] }),
    consumer("without-key", { credentials: [], groups: ["partners"] }),
    consumer("old-key", { credentials: [{ ...key, expiresAt: past }], groups: ["partners"] }),
    consumer("ended"),
    consumer("nobody"),
  ];
  const grants = [
    { consumer: "direct" },
    { consumerGroup: "partners" },
    { consumer: "ended", expiresAt: past },
  ];
  expect(callersOf(grants, consumers, nowMs)).toEqual(["direct", "by-group"]);
});

test("a moment comes back from the input of local time to the minute", () => {
  expect(momentOf(localMoment("2027-03-01T08:30:00Z"))).toBe("2027-03-01T08:30:00.000Z");
  expect(localMoment(undefined)).toBe("");
  expect(momentOf("")).toBeUndefined();
  expect(momentOf("soon")).toBeUndefined();
});
