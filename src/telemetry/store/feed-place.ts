// How far a reader of committed records has come. Types only.
import type { ExchangeRecord } from "../../core/exchange-record.ts";

/** Data only; to be kept as JSON by whoever reads. */
export interface FeedPlace {
  /** Day and birth mark of a partition, such as `2026-11-22/5f0c9a1e`. */
  readonly partition: string;
  /** Records of that partition that lie behind. */
  readonly sequence: number;
  /** Records that lie behind in all. */
  readonly total: number;
}

export interface FeedAnswer {
  /** In the order in which they were read in. */
  readonly records: readonly ExchangeRecord[];
  /** Behind the last of them. */
  readonly place: FeedPlace;
  /** Whether there are more now. */
  readonly more: boolean;
  /** Records between the place asked for and the first of these that retention has taken. */
  readonly missed: number;
}

/** Reads committed records from any thread, beside the one that writes them. */
export interface RecordFeed {
  /** @param after null = from the oldest that is kept */
  read(after: FeedPlace | null, maxRecords: number): FeedAnswer;
  /** Behind the newest committed record; null while nothing was ever committed. */
  end(): FeedPlace | null;
  close(): void;
}
