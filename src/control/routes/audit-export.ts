// Entries of the audit log as a table that none of its cells can act on in a spreadsheet. Pure.
import type { AuditEntry } from "../audit/audit-entry.ts";
import { csvLine } from "./log-export.ts";

type Cell = string | number | null;

const columns: readonly (readonly [name: string, cellOf: (entry: AuditEntry) => Cell])[] = [
  ["number", (entry) => entry.number],
  ["time", (entry) => entry.time],
  ["actor", (entry) => entry.actor],
  ["method", (entry) => entry.method],
  ["ip", (entry) => entry.ip],
  ["requestId", (entry) => entry.requestId],
  ["action", (entry) => entry.action],
  ["operation", (entry) => entry.operation],
  ["kind", (entry) => entry.kind],
  ["name", (entry) => entry.name],
  ["result", (entry) => entry.result],
  ["code", (entry) => entry.code],
  ["revision", (entry) => entry.revision],
  ["skipped", (entry) => entry.skipped],
  ["objects", (entry) => (entry.objects.length === 0 ? null : JSON.stringify(entry.objects))],
  ["moreObjects", (entry) => entry.moreObjects],
];

export const auditCsvHead = csvLine(columns.map(([name]) => name));

export function auditCsvLine(entry: AuditEntry): string {
  return csvLine(columns.map(([, cellOf]) => cellOf(entry)));
}
