// The moment that all charts of a page point at together. Changes with the pointer, so it lives outside React's state.
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from "react";

export interface Crosshair {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number | null;
  readonly move: (ms: number | null) => void;
}

export function createCrosshair(): Crosshair {
  const listeners = new Set<() => void>();
  let at: number | null = null;
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    read: () => at,
    move: (ms) => {
      if (ms === at) return;
      at = ms;
      for (const listener of listeners) listener();
    },
  };
}

const CrosshairContext = createContext<Crosshair>(createCrosshair());

/** Charts below it share one. */
export function SharedCrosshair({ children }: { readonly children: ReactNode }) {
  const [crosshair] = useState(createCrosshair);
  return <CrosshairContext value={crosshair}>{children}</CrosshairContext>;
}

export function useCrosshair(): Crosshair {
  return use(CrosshairContext);
}

/** Milliseconds since 1970; null while nothing is pointed at. */
export function useCrosshairTime(): number | null {
  const { subscribe, read } = useCrosshair();
  return useSyncExternalStore(subscribe, read);
}
