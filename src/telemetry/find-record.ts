// Finds one record in the spool's segments by its request id. Reads files only; the spool need not run.
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { listSegments } from "./spool.ts";

const blockBytes = 1024 * 1024;
const lineFeed = 0x0a;

/** The record of a request, newest segments first; undefined when there is none (any more). */
export async function findRecord(dir: string, requestId: string): Promise<ExchangeRecord | undefined> {
  // Ids are made by the gateway; anything else cannot be in a record and need not be looked for.
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(requestId)) return undefined;
  const needle = Buffer.from(`{"requestId":"${requestId}",`);
  for (const name of listSegments(dir).toReversed()) {
    const record = await findIn(join(dir, name), needle);
    if (record !== undefined) return record;
  }
  return undefined;
}

async function findIn(path: string, needle: Buffer): Promise<ExchangeRecord | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    // The cap may have removed it since the folder was listed.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return await searchBlocks(file, needle);
  } finally {
    await file.close();
  }
}

async function searchBlocks(file: FileHandle, needle: Buffer): Promise<ExchangeRecord | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes, position);
    if (bytesRead === 0) return undefined;
    position += bytesRead;
    const block = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const lastEnd = block.lastIndexOf(lineFeed);
    const lines = block.subarray(0, lastEnd + 1);
    for (let at = lines.indexOf(needle); at !== -1; at = lines.indexOf(needle, at + 1)) {
      const record = parseRecord(lines.toString("utf8", at, lines.indexOf(lineFeed, at)));
      if (record !== undefined) return record;
    }
    // A line torn by a crash or still being written has no end yet and is not a record.
    rest = block.subarray(lastEnd + 1);
  }
}

/** Undefined for a line that a full disk has torn. */
function parseRecord(line: string): ExchangeRecord | undefined {
  try {
    // Nobody but the spool writes segments.
    return JSON.parse(line) as ExchangeRecord;
  } catch {
    return undefined;
  }
}
