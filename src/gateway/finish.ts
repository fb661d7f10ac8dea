// Ends an exchange with exactly one record, on every ending.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Usage } from "../core/usage.ts";
import { isoTime } from "../lib/iso-time.ts";
import { withOrderedUnits } from "../protocols/request-units.ts";
import { shortText } from "../lib/short-text.ts";
import { contentOf } from "./capture/record-content.ts";
import { billOf, type Bill } from "./cost.ts";
import { maxShownModel, type Exchange } from "./exchange.ts";
import { signalsOf, traceOf } from "./trace.ts";

const allSignals = "mlt";

/** @param endedMs monotonic ms */
export function toRecord(exchange: Exchange, endedMs: number): ExchangeRecord {
  const { head, matched, plan, call } = exchange;
  const api = matched?.api.config;
  const durationMs = endedMs - exchange.startedMs;
  const trace = traceOf(exchange);
  const signals = signalsOf(exchange);
  const { usage, costUsd } = finalBill(exchange);
  return {
    requestId: exchange.requestId,
    traceId: trace.traceId,
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
    overheadMs: Math.max(0, durationMs - exchange.upstreamMs - exchange.waitedMs),
    usage,
    costUsd,
    cache: exchange.cache,
    ...(exchange.saved === null ? {} : { saved: exchange.saved }),
    moderation: exchange.moderation,
    rateLimit: exchange.rateLimit,
    warnings: exchange.allWarnings,
    ...(signals === allSignals ? {} : { signals }),
    ...(trace.spanId === "" ? {} : { spanId: trace.spanId }),
    ...(trace.parentSpanId === "" ? {} : { parentSpanId: trace.parentSpanId }),
    ...contentOf(exchange),
  };
}

/** What an exchange that has ended consumed and cost over all its attempts. */
export function finalBill(exchange: Exchange): Bill {
  return billOf(exchange, usageOf(exchange));
}

/** Endings before the service was done. */
const cutShort: ReadonlySet<Outcome> = new Set<Outcome>(["client_closed", "truncated", "blocked"]);

/** What was reported or counted, with what was ordered where the service took the order and told no units. */
export function usageOf({ usage, ordered, outcome, taken, cache }: Exchange): Usage | null {
  if (cache === "hit") return usage;
  const isBilled = outcome === "ok" || (taken && cutShort.has(outcome));
  return isBilled ? (withOrderedUnits(usage ?? undefined, ordered) ?? null) : usage;
}

/** Whether this exchange is to be recorded: always, unless its Model API wants nothing of it. */
export function isRecorded(exchange: Exchange): boolean {
  return !exchange.isHealthCheck && signalsOf(exchange) !== "";
}
