// Gives back what an exchange has reserved and counts what it has used, once, on every ending. Knows no policy.
import type { Exchange } from "../exchange.ts";
import { finalBill } from "../finish.ts";
import type { PolicyAsk } from "./policy-ask.ts";

/** As soon as it has ended: slots, and what counted when it came. */
export function settleSlots(exchange: Exchange): void {
  const holds = exchange.limitHolds;
  if (holds === null) return;
  const left = holds.filter((hold) => {
    if (hold.asks.some(isUsage)) return true;
    hold.settle(({ amount }) => amount);
    return false;
  });
  exchange.limitHolds = left.length === 0 ? null : left;
}

/** When it is known what it has used, estimates included. */
export function settleUsage(exchange: Exchange): void {
  const holds = exchange.limitHolds;
  if (holds === null) return;
  const { usage, knownCostUsd } = finalBill(exchange);
  // What was answered again from the cache was consumed before.
  const isNew = exchange.cache !== "hit";
  const tokens = usage === null || !isNew ? 0 : usage.inputTokens + usage.outputTokens;
  const cost = isNew ? knownCostUsd : 0;
  for (const hold of holds) {
    hold.settle(({ metric, amount }) => (metric === "tokens" ? tokens : metric === "cost" ? cost : amount));
  }
  exchange.limitHolds = null;
}

function isUsage({ metric }: PolicyAsk): boolean {
  return metric === "tokens" || metric === "cost";
}
