// Puts recorded content to the records of sinks that want it, read from the content files beside the writer.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";
import type { ExchangeRecord } from "../../core/exchange-record.ts";

export interface RecordedContent {
  /** The record with its content, as far as there is some. Never throws. */
  attach(record: ExchangeRecord): ExchangeRecord;
  close(): void;
}

/** Open files: those of today and yesterday, mostly. */
const maxOpen = 4;

interface OpenFile {
  readonly database: DatabaseSync;
  readonly find: StatementSync;
}

/** @param dir of the log store, where a day's content is in `2026-11-22-content.db` */
export function openRecordedContent(dir: string): RecordedContent {
  const files = new Map<string, OpenFile>();
  const close = (day: string): void => {
    files.get(day)?.database.close();
    files.delete(day);
  };
  const fileOf = (day: string): OpenFile | undefined => {
    const path = join(dir, `${day}-content.db`);
    if (!existsSync(path)) {
      close(day);
      return undefined;
    }
    const known = files.get(day);
    if (known !== undefined) return known;
    const database = new DatabaseSync(path, { readOnly: true });
    const find = database.prepare("SELECT request, response FROM exchange WHERE request_id = ?");
    const [oldest] = files.keys();
    if (files.size >= maxOpen && oldest !== undefined) close(oldest);
    const opened = { database, find };
    files.set(day, opened);
    return opened;
  };
  return {
    attach: (record) => {
      // By the end of the exchange, as it is stored.
      const endMs = Date.parse(record.time) + record.durationMs;
      const day = new Date(endMs).toISOString().slice(0, 10);
      try {
        const row = fileOf(day)?.find.get(record.requestId);
        if (row === undefined) return record;
        return {
          ...record,
          ...textOf("requestContent", row["request"]),
          ...textOf("responseContent", row["response"]),
        };
      } catch {
        // A file that retention takes away just now: its content is gone, the record is not.
        close(day);
        return record;
      }
    },
    close: () => {
      for (const day of files.keys()) close(day);
    },
  };
}

function textOf(field: "requestContent" | "responseContent", packed: unknown): Partial<ExchangeRecord> {
  return packed instanceof Uint8Array ? { [field]: zstdDecompressSync(packed).toString("utf8") } : {};
}

/** The record as every other sink gets it. */
export function withoutContent(record: ExchangeRecord): ExchangeRecord {
  const { requestContent: _request, responseContent: _response, ...rest } = record;
  return rest;
}
