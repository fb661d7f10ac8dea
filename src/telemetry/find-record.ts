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
    const line = await findLine(join(dir, name), needle);
    if (line !== undefined) return JSON.parse(line) as ExchangeRecord;
  }
  return undefined;
}

async function findLine(path: string, needle: Buffer): Promise<string | undefined> {
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

async function searchBlocks(file: FileHandle, needle: Buffer): Promise<string | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes, position);
    if (bytesRead === 0) return undefined;
    position += bytesRead;
    const block = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const lastEnd = block.lastIndexOf(lineFeed);
    const lines = block.subarray(0, lastEnd + 1);
    const at = lines.indexOf(needle);
    if (at !== -1) return lines.toString("utf8", at, lines.indexOf(lineFeed, at));
    // A line torn by a crash or still being written has no end yet and is not a record.
    rest = block.subarray(lastEnd + 1);
  }
}
