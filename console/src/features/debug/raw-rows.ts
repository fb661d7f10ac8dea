// Rows of the raw output: attempts from the record, then frames, with a mark where the first data came. Draws nothing.
import type { AttemptRecord } from "../../../../src/control/routes/console-answers.ts";
import type { Frame, RunView } from "./run-view.ts";

export type RawRow =
  | {
      readonly kind: "attempt";
      readonly key: string;
      readonly attempt: AttemptRecord;
      readonly number: number;
      readonly endMs: number;
    }
  | { readonly kind: "first"; readonly key: string }
  | { readonly kind: "frame"; readonly key: string; readonly frame: Frame; readonly index: number };

export function rawRows({ record, frames, firstFrame }: RunView, filter: string): RawRow[] {
  const wanted = filter.toLowerCase();
  const rows: RawRow[] = [];
  const start = record === null ? 0 : Date.parse(record.time);
  for (const [index, attempt] of (record?.attempts ?? []).entries()) {
    const endMs = Date.parse(attempt.startedAt) - start + attempt.durationMs;
    rows.push({ kind: "attempt", key: `attempt ${index}`, attempt, number: index + 1, endMs });
  }
  for (const [index, frame] of frames.entries()) {
    if (index === firstFrame) rows.push({ kind: "first", key: "first" });
    if (wanted !== "" && !frame.raw.toLowerCase().includes(wanted)) continue;
    rows.push({ kind: "frame", key: `frame ${index}`, frame, index });
  }
  return rows;
}

/** The exact text of the stream. */
export function streamText(frames: readonly Frame[]): string {
  return frames.map(({ raw }) => raw).join("");
}

/** What one frame says in a line. */
export function frameLine({ event, data, raw }: Frame): string {
  if (data === undefined) return raw.trim();
  return event === "" ? data : `${event}: ${data}`;
}
