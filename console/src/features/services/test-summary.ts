// What a test of a service comes to: the state of each gate, and one sentence over all. Pure.
import type { ServiceTestReport, ServiceTestStep } from "../../../../src/control/routes/try-out.ts";
import type { GateState } from "../../ui/gate.tsx";

/** A step that does not apply is off; one behind a failed step is not reached. */
export function gateOf(step: ServiceTestStep): GateState {
  if (step.skipped === true) return step.ok ? "off" : "unreached";
  return step.ok ? "passed" : "refused";
}

export type TestOutcome =
  | { readonly kind: "passed"; readonly ms: number }
  | { readonly kind: "failed"; readonly step: ServiceTestStep }
  | { readonly kind: "keys"; readonly refused: number };

export function outcomeOf(report: ServiceTestReport): TestOutcome {
  const failed = report.steps.find((step) => gateOf(step) === "refused");
  if (failed !== undefined) return { kind: "failed", step: failed };
  const refused = report.keys.filter((key) => !key.ok).length;
  if (refused > 0) return { kind: "keys", refused };
  return { kind: "passed", ms: report.steps.reduce((sum, step) => sum + step.ms, 0) };
}
