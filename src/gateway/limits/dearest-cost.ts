// What a request may cost at the dearest target that it could get. Knows no quota and no store.
import { costOf, type Price } from "../../core/price.ts";
import { noTokens, type Usage } from "../../core/usage.ts";
import { compilePattern, type Pattern } from "../../lib/wildcard.ts";
import type { SnapshotApi, SnapshotTarget } from "../../snapshot/snapshot.ts";
import { modeTargets } from "../../snapshot/snapshot-targets.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Reservation } from "./policy-ask.ts";

/** Where no price is known, 0: what it did cost counts when it is known. */
export function dearestCost(
  { plan, requestedModel, ordered }: Exchange,
  { api: { config } }: Matched,
  { inputTokens, outputTokens }: Reservation,
): number {
  const usage: Usage = { ...noTokens, ...ordered, inputTokens, outputTokens };
  let dearest = 0;
  for (const { service, model = requestedModel } of possibleTargets(config, requestedModel)) {
    const price = model === undefined ? undefined : plan.services.get(service)?.prices.get(model);
    if (price !== undefined) dearest = Math.max(dearest, costOf(usage, withReasoning(price)));
  }
  return dearest;
}

/** All output may be reasoning. */
function withReasoning(price: Price): Price {
  return price.reasoning > price.output ? { ...price, output: price.reasoning } : price;
}

function* possibleTargets(config: SnapshotApi, model: string | undefined): Generator<SnapshotTarget> {
  const { modelService, fallback } = config;
  if (modelService.mode !== "by-model-name") yield* modeTargets(modelService);
  else {
    const fitting = rulesOf(config).filter(({ pattern }) => model !== undefined && pattern.matches(model));
    yield* fitting.map(({ target }) => target);
    if (fitting.length === 0 && modelService.default !== undefined) yield modelService.default;
  }
  yield* fallback.targets;
}

interface NameRule {
  readonly pattern: Pattern;
  readonly target: SnapshotTarget;
}

/** By Model API of a snapshot: made ready by the first request that needs them. */
const known = new WeakMap<SnapshotApi, readonly NameRule[]>();

function rulesOf(config: SnapshotApi): readonly NameRule[] {
  let rules = known.get(config);
  if (rules === undefined) {
    const { modelService } = config;
    const listed = modelService.mode === "by-model-name" ? modelService.rules : [];
    rules = listed.map(({ pattern, target }) => ({ pattern: compilePattern(pattern), target }));
    known.set(config, rules);
  }
  return rules;
}
