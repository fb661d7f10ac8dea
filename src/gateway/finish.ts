// Ends an exchange with exactly one record, on every ending.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import type { Usage } from "../core/usage.ts";
import { isoTime } from "../lib/iso-time.ts";
import { withOrderedUnits } from "../protocols/request-units.ts";
import { shortText } from "../lib/short-text.ts";
import { maxShownModel, type Exchange } from "./exchange.ts";

/** @param endedMs monotonic ms */
export function toRecord(exchange: Exchange, endedMs: number): ExchangeRecord {
  const { head, matched, plan, call } = exchange;
  const api = matched?.api.config;
  const durationMs = endedMs - exchange.startedMs;
  return {
    requestId: exchange.requestId,
    traceId: traceId(exchange),
    time: isoTime(exchange.startedWallMs),
    instance: plan.instance,
    api: api?.name ?? "",
    route: matched?.route.row.name ?? "",
    protocol: matched?.route.row.protocol ?? "",
    method: call.method,
    path: head?.path ?? "",
    domain: head?.host ?? "",
    consumer: exchange.consumer,
    credential: exchange.credential,
    resourceGroup: api?.resourceGroup ?? "",
    clientIp: call.clientIp,
    stream: exchange.stream,
    requestedModel: shortText(exchange.requestedModel ?? "", maxShownModel),
    service: exchange.service,
    model: exchange.model,
    upstreamStatus: exchange.upstreamStatus,
    status: exchange.status,
    outcome: exchange.outcome,
    errorCode: exchange.errorCode,
    decision: exchange.decision,
    attempts: exchange.attempts,
    fallbackFrom: exchange.fallbackFrom,
    ttftMs: exchange.ttftMs,
    durationMs,
    overheadMs: Math.max(0, durationMs - exchange.upstreamMs),
    usage: usageOf(exchange),
    costUsd: null,
    cache: "skip",
    moderation: [],
    rateLimit: "",
    warnings: [],
  };
}

/** What was reported, with what was ordered where the answer was good and told no units. */
function usageOf({ usage, ordered, outcome }: Exchange): Usage | null {
  return outcome === "ok" ? (withOrderedUnits(usage ?? undefined, ordered) ?? null) : usage;
}

/** Whether this exchange is to be recorded: always, unless its Model API wants neither metrics, logs nor traces. */
export function isRecorded(exchange: Exchange): boolean {
  if (exchange.isHealthCheck) return false;
  const monitoring = exchange.matched?.api.config.monitoring;
  return monitoring === undefined || monitoring.metrics || monitoring.logs || monitoring.traces;
}

/** The trace that the client named (W3C Trace Context, version 00), else one made of the request id. */
function traceId({ head, requestId }: Exchange): string {
  const named = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(head?.traceparent ?? "")?.[1];
  return named === undefined || /^0+$/.test(named) ? requestId.replaceAll("-", "") : named;
}
