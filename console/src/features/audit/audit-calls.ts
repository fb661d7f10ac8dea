// Calls of the audit log: pages, the verdict, the address of a download.
import type { AuditEntry } from "../../../../src/control/audit/audit-entry.ts";
import { call } from "../../api/client.ts";
import type { Page } from "../../api/resources.ts";
import type { AuditQuestion } from "./audit-filter.ts";

const pageLength = 100;

export function readEntries(
  question: AuditQuestion,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page<AuditEntry>> {
  return call("GET", "/audit-log", { query: { ...question, limit: pageLength, cursor }, signal });
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly firstNumber: number | null;
  readonly lastNumber: number | null;
  readonly firstBad: { readonly number: number; readonly reason: string } | null;
}

export function verifyLog(): Promise<AuditVerdict> {
  return call("GET", "/audit-log/verify");
}

export function exportAddress(question: AuditQuestion, format: "jsonl" | "csv"): string {
  const given = Object.entries(question).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return `/api/v1/audit-log/export?${new URLSearchParams([...given, ["format", format]]).toString()}`;
}
