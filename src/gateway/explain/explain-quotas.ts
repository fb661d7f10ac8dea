// Says under which quotas a request would count, and how much of each is left. Takes nothing.
import type { GatewayError } from "../../core/errors.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { LimitState, LimitStore } from "../limits/limit-store.ts";
import type { PolicyAsk } from "../limits/policy-ask.ts";
import { quotas } from "../limits/quota-asks.ts";
import { reservationOf } from "../limits/reservation.ts";
import type { ExplainedPolicy } from "./explain-authentication.ts";

const name = "quotas";

/**
 * Nothing for a request that counts under none.
 * @param limits what the data planes of this node count in
 */
export async function explainQuotas(
  exchange: Exchange,
  matched: Matched,
  limits: Pick<LimitStore, "look">,
): Promise<ExplainedPolicy[]> {
  if (!quotas.applies(exchange, matched)) return [];
  const asks = quotas.asks(exchange, matched, reservationOf(exchange, matched));
  const states = await limits.look(asks, exchange.startedWallMs);
  const refusing = states.find(({ ask, used }) => !ask.dryRun && used + ask.amount > ask.limit);
  if (refusing === undefined)
    return [{ policy: { name, verdict: "passed", reason: states.map(leftText).join("; ") }, error: null }];
  const error: GatewayError = refusing.ask.policy.refusal(refusing, states, exchange.startedWallMs);
  return [{ policy: { name, verdict: "refused", reason: error.message }, error }];
}

function leftText({ ask, used }: LimitState<PolicyAsk>): string {
  const { limit, metric, policy, dryRun } = ask;
  const left = Math.max(0, limit - used);
  const amount = metric === "cost" ? `USD ${Number(left.toPrecision(6))}` : `${Math.floor(left)} tokens`;
  return `${amount} are left of quota "${policy.name}"${dryRun ? ", which refuses nothing" : ""}`;
}
