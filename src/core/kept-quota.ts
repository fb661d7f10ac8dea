// What of quotas outlives the process: counts, what was told of them, and messages on their way to webhooks. Types only.

/** The count of one quota in the newest period in which it was used. */
export interface KeptQuota {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly used: number;
  /** Every share of the limit up to here was told in this period, or needs not be; 0 = none. */
  readonly toldShare: number;
  /** The limit that `toldShare` is a share of. */
  readonly toldLimit: number;
}

/** One message to one webhook, as it was put when it came about. */
export interface QuotaLetter {
  /** Of the quota. */
  readonly key: string;
  readonly webhook: string;
  readonly deliveryId: string;
  readonly body: string;
  readonly tries: number;
  readonly nextTryMs: number;
}

export interface QuotaChanges {
  readonly counts: readonly KeptQuota[];
  /** Keys whose quotas are no more; their messages go with them. */
  readonly gone: readonly string[];
  /** New, or tried once more. */
  readonly letters: readonly QuotaLetter[];
  /** Ids of messages that are done with. */
  readonly sent: readonly string[];
}

export interface QuotaStore {
  counts(): KeptQuota[];
  /** Oldest first. */
  letters(): QuotaLetter[];
  /** All of it or nothing, and durable when it returns. */
  write(changes: QuotaChanges): void;
  close(): void;
}
