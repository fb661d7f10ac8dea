// Records that a receiver will never take, as JSON lines with the reason. Bounded: the older half goes.
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ExchangeRecord } from "../../core/exchange-record.ts";

export interface DeadLetters {
  /** @throws what the file system says; the record then stays with its lane */
  add(letter: DeadLetter): void;
}

export interface DeadLetter {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What would not go: `records` or a signal. */
  readonly part: string;
  readonly reason: string;
  readonly record: ExchangeRecord;
}

const folder = "dead-letters";
/** Of one sink: the file and the one before it, half each. */
const defaultMaxBytes = 16 * 1024 * 1024;

/** Whether a full disk has left a piece of a line at the end: it must not take the next one with it. */
function isTorn(file: string, size: number): boolean {
  if (size === 0) return false;
  const handle = openSync(file, "r");
  try {
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  } finally {
    closeSync(handle);
  }
}

export function openDeadLetters(dir: string, sink: string, maxBytes = defaultMaxBytes): DeadLetters {
  const file = join(dir, folder, `${sink}.jsonl`);
  return {
    add: (letter) => {
      mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
      const line = Buffer.from(`${JSON.stringify(letter)}\n`, "utf8");
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size > 0 && size + line.length > maxBytes / 2) renameSync(file, `${file}.1`);
      else if (isTorn(file, size)) appendFileSync(file, "\n");
      appendFileSync(file, line, { mode: 0o600 });
    },
  };
}
