// The ids of spans: those of the record, or made from its request id, so that a second delivery has the same. Pure.
import { createHash } from "node:crypto";
import type { AttemptRecord, ExchangeRecord } from "../../core/exchange-record.ts";

const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/u;
const spanIdPattern = /^(?!0{16})[0-9a-f]{16}$/u;

export function traceIdOf({ traceId, requestId }: ExchangeRecord): string {
  return traceIdPattern.test(traceId) ? traceId : madeId(requestId, 32);
}

/** The gateway's span. */
export function spanIdOf({ spanId, requestId }: ExchangeRecord): string {
  return spanId !== undefined && spanIdPattern.test(spanId) ? spanId : madeId(`${requestId}/`, 16);
}

/** The client's span above it; empty without one. */
export function parentSpanIdOf({ parentSpanId }: ExchangeRecord): string {
  return parentSpanId !== undefined && spanIdPattern.test(parentSpanId) ? parentSpanId : "";
}

export function attemptSpanIdOf(
  { requestId }: ExchangeRecord,
  attempt: AttemptRecord,
  index: number,
): string {
  const { spanId } = attempt;
  return spanId !== undefined && spanIdPattern.test(spanId) ? spanId : madeId(`${requestId}/${index}`, 16);
}

function madeId(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
