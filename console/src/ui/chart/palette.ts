// The colours of the theme of the moment as values, for a canvas, which knows no custom properties.
import { useSyncExternalStore } from "react";

/** Token of a colour, without its prefix -> its value. */
export type Palette = (token: string) => string;

const known = new Map<string, Palette>();

/** Called when the theme changes, however it is changed. */
function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
  return () => observer.disconnect();
}

/** The same function as long as the theme is the same. */
function paletteNow(): Palette {
  const theme = document.documentElement.dataset["mantineColorScheme"] ?? "";
  const found = known.get(theme);
  if (found !== undefined) return found;
  const style = getComputedStyle(document.documentElement);
  const values = new Map<string, string>();
  const palette: Palette = (token) => {
    // Read while the theme is worn: what `style` tells follows later changes.
    const value = values.get(token) ?? style.getPropertyValue(`--mg-${token}`).trim();
    values.set(token, value);
    return value;
  };
  for (const token of canvasTokens) palette(token);
  known.set(theme, palette);
  return palette;
}

const canvasTokens = "c1 c2 c3 c4 c5 c6 c7 c8 rest ink-3 line grid bad ok".split(" ");

export function usePalette(): Palette {
  return useSyncExternalStore(watchTheme, paletteNow);
}
