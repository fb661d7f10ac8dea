// Records as files: JSON lines, or a table for a spreadsheet that none of its cells can act on. Pure.
import type { LogItem } from "../../telemetry/log-answers.ts";

export const exportFormats = ["jsonl", "csv"] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Cell = string | number | boolean | null;

const columns: readonly (readonly [name: string, cellOf: (item: LogItem) => Cell])[] = [
  ["time", (item) => item.time],
  ["requestId", (item) => item.requestId],
  ["traceId", (item) => item.traceId],
  ["instance", (item) => item.instance],
  ["api", (item) => item.api],
  ["route", (item) => item.route],
  ["protocol", (item) => item.protocol],
  ["method", (item) => item.method],
  ["path", (item) => item.path],
  ["domain", (item) => item.domain],
  ["consumer", (item) => item.consumer],
  ["credential", (item) => item.credential],
  ["resourceGroup", (item) => item.resourceGroup],
  ["clientIp", (item) => item.clientIp],
  ["stream", (item) => item.stream],
  ["requestedModel", (item) => item.requestedModel],
  ["service", (item) => item.service],
  ["model", (item) => item.model],
  ["status", (item) => item.status],
  ["upstreamStatus", (item) => item.upstreamStatus],
  ["outcome", (item) => item.outcome],
  ["errorCode", (item) => item.errorCode],
  ["mode", (item) => item.decision?.mode ?? ""],
  ["attempts", (item) => item.attempts.length],
  ["fallbackFrom", (item) => item.fallbackFrom],
  ["ttftMs", (item) => item.ttftMs],
  ["durationMs", (item) => item.durationMs],
  ["overheadMs", (item) => item.overheadMs],
  ["inputTokens", (item) => item.usage?.inputTokens ?? null],
  ["outputTokens", (item) => item.usage?.outputTokens ?? null],
  ["cachedInputTokens", (item) => item.usage?.cachedInputTokens ?? null],
  ["cacheWriteTokens", (item) => item.usage?.cacheWriteTokens ?? null],
  ["reasoningTokens", (item) => item.usage?.reasoningTokens ?? null],
  ["estimated", (item) => item.usage?.estimated ?? null],
  ["costUsd", (item) => item.costUsd],
  ["cache", (item) => item.cache],
  ["rateLimit", (item) => item.rateLimit],
  ["recorded", (item) => item.recorded],
];

/** The first line of a table; empty for JSON lines. */
export function exportHead(format: ExportFormat): string {
  return format === "csv" ? csvLine(columns.map(([name]) => name)) : "";
}

export function exportLine(format: ExportFormat, item: LogItem): string {
  if (format === "jsonl") return `${JSON.stringify(item)}\n`;
  return csvLine(columns.map(([, cellOf]) => cellOf(item)));
}

/** RFC 4180. A text that a spreadsheet would take for a formula, in full width too, gets an apostrophe before it. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = /^[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
