// The quotas that a request counts under: its consumer's own, and those of the consumer's groups. Knows no store.
import type { Exchange, Matched } from "../exchange.ts";
import type { Plan } from "../plan.ts";
import { dearestCost } from "./dearest-cost.ts";
import { plannedQuota, type PlannedQuota } from "./planned-quota.ts";
import type { AskSource, PolicyAsk, Reservation } from "./policy-ask.ts";

export const quotas: AskSource = {
  applies: ({ consumer, plan }) => consumer !== "" && hasQuotas(plan, consumer),
  asks: (exchange, matched, reservation) => {
    const asks: PolicyAsk[] = [];
    for (const quota of quotasOf(exchange.plan, exchange.consumer)) {
      const amount = amountOf(quota, exchange, matched, reservation);
      asks.push(quota.ask(amount, amount === 0 && looksOnly(exchange), exchange.startedWallMs));
    }
    return asks;
  },
};

function hasQuotas({ consumers, consumerGroups }: Plan, name: string): boolean {
  const consumer = consumers.get(name);
  if (consumer === undefined) return false;
  if (consumer.quotas !== undefined) return true;
  if (consumerGroups === undefined || consumer.groups === undefined) return false;
  return consumer.groups.some((group) => consumerGroups.has(group));
}

/** Those of the consumer first. A consumer in two groups counts in both. */
export function quotasOf({ consumers, consumerGroups }: Plan, name: string): PlannedQuota[] {
  const consumer = consumers.get(name);
  const own = (consumer?.quotas ?? []).map((config) => plannedQuota(config, "consumer", name));
  const groups = consumerGroups === undefined ? [] : new Set(consumer?.groups);
  for (const group of groups) {
    for (const config of consumerGroups?.get(group)?.quotas ?? [])
      own.push(plannedQuota(config, "consumer group", group));
  }
  return own;
}

export function amountOf(
  { config: { metric } }: PlannedQuota,
  exchange: Exchange,
  matched: Matched,
  reservation: Reservation,
): number {
  return metric === "tokens"
    ? reservation.inputTokens + reservation.outputTokens
    : dearestCost(exchange, matched, reservation);
}

/** To look at a result is never refused; what the result says was consumed is counted. */
export function looksOnly({ call: { method } }: Exchange): boolean {
  return method === "GET" || method === "HEAD" || method === "DELETE";
}
