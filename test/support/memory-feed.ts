// Committed records in memory, in the place of the log store.
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { FeedAnswer, FeedPlace, RecordFeed } from "../../src/telemetry/store/feed-place.ts";

export class MemoryFeed implements RecordFeed {
  readonly #records: ExchangeRecord[] = [];
  /** So many of the oldest are gone. */
  #gone = 0;
  /** Reading fails while this is set. */
  fault: Error | null = null;

  add(...records: readonly ExchangeRecord[]): void {
    this.#records.push(...records);
  }

  /** What retention does. */
  removeOldest(count: number): void {
    this.#gone += count;
  }

  get ids(): string[] {
    return this.#records.map(({ requestId }) => requestId);
  }

  read(after: FeedPlace | null, maxRecords: number): FeedAnswer {
    if (this.fault !== null) throw this.fault;
    const asked = after?.total ?? 0;
    const from = Math.max(asked, this.#gone);
    const records = this.#records.slice(from, from + maxRecords);
    const total = from + records.length;
    return { records, place: placeAt(total), more: total < this.#records.length, missed: from - asked };
  }

  end(): FeedPlace | null {
    return this.#records.length === 0 ? null : placeAt(this.#records.length);
  }

  close(): void {
    this.fault = new Error("closed");
  }
}

function placeAt(total: number): FeedPlace {
  return { partition: "2030-01-01/a", sequence: total, total };
}
