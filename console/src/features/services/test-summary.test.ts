// What a test of a service comes to.
import { describe, expect, test } from "vitest";
import type { ServiceTestReport, ServiceTestStep } from "../../../../src/control/routes/try-out.ts";
import { gateOf, outcomeOf } from "./test-summary.ts";

const passed: ServiceTestStep = { name: "tcp", ok: true, ms: 12, message: "" };
const off: ServiceTestStep = { name: "tls", ok: true, ms: 0, message: "", skipped: true };
const refused: ServiceTestStep = { name: "auth", ok: false, ms: 30, message: "401" };
const unreached: ServiceTestStep = { name: "call", ok: false, ms: 0, message: "", skipped: true };

test.each([
  [passed, "passed"],
  [off, "off"],
  [refused, "refused"],
  [unreached, "unreached"],
] as const)("gate of %o", (step, expected) => {
  expect(gateOf(step)).toBe(expected);
});

describe("the outcome", () => {
  const report = (fields: Partial<ServiceTestReport>): ServiceTestReport => ({
    ok: false,
    steps: [passed, off],
    models: [],
    keys: [],
    ...fields,
  });

  test("adds up the time when all passed", () => {
    expect(outcomeOf(report({ steps: [passed, off, passed] }))).toEqual({ kind: "passed", ms: 24 });
  });
  test("names the step that failed, not one behind it", () => {
    expect(outcomeOf(report({ steps: [passed, refused, unreached] }))).toEqual({
      kind: "failed",
      step: refused,
    });
  });
  test("counts refused keys when no step failed", () => {
    const keys = [
      { name: "a", ok: true, status: 200, message: "" },
      { name: "b", ok: false, status: 401, message: "" },
    ];
    expect(outcomeOf(report({ keys }))).toEqual({ kind: "keys", refused: 1 });
  });
});
