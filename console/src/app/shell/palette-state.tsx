// Whether the command palette is open, for whoever opens it: the search button, a shortcut.
import { createContext, use } from "react";

/** Opens the palette. */
export const PaletteContext = createContext<() => void>(() => undefined);

export function useOpenPalette(): () => void {
  return use(PaletteContext);
}
