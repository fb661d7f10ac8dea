// What an exchange consumed and cost over all its attempts. Knows no wire format.
import { costOf, roundCost, type Price } from "../core/price.ts";
import { addUsage, type Usage } from "../core/usage.ts";
import type { Exchange, OpenAttempt } from "./exchange.ts";
import type { Plan } from "./plan.ts";

export interface Bill {
  readonly usage: Usage | null;
  /** Null where a part of it is not known. */
  readonly costUsd: number | null;
  /** What is known of it. */
  readonly knownCostUsd: number;
}

/** @param last what the last attempt consumed */
export function billOf(exchange: Exchange, last: Usage | null): Bill {
  // Whoever reuses an answer consumes nothing.
  if (exchange.cache === "hit") return { usage: last, costUsd: 0, knownCostUsd: 0 };
  let usage = last;
  const costs = last === null ? [] : [costAt(exchange, exchange, last)];
  for (const attempt of exchange.attempts) {
    if (attempt.usage === undefined) continue;
    usage = usage === null ? attempt.usage : addUsage(attempt.usage, usage);
    costs.push(costAt(exchange, attempt, attempt.usage));
  }
  return { usage, costUsd: sumOf(costs), knownCostUsd: sumOf(costs.filter((cost) => cost !== null)) ?? 0 };
}

/** Null where no price is known for the very name that was sent. */
export function costAt(
  { plan }: Exchange,
  { service, model }: Pick<OpenAttempt, "service" | "model">,
  usage: Usage,
): number | null {
  const price = priceOf(plan, service, model);
  return price === undefined ? null : costOf(usage, price);
}

/** What the service says goes before what is known of the model. */
export function priceOf({ services, models }: Plan, service: string, model: string): Price | undefined {
  const runtime = services.get(service);
  return runtime?.prices.get(model) ?? (runtime && models.price(runtime.config.provider, model));
}

/** A sum of which a part is not known is not known. */
function sumOf(costs: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const cost of costs) {
    if (cost === null) return null;
    sum += cost;
  }
  return costs.length === 0 ? null : roundCost(sum);
}
