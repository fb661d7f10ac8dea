// The error of a store that cannot be read or written now. Knows no database: each implementation maps its own failures.

/** Why the store refused, and what mends it. */
export const storeFailureTable = {
  full: { message: "the disk is full", remedy: "free space where the store lies" },
  "read-only": {
    message: "the store is read-only",
    remedy: "give this process write permission to its file and folder",
  },
  busy: { message: "another process holds the store", remedy: "stop the other process that uses it" },
  damaged: {
    message: "the file is damaged or no store of this program",
    remedy: "restore the file from a backup",
  },
  newer: { message: "a newer version of this program wrote it", remedy: "start that version or a newer one" },
  unreachable: { message: "it cannot be opened", remedy: "check that its folder exists and may be used" },
  failed: { message: "reading or writing failed", remedy: "check the disk and the system log" },
} as const satisfies Record<string, { message: string; remedy: string }>;

export type StoreFailure = keyof typeof storeFailureTable;

/** Thrown when the store cannot serve. What was stored before is intact and nothing of the failed write happened. */
export class StoreUnavailable extends Error {
  readonly reason: StoreFailure;

  /** @param where the file or database, without credentials */
  constructor(reason: StoreFailure, where: string, cause?: unknown) {
    const row = storeFailureTable[reason];
    super(`The store ${where} cannot be used: ${row.message}. To mend it: ${row.remedy}.`, { cause });
    this.name = "StoreUnavailable";
    this.reason = reason;
  }
}
