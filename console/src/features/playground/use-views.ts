// The last run of every column as a list of views, anew whenever one of them has changed.
import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Run } from "../debug/run.ts";
import type { RunView } from "../debug/run-view.ts";

export function useViews(runs: readonly (Run | null)[]): readonly (RunView | null)[] {
  const last = useRef<readonly (RunView | null)[]>([]);
  const key = runs.map((run) => run?.id ?? "").join(" ");
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = runs.map((run) => run?.subscribe(listener));
      return () => {
        for (const end of ends) end?.();
      };
    },
    // The ids tell which runs they are.
    // oxlint-disable-next-line react/exhaustive-deps
    [key],
  );
  return useSyncExternalStore(subscribe, () => {
    const views = runs.map((run) => run?.view() ?? null);
    const before = last.current;
    if (views.length !== before.length || views.some((view, index) => view !== before[index]))
      last.current = views;
    return last.current;
  });
}
