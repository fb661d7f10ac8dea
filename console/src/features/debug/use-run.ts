// A run as a component sees it: its view, anew whenever it has changed.
import { useCallback, useSyncExternalStore } from "react";
import type { Run } from "./run.ts";
import type { RunView } from "./run-view.ts";

export function useRunView(run: Run): RunView {
  return useSyncExternalStore(run.subscribe, run.view);
}

/** The same where there may be none. */
export function useOptionalRunView(run: Run | null): RunView | null {
  const subscribe = useCallback(
    (listener: () => void) => (run === null ? () => undefined : run.subscribe(listener)),
    [run],
  );
  return useSyncExternalStore(subscribe, () => (run === null ? null : run.view()));
}
