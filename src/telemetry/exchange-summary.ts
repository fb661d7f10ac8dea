// An exchange as a line of a short list, made of its record. Pure.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { shortText } from "../lib/short-text.ts";
import type { ExchangeSummary } from "./traffic-answers.ts";

const maxPath = 256;
const maxTargets = 20;

export function summaryOf(record: ExchangeRecord): ExchangeSummary {
  const { usage } = record;
  return {
    requestId: record.requestId,
    time: record.time,
    api: record.api,
    route: record.route,
    consumer: record.consumer,
    method: record.method,
    path: shortText(record.path, maxPath),
    status: record.status,
    outcome: record.outcome,
    errorCode: record.errorCode,
    requestedModel: record.requestedModel,
    servedBy: targetsOf(record),
    attempts: record.attempts.length,
    stream: record.stream,
    ttftMs: record.ttftMs,
    durationMs: record.durationMs,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
  };
}

/** Each target once, though it may have been sent to more than once. */
function targetsOf({ attempts }: ExchangeRecord): ExchangeSummary["servedBy"] {
  return attempts
    .filter(({ service, model }, index) => {
      const before = attempts[index - 1];
      return before?.service !== service || before.model !== model;
    })
    .slice(0, maxTargets)
    .map(({ service, model }) => ({ service, model }));
}
