// What the log store keeps, and how it stands. Types only: they cross between threads.

/** How much of the past is kept; whole days go, and the newest always stays. */
export interface LogSettings {
  /** Days after which a day's records go. */
  readonly retentionDays: number;
  readonly maxRecords: number;
  /** On disk, recorded content included. */
  readonly maxBytes: number;
  /** Recorded content has days of its own. */
  readonly contentRetentionDays: number;
}

export const defaultLogSettings: LogSettings = {
  retentionDays: 30,
  maxRecords: 10_000_000,
  maxBytes: 20 * 1024 ** 3,
  contentRetentionDays: 7,
};

export interface LogStoreState {
  readonly records: number;
  /** On disk, recorded content and spool included. */
  readonly bytes: number;
  /** Start of the oldest record that is kept, ISO 8601; null without any. */
  readonly since: string | null;
  /** Days that have a partition, oldest first, such as `2026-11-22`. */
  readonly days: readonly string[];
  /** Records that are read, but stand in the spool alone until the next commit. */
  readonly uncommitted: number;
  /** Bytes of the spool that are still to be read. */
  readonly unread: number;
  /** Records that were lost since the start, as the spool reached its cap before they were read; by their mean length. */
  readonly dropped: number;
  /** Partitions that could not be read and were moved aside. */
  readonly damaged: readonly string[];
}
