// What a request may cost at the dearest target that it could get. Knows no quota and no store.
import { costOf, type Price } from "../../core/price.ts";
import { noTokens, type Usage } from "../../core/usage.ts";
import { priceOf } from "../cost.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Reservation } from "./policy-ask.ts";
import { possibleTargets } from "./possible-targets.ts";

/** Where no price is known, 0: what it did cost counts when it is known. */
export function dearestCost(
  { plan, requestedModel, ordered }: Exchange,
  { api: { config } }: Matched,
  { inputTokens, outputTokens }: Reservation,
): number {
  const usage: Usage = { ...noTokens, ...ordered, inputTokens, outputTokens };
  let dearest = 0;
  for (const { service, model = requestedModel } of possibleTargets(config, requestedModel)) {
    const price = model === undefined ? undefined : priceOf(plan, service, model);
    if (price !== undefined) dearest = Math.max(dearest, costOf(usage, withReasoning(price)));
  }
  return dearest;
}

/** All output may be reasoning. */
function withReasoning(price: Price): Price {
  return price.reasoning > price.output ? { ...price, output: price.reasoning } : price;
}
