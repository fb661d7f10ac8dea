// Exchanges as OTLP log records, one each. Knows no transport.
import type { Outcome } from "../../core/outcome.ts";
import type { DescribedExchange } from "./described-exchange.ts";
import { exchangeRows } from "./exchange-attributes.ts";
import { attributesOf, nanoseconds, type KeyValue } from "./otlp-values.ts";
import { spanIdOf, traceIdOf } from "./span-ids.ts";

export interface OtlpLogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
  readonly flags: number;
  readonly traceId: string;
  readonly spanId: string;
}

type Severity = readonly [number: number, text: string];
const info: Severity = [9, "INFO"];
const warn: Severity = [13, "WARN"];
const error: Severity = [17, "ERROR"];

/** By outcome; for the documentation too. */
export const severities: Readonly<Record<Outcome, Severity>> = {
  ok: info,
  client_error: warn,
  blocked: warn,
  limited: warn,
  client_closed: warn,
  upstream_error: error,
  timeout: error,
  truncated: error,
};

export function logRecordOf(exchange: DescribedExchange): OtlpLogRecord {
  const { record, endMs } = exchange;
  const [severityNumber, severityText] = severities[record.outcome];
  const time = nanoseconds(endMs);
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber,
    severityText,
    eventName: "moongate.exchange",
    body: { stringValue: sentence(exchange) },
    attributes: attributesOf(exchangeRows, exchange),
    // Sampled, unless its Model API wants no trace of it.
    flags: record.signals === undefined || record.signals.includes("t") ? 1 : 0,
    traceId: traceIdOf(record),
    spanId: spanIdOf(record),
  };
}

function sentence({ record }: DescribedExchange): string {
  const { method, path, status, durationMs, outcome, service, model } = record;
  const where = service === "" ? "" : ` by ${service}${model === "" ? "" : ` (${model})`}`;
  return `${method} ${path}: ${status === 0 ? "no answer" : status} ${outcome}${where} in ${Math.round(durationMs)} ms`;
}
