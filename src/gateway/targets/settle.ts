// Tells a target's state what became of a send: whose fault a failure was decides what is learnt. Knows no socket.
import type { Clock } from "../../core/clock.ts";
import type { Trigger } from "../../core/exchange-record.ts";
import type { Usage } from "../../core/usage.ts";
import type { OpenAttempt } from "../exchange.ts";
import type { Failure } from "../failure.ts";
import { askedPauseMs } from "./retry-after.ts";
import type { Observation } from "./target-state.ts";

/** `service`: it counts as a failure. `rate`: too many requests. `nobody`: says nothing about the service. */
type Blame = "service" | "rate" | "nobody";

const blameTable: Readonly<Record<Trigger, Blame>> = {
  "upstream-5xx": "service",
  "upstream-429": "rate",
  // The key pool's matter.
  "upstream-credentials": "nobody",
  "upstream-4xx": "nobody",
  "upstream-any-4xx": "nobody",
  "network-error": "service",
  timeout: "service",
  "first-packet-timeout": "service",
  "error-in-200": "service",
  "empty-answer": "service",
};

interface Ending {
  readonly failure: Failure | null;
  readonly attempt: OpenAttempt;
  readonly usage: Usage | null;
  readonly clock: Clock;
}

export function settle(observation: Observation, { failure, attempt, usage, clock }: Ending): void {
  const nowMs = clock.monotonicMs();
  if (attempt.outcome === "ok") return observation.succeeded(nowMs, usage);
  const { reason } = attempt;
  switch (reason === "" ? "nobody" : blameOf(reason, failure)) {
    case "service":
      return reason === "" ? observation.released() : observation.failed(nowMs, reason);
    case "rate":
      return observation.rateLimited(nowMs, askedPauseMs(failure?.answer, clock.wallMs()));
    case "nobody":
      // Such as a stream that ended cleanly but without its mark: no success, and no fault that a client sees.
      return observation.released();
  }
}

function blameOf(reason: Trigger, failure: Failure | null): Blame {
  // An answer that a bound left no room for is the client's own doing.
  if (reason === "empty-answer" && failure?.answer !== undefined) return "nobody";
  if (reason !== "error-in-200" || failure === null) return blameTable[reason];
  const { status } = failure.error;
  if (status === 429) return "rate";
  return status >= 500 ? "service" : "nobody";
}
