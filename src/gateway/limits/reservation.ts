// What a request may consume: estimated from its size and from what it allows. Knows no limit.
import { outputBound, usualOutputTokens } from "../../protocols/output-bound.ts";
import { countsOutput, countsTokens } from "../accounting/counted-kinds.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Reservation } from "./policy-ask.ts";
import { possibleTargets } from "./possible-targets.ts";

const nothing: Reservation = { inputTokens: 0, outputTokens: 0 };

/** What cannot be told beforehand reserves nothing, and is counted when it is known. */
export function reservationOf(exchange: Exchange, { api, route, operation }: Matched): Reservation {
  const { body } = exchange;
  const isSocket = route.row.websocket;
  if (!isSocket && !countsTokens(exchange)) return nothing;
  const inputTokens = Math.ceil(exchange.promptTokens);
  if (isSocket) {
    // A realtime session that answers at least once; the tasks of others are billed by other units.
    return { inputTokens, outputTokens: operation.model === "query" ? usualOutputTokens : 0 };
  }
  if (!countsOutput(exchange)) return { inputTokens, outputTokens: 0 };
  if (body === null || body.form !== null || body.upload !== null)
    return { inputTokens, outputTokens: usualOutputTokens };
  return {
    inputTokens,
    outputTokens: outputBound(route.row.protocol, body.bytes, mostOutput(exchange, api.config)),
  };
}

/** No model that the request could get answers with more; infinite where one is not known. */
function mostOutput({ plan, requestedModel }: Exchange, api: SnapshotApi): number {
  let most = 0;
  for (const { service, model = requestedModel } of possibleTargets(api, requestedModel)) {
    const provider = plan.services.get(service)?.config.provider;
    if (provider === undefined || model === undefined) return Infinity;
    most = Math.max(most, plan.models.traits(provider, model).maxOutputTokens ?? Infinity);
  }
  return most === 0 ? Infinity : most;
}
