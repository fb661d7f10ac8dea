// Turns SIGTERM and SIGINT into "drain" and "now". Knows no server.
import type { Clock } from "../core/clock.ts";

/**
 * Two signals this close are one: a terminal and a parent process may both pass on the same Ctrl-C.
 * In milliseconds.
 */
const sameSignalMs = 1000;

/** @returns the listener for every signal: drains at the first, forces at one that comes more than 1 s later */
export function stopOnSignals(clock: Clock, actions: { drain(): void; force(): void }): () => void {
  let firstAtMs: number | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      actions.drain();
    } else if (nowMs - firstAtMs > sameSignalMs) {
      actions.force();
    }
  };
}
