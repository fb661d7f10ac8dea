// Mode single: one target for every request.
import type { Clock } from "../../core/clock.ts";
import type { Decision } from "../../core/exchange-record.ts";
import { admit, standingReasons } from "../targets/standing.ts";
import type { Selector, Target } from "./selector.ts";

export function createSingleSelector(target: Target, clock: Pick<Clock, "monotonicMs">): Selector {
  // The same object for every request: nothing about it depends on one.
  const decision: Decision = {
    mode: "single",
    reason: "the only target",
    candidates: [{ service: target.service.config.name, model: target.model ?? "", reason: "" }],
  };
  return {
    select(request) {
      const standing = admit(target, request, clock.monotonicMs());
      if (standing === "ready") return { target, standing, decision };
      const candidates = decision.candidates.map((row) => ({ ...row, reason: standingReasons[standing] }));
      return { target, standing, decision: { ...decision, candidates } };
    },
  };
}
