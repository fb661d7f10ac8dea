// Says which rate limits a request would count under, and how much of each is left. Takes nothing.
import type { Exchange, Matched } from "../exchange.ts";
import { earlyAsks } from "../limits/admit.ts";
import { gatherAsks } from "../limits/gather-asks.ts";
import { remaining } from "../limits/limit-refusal.ts";
import type { LimitState, LimitStore } from "../limits/limit-store.ts";
import { PlannedLimit } from "../limits/planned-limits.ts";
import type { PolicyAsk } from "../limits/policy-ask.ts";
import type { ExplainedPolicy } from "./explain-authentication.ts";

const name = "rate limits";

/** Null where there are none. */
export async function explainLimits(
  exchange: Exchange,
  matched: Matched,
  limits: Pick<LimitStore, "look">,
): Promise<ExplainedPolicy | null> {
  if (matched.api.limits === null) return null;
  const wallMs = exchange.startedWallMs;
  const all = [...earlyAsks(exchange, matched), ...(gatherAsks(exchange, matched) ?? [])];
  const states = await limits.look(
    all.filter(({ policy }) => policy instanceof PlannedLimit),
    wallMs,
  );
  if (states.length === 0) {
    return { policy: { name, verdict: "passed", reason: "no rate limit counts this request" }, error: null };
  }
  const reason = states.map(told).join("; ");
  const refusedBy = states.find((state) => !state.ask.dryRun && isOver(state));
  if (refusedBy === undefined) return { policy: { name, verdict: "passed", reason }, error: null };
  const error = refusedBy.ask.policy.refusal(refusedBy, states, wallMs);
  return { policy: { name, verdict: "refused", reason }, error };
}

function isOver({ ask, used }: LimitState): boolean {
  return used + ask.amount > ask.limit;
}

function told(state: LimitState<PolicyAsk>): string {
  const { ask } = state;
  const dryRun = ask.dryRun ? `, only counted${isOver(state) ? ": it would refuse" : ""}` : "";
  return `"${ask.policy.name}" has ${remaining(state)} of ${ask.limit} ${ask.metric} left and this request takes ${ask.amount}${dryRun}`;
}
