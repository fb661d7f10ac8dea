// What a folder of spool segments holds, read whole. Must not know who wrote them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import { readLineHeader } from "../../src/telemetry/line-layout.ts";
import { readLine } from "../../src/telemetry/record-lines.ts";
import { listSegments } from "../../src/telemetry/spool.ts";

/** In the order of the segments' names; torn lines are left out. */
export function spooledRecords(dir: string): ExchangeRecord[] {
  return listSegments(dir).flatMap((name) => {
    const [header = "", ...lines] = readFileSync(join(dir, name), "utf8").split("\n");
    const layout = readLineHeader(header);
    if (layout === undefined) return [];
    return lines.flatMap((line) => {
      const read = readLine(line, layout);
      return read === undefined ? [] : [read.record];
    });
  });
}
