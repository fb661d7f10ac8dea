// Which partitions must go: by age, by number of records, by size. Pure; whoever owns them removes them.
import type { LogSettings } from "../log-state.ts";

const dayMs = 24 * 60 * 60 * 1_000;

export interface KeptPartition {
  /** Such as `2026-11-22`. */
  readonly day: string;
  readonly records: number;
  readonly bytes: number;
}

/**
 * @param partitions oldest first; the newest always stays
 * @param otherBytes that count towards the size, such as recorded content
 * @returns how many of the oldest must go
 */
export function partitionsToDrop(
  partitions: readonly KeptPartition[],
  otherBytes: number,
  nowMs: number,
  { retentionDays, maxRecords, maxBytes }: Pick<LogSettings, "retentionDays" | "maxRecords" | "maxBytes">,
): number {
  let records = partitions.reduce((sum, partition) => sum + partition.records, 0);
  let bytes = partitions.reduce((sum, partition) => sum + partition.bytes, otherBytes);
  let count = 0;
  for (const partition of partitions.slice(0, -1)) {
    const isOld = Date.parse(partition.day) + dayMs <= nowMs - retentionDays * dayMs;
    if (!isOld && records <= maxRecords && bytes <= maxBytes) break;
    records -= partition.records;
    bytes -= partition.bytes;
    count += 1;
  }
  return count;
}

/** A partition that is larger is ended before its day is, so that whole ones can go. */
export function isTooLarge(
  { records, bytes }: Pick<KeptPartition, "records" | "bytes">,
  { maxRecords, maxBytes }: Pick<LogSettings, "maxRecords" | "maxBytes">,
): boolean {
  return records > 0 && (records >= maxRecords / 8 || bytes >= maxBytes / 8);
}
