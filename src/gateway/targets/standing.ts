// Whether a target can be sent to now: its service, its keys and its breaker as one word.
import type { ServiceProtocol } from "../../core/protocol.ts";
import type { Task } from "../../core/translated-pairs.ts";
import type { Standing, Target } from "../selectors/selector.ts";

/** Words for people, for the decision of a request. */
export const standingReasons: Readonly<Record<Standing, string>> = {
  ready: "",
  trial: "was ejected, this request tries it again",
  ejected: "ejected after failures",
  refused: "every API key was refused",
  resting: "every API key rests after a rate limit",
  disabled: "disabled or without an enabled API key",
  foreign: "does not speak the protocol of the route",
};

/** In what a request can be sent: its own protocol, or one that it is translated to. */
export interface Spoken {
  readonly protocol: string;
  /** Absent: none. */
  readonly translated?: readonly ServiceProtocol[];
  /** What it is for; absent: nothing that is ever translated. */
  readonly task?: Task | undefined;
}

/** Looks only. A trial that is due counts as `trial`, though another request may claim it first. */
export function standingOf({ service, state }: Target, spoken: Spoken, nowMs: number): Standing {
  if (!service.config.usable) return "disabled";
  if (service.endpointFor(spoken) === undefined) return "foreign";
  const keys = service.keys.standing(nowMs);
  if (keys !== "ready") return keys;
  const breaker = state.breaker(nowMs);
  if (breaker === "closed") return "ready";
  return breaker === "due" ? "trial" : "ejected";
}

/** The same, and claims the trial that makes a target `trial`. */
export function admit(
  target: Target,
  request: Spoken & { readonly dryRun: boolean },
  nowMs: number,
): Standing {
  const standing = standingOf(target, request, nowMs);
  if (standing !== "trial" || request.dryRun) return standing;
  return target.state.claimTrial(nowMs) ? "trial" : "ejected";
}

/** Whether a request may go there without a need. */
export function isOpen(standing: Standing): boolean {
  return standing === "ready" || standing === "trial";
}

/** Whether a request may go there when nothing better is left. */
export function isPossible(standing: Standing): boolean {
  return isOpen(standing) || standing === "ejected" || standing === "refused";
}
