// Turns what node:sqlite throws into StoreUnavailable. Knows no SQL.
import { StoreUnavailable } from "./store-unavailable.ts";
import type { StoreFailure } from "./store-unavailable.ts";

// Primary result codes, https://www.sqlite.org/rescode.html; the low byte of the extended code that node:sqlite reports.
const failureByCode: Readonly<Record<number, StoreFailure>> = {
  3: "read-only", // SQLITE_PERM
  5: "busy", // SQLITE_BUSY
  6: "busy", // SQLITE_LOCKED
  7: "failed", // SQLITE_NOMEM
  8: "read-only", // SQLITE_READONLY
  10: "failed", // SQLITE_IOERR
  11: "damaged", // SQLITE_CORRUPT
  13: "full", // SQLITE_FULL
  14: "unreachable", // SQLITE_CANTOPEN
  26: "damaged", // SQLITE_NOTADB
};

const failureByErrno: Readonly<Record<string, StoreFailure>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
};

/** The error to throw: StoreUnavailable for a failure of disk or file, the error itself for a mistake in our SQL. */
export function asStoreFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  if ("errcode" in error && typeof error.errcode === "number") {
    const reason = failureByCode[error.errcode & 0xff];
    return reason === undefined ? error : new StoreUnavailable(reason, file, error);
  }
  // File-system errors of the steps before the database is open.
  if ("syscall" in error && "code" in error && typeof error.code === "string") {
    return new StoreUnavailable(failureByErrno[error.code] ?? "unreachable", file, error);
  }
  return error;
}
