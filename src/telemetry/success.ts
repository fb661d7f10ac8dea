// What counts as a success, for every place that tells rates. Pure.
import type { ExchangeRecord } from "../core/exchange-record.ts";

/** Whether the client got what it asked for, or a fault of its own: no 5xx, no 429, nothing broken off. */
export function isSuccess({ status, outcome }: Pick<ExchangeRecord, "status" | "outcome">): boolean {
  return status < 500 && status !== 429 && outcome !== "truncated" && outcome !== "timeout";
}

/** Whether the client was told that it may not, or asked wrongly; 499 is what it left itself. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 499;
}
