// The audit log in the embedded store: rows that are only added, and its two ends. Knows no entry's content and no key.
import type { DatabaseSync } from "node:sqlite";
import type { Row, Statements } from "./sqlite-rows.ts";
import { inTransaction } from "./sqlite-transaction.ts";
import type { AuditEnd, AuditRow, AuditStore, MakeAuditEntry } from "./store.ts";

type Which = "anchor" | "head";

/** Adds an entry behind the newest; its caller holds the transaction. */
export function addAuditEntry(
  statements: Statements,
  instance: string,
  make: MakeAuditEntry,
  revision: number | null,
): void {
  const head = readEnd(statements, instance, "head");
  const newest = Number(statements.newestAudit.get(instance)?.["number"] ?? 0);
  const { row, head: next } = make({ number: Math.max(newest, head?.number ?? 0) + 1, head, revision });
  statements.addAudit.run(instance, row.number, row.text, row.chain);
  writeEnd(statements, instance, "head", next);
}

export function createAuditStore(
  database: DatabaseSync,
  statements: Statements,
  instance: string,
  guard: <Result>(run: () => Result) => Promise<Result>,
): AuditStore {
  return {
    append: (make) =>
      guard(() => inTransaction(database, () => addAuditEntry(statements, instance, make, null))),
    ends: () =>
      guard(() => ({
        anchor: readEnd(statements, instance, "anchor"),
        head: readEnd(statements, instance, "head"),
      })),
    before: (number, limit) =>
      guard(() => statements.auditBefore.all(instance, number, limit).map(readAuditRow)),
    after: (number, limit) =>
      guard(() => ({
        rows: statements.auditAfter.all(instance, number, limit).map(readAuditRow),
        head: readEnd(statements, instance, "head"),
      })),
    prune: (anchor) =>
      guard(() =>
        inTransaction(database, () => {
          statements.pruneAudit.run(instance, anchor.number);
          writeEnd(statements, instance, "anchor", anchor);
        }),
      ),
  };
}

function readAuditRow(row: Row): AuditRow {
  return { number: Number(row["number"]), text: String(row["text"]), chain: String(row["chain"]) };
}

function readEnd(statements: Statements, instance: string, which: Which): AuditEnd | undefined {
  const row = statements.auditEnd.get(instance, which);
  if (row === undefined) return undefined;
  return { number: Number(row["number"]), chain: String(row["chain"]), proof: String(row["proof"]) };
}

function writeEnd(statements: Statements, instance: string, which: Which, end: AuditEnd): void {
  statements.setAuditEnd.run(instance, which, end.number, end.chain, end.proof);
}
