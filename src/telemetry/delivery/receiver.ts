// What delivers records to one place, and what can come of it. Types only.
import type { ExchangeRecord } from "../../core/exchange-record.ts";

export type Delivered =
  /** All are taken, but for `rejected`, which the receiver counted and will never take. */
  | { readonly kind: "taken"; readonly rejected: number; readonly message: string }
  /** Worth another try, after this time if the receiver named one. */
  | { readonly kind: "later"; readonly message: string; readonly afterMs: number | null }
  /** Nothing will be taken until somebody changes something. */
  | { readonly kind: "refused"; readonly message: string }
  /** One of the records, or their number, cannot be taken. */
  | { readonly kind: "unfit"; readonly message: string };

export interface Receiver {
  /** Whether it wants this record at all. */
  wants(record: ExchangeRecord): boolean;
  /** One batch at a time, the same records again until they are taken. May throw what a connection fails with. */
  deliver(records: readonly ExchangeRecord[], signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}

/** Whether the record's Model API wants this of it: metrics, logs or traces. */
export function hasSignal({ signals }: ExchangeRecord, signal: "m" | "l" | "t"): boolean {
  return signals === undefined || signals.includes(signal);
}
