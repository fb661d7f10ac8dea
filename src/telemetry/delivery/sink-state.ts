// How a sink stands, from how its lanes do. Pure but for reading the lanes.
import { isoTime } from "../../lib/iso-time.ts";
import type { SinkState, SinkStatus } from "../delivery-answers.ts";
import type { Lane } from "./lane.ts";

export function stateOf(name: string, lanes: readonly Lane[]): SinkState {
  const progress = lanes.map((lane) => lane.progress);
  const failures = lanes.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const newest = [...failures, ...lanes.flatMap(({ note }) => (note === null ? [] : [note]))]
    .toSorted((a, b) => b.atMs - a.atMs)
    .at(0);
  const times = progress.flatMap(({ lastDeliveredAt }) =>
    lastDeliveredAt === null ? [] : [lastDeliveredAt],
  );
  const since = failures
    .map(({ sinceMs }) => sinceMs)
    .toSorted((a, b) => a - b)
    .at(0);
  const next = failures
    .map(({ nextTryMs }) => nextTryMs)
    .toSorted((a, b) => a - b)
    .at(0);
  return {
    name,
    status: statusOf(failures, times.length > 0),
    // Of the signal that is farthest, and that lags or lost most.
    delivered: most(progress.map(({ delivered }) => delivered)),
    deadLettered: most(progress.map(({ deadLettered }) => deadLettered)),
    rejected: progress.reduce((sum, { rejected }) => sum + rejected, 0),
    dropped: most(progress.map(({ dropped }) => dropped)),
    behind: most(lanes.map(behindOf)),
    lastDeliveredAt: times.toSorted().at(-1) ?? null,
    lastError: newest === undefined ? null : { at: isoTime(newest.atMs), message: newest.message },
    failingSince: since === undefined ? null : isoTime(since),
    nextTryAt: next === undefined ? null : isoTime(next),
  };
}

function statusOf(
  failures: readonly { readonly kind: "later" | "refused" }[],
  delivered: boolean,
): SinkStatus {
  if (failures.some(({ kind }) => kind === "refused")) return "refused";
  if (failures.length > 0) return "retrying";
  return delivered ? "ok" : "idle";
}

/** 0 while the store cannot be read: its lane then says why. */
function behindOf(lane: Lane): number {
  try {
    return lane.behind();
  } catch {
    return 0;
  }
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
