// Runs that are over: each is kept when its record is there, and the one that the address names is shown again.
import { useEffect, useEffectEvent } from "react";
import type { Turn } from "./conversation-state.ts";
import { findRun, keepRun, type StoredRun } from "./history.ts";
import { pastRun, type Run } from "./run.ts";
import type { Settings } from "./settings.ts";

/** Keeps a run once it is over. A browser that refuses costs the history alone. */
export async function keepWhenOver(
  run: Run,
  fields: { readonly settings: Settings; readonly text: string; readonly before: readonly string[] },
): Promise<void> {
  const view = await run.recorded;
  try {
    await keepRun({ id: run.id, api: view.api, startedAt: view.startedAt, ...fields, view });
  } catch {
    // Private windows may have no database.
  }
}

/** A past run with the conversation before it. */
export async function turnsOf(run: StoredRun): Promise<Turn[]> {
  const before = await Promise.all(run.before.map(findRun));
  return [...before, run].flatMap((stored) =>
    stored === undefined ? [] : [{ id: stored.id, text: stored.text, run: pastRun(stored.view) }],
  );
}

/** Shows the run that the address names, when the page opens. */
export function usePast(
  past: string | undefined,
  api: string,
  show: (run: StoredRun, turns: readonly Turn[]) => void,
): void {
  const open = useEffectEvent(show);
  useEffect(() => {
    if (past === undefined) return;
    let left = false;
    const read = async (): Promise<void> => {
      const run = await findRun(past).catch(() => undefined);
      if (run === undefined || run.api !== api) return;
      const turns = await turnsOf(run);
      if (!left) open(run, turns);
    };
    void read();
    return () => {
      left = true;
    };
    // Only what stood in the address at first: later it follows what is shown.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
}
