// The file of ids that outlive an exchange: opened by every thread, swept by one. Knows no id.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { IdStore } from "../core/id-owner.ts";
import { openSqliteIdStore } from "../store/sqlite-id-store.ts";

/** In the data folder. */
export const idFile = "ids.db";

const sweepEveryMs = 60_000;
/** Removed at once, so that no thread stands still for long. */
const sweepSize = 500;

export interface IdFileOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Told why the file cannot be used, and of sweeps that failed. */
  readonly onProblem: (error: Error) => void;
}

/** Opens the file; where it cannot be used, requests that name or make ids fail, and all others are served. */
export function openIdFile({ file, clock, onProblem }: IdFileOptions): IdStore {
  try {
    return openSqliteIdStore({ file, clock });
  } catch (error) {
    onProblem(asError(error));
    return unusable(asError(error));
  }
}

/**
 * Removes expired ids from now on, once a minute.
 * @returns ends it
 */
export function startSweeping(ids: IdStore, onProblem: (error: Error) => void): () => void {
  const over = new AbortController();
  const sweep = async (): Promise<void> => {
    while (!over.signal.aborted && ids.sweep(sweepSize) === sweepSize) await nextTurn();
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => onProblem(asError(error)));
  }, sweepEveryMs);
  timer.unref();
  return () => {
    over.abort();
    clearInterval(timer);
  };
}

function unusable(error: Error): IdStore {
  const refuse = (): never => {
    throw error;
  };
  return {
    bind: (owners) => (owners.length === 0 ? [] : refuse()),
    find: refuse,
    findForgotten: refuse,
    list: refuse,
    forget: refuse,
    settleOnce: refuse,
    sweep: () => 0,
    close: () => undefined,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
