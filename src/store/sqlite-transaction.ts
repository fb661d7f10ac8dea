// A piece of work on the embedded store as one transaction: all of it is durable when it returns, or none happened.
import type { DatabaseSync } from "node:sqlite";

/** @throws what the work or SQLite throws; then nothing happened */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  // IMMEDIATE takes the write lock before the first read, so no other process can slip between check and change.
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  // After some failures, a full disk among them, SQLite has already rolled back by itself.
  if (!database.isTransaction) return;
  try {
    database.exec("ROLLBACK");
  } catch {
    // The first error is the one to report; an open transaction holds nothing durable.
  }
}
