// An exchange with what its record does not say: the provider and address of its services. Types and one function.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { operationName } from "./operation-name.ts";

/** What the configuration says of a service. */
export interface ServiceFacts {
  /** As the OpenTelemetry conventions call it. */
  readonly provider: string;
  readonly address: string;
  readonly port: number | null;
}

/** By name of the service. */
export type ServiceBook = ReadonlyMap<string, ServiceFacts>;

export interface DescribedExchange {
  readonly record: ExchangeRecord;
  readonly services: ServiceBook;
  readonly operation: string;
  /** When it ended, ms since 1970. */
  readonly endMs: number;
}

export function describe(record: ExchangeRecord, services: ServiceBook): DescribedExchange {
  return {
    record,
    services,
    operation: operationName(record),
    endMs: Date.parse(record.time) + record.durationMs,
  };
}

/** Class of the error that an exchange ended with; empty when it was answered well. */
export function errorType({ outcome, errorCode, status }: ExchangeRecord): string {
  if (outcome === "ok") return "";
  if (errorCode !== "") return errorCode;
  return outcome === "client_error" && status >= 400 ? String(status) : outcome;
}
