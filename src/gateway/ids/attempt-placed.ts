// Sends a request where its ids live, or where the mode says.
import type { IdReference } from "../../protocols/ids/references.ts";
import { attempt } from "../attempt.ts";
import type { AttemptTools } from "../attempt-tools.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Failure } from "../failure.ts";
import { selectable } from "../match-request.ts";
import type { Selection } from "../selectors/selector.ts";
import { isOpen, isPossible } from "../targets/standing.ts";
import { selectorAt } from "./api-places.ts";
import { HeldElsewhere, unknownId, type IdTools } from "./exchange-ids.ts";
import { placeByIds } from "./place.ts";

/**
 * @param chosen ids that the client has chosen elsewhere than in path, query and body
 * @returns as `attempt`
 * @throws GatewayError model_not_found, no_healthy_service; as `placeByIds`
 */
export async function attemptPlaced(
  exchange: Exchange,
  matched: Matched,
  tools: AttemptTools & IdTools,
  chosen: readonly IdReference[] = [],
): Promise<Failure | null> {
  for (;;) {
    placeByIds(exchange, matched, tools, chosen);
    try {
      const selection = await select(exchange, matched, tools);
      exchange.decision = selection.decision;
      const failure = await attempt(exchange, matched, selection, tools);
      settleIds(exchange, matched, failure);
      return failure;
    } catch (error) {
      // Another request has just decided where this one belongs.
      if (!(error instanceof HeldElsewhere)) throw error;
    }
  }
}

/** A socket that was open and broke: its client comes back to where it was. */
const openSocket = 101;

function settleIds(exchange: Exchange, { operation }: Matched, failure: Failure | null): void {
  const { ids, outcome, status } = exchange;
  if (ids === null) return;
  if (failure === null) {
    if (outcome === "ok") exchange.usage = ids.ended(status, exchange.usage);
  } else if (
    status !== openSocket &&
    (!operation.creates || failure.unsent === true || failure.refused === true)
  ) {
    ids.refused();
  }
}

function select(exchange: Exchange, matched: Matched, tools: AttemptTools): Selection | Promise<Selection> {
  const owner = exchange.ids?.owner;
  if (owner === undefined) return matched.api.selector.select(selectable(exchange, matched));
  return selectAt(exchange, matched, owner, tools);
}

/**
 * The target at one place. What lives there is nowhere else, so it is asked for even there where nothing else is sent.
 * @throws GatewayError route_not_found when the service has that key no more
 */
export async function selectAt(
  exchange: Exchange,
  matched: Matched,
  { service, key: name, id = "" }: { readonly service: string; readonly key: string; readonly id?: string },
  tools: AttemptTools,
): Promise<Selection> {
  const selector = selectorAt(matched.api, exchange.plan, service, tools);
  const { target, standing, decision } = await selector.select(selectable(exchange, matched));
  const key = target.service.keys.named(name);
  if (key === undefined) throw unknownId(id);
  const goes = !isOpen(standing) && (isPossible(standing) || standing === "resting");
  const reason = "what the request names is there";
  return {
    target,
    key,
    standing: goes ? "ready" : standing,
    decision: { ...decision, mode: "by-id", reason },
  };
}
