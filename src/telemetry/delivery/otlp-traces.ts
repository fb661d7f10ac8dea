// Exchanges as OTLP spans: one of the gateway, and below it one per attempt. Knows no transport.
import { attemptError, attemptRows, exchangeRows } from "./exchange-attributes.ts";
import { errorType, type DescribedExchange } from "./described-exchange.ts";
import { attributesOf, nanoseconds, type KeyValue } from "./otlp-values.ts";
import { attemptSpanIdOf, parentSpanIdOf, spanIdOf, traceIdOf } from "./span-ids.ts";

const serverKind = 2;
const clientKind = 3;
const errorStatus = 2;
/** The trace was sampled (W3C Trace Context). */
const sampledFlag = 1;

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code?: number; readonly message?: string };
}

export function spansOf(exchange: DescribedExchange): OtlpSpan[] {
  const { record } = exchange;
  const parent = parentSpanIdOf(record);
  const gateway: OtlpSpan = {
    traceId: traceIdOf(record),
    spanId: spanIdOf(record),
    ...(parent === "" ? {} : { parentSpanId: parent }),
    flags: sampledFlag,
    name: spanName(
      exchange.operation,
      record.model === "" ? record.requestedModel : record.model,
      record.method,
    ),
    kind: serverKind,
    startTimeUnixNano: nanoseconds(Date.parse(record.time)),
    endTimeUnixNano: nanoseconds(exchange.endMs),
    attributes: attributesOf(exchangeRows, exchange),
    // By the HTTP conventions a fault of the client is none of the server's span.
    status: isServerFault(exchange) ? { code: errorStatus, message: errorType(record) } : {},
  };
  return [gateway, ...attemptSpans(exchange, gateway)];
}

function attemptSpans(exchange: DescribedExchange, gateway: OtlpSpan): OtlpSpan[] {
  const { record, operation } = exchange;
  return record.attempts.map((attempt, index) => {
    const startMs = Date.parse(attempt.startedAt);
    const error = attemptError(attempt);
    return {
      traceId: gateway.traceId,
      spanId: attemptSpanIdOf(record, attempt, index),
      parentSpanId: gateway.spanId,
      flags: sampledFlag,
      name: spanName(operation, attempt.model, record.method),
      kind: clientKind,
      startTimeUnixNano: nanoseconds(startMs),
      endTimeUnixNano: nanoseconds(startMs + attempt.durationMs),
      attributes: attributesOf(attemptRows, { exchange, attempt, number: index + 1 }),
      status: error === "" || error === "client_closed" ? {} : { code: errorStatus, message: error },
    };
  });
}

function spanName(operation: string, model: string, method: string): string {
  if (operation === "") return method;
  return model === "" ? operation : `${operation} ${model}`;
}

function isServerFault({ record: { outcome, status } }: DescribedExchange): boolean {
  if (outcome === "ok" || outcome === "client_closed") return false;
  return status >= 500 || outcome === "truncated" || outcome === "timeout" || outcome === "upstream_error";
}
