// The settings of the panel: in the address but for the texts, which this tab of the browser keeps.
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { readSettings, writeSettings, type Settings } from "./settings.ts";

const writeAfterMs = 250;

/**
 * @param api whose settings they are
 * @param run as it stands in the address
 * @param write puts it there
 */
export function useSettings(
  api: string,
  run: string | undefined,
  write: (run: string | undefined) => void,
): readonly [Settings, (settings: Settings) => void] {
  const [system, setSystem] = useKeptText(`moongate-debug-system:${api}`);
  const [settings, setSettings] = useState<Settings>(() => {
    const read = readSettings(run);
    return read.system === "" ? { ...read, system } : read;
  });
  const writeLater = useDebouncedCallback((next: Settings) => {
    const text = writeSettings(next, false);
    write(text === "" ? undefined : text);
  }, writeAfterMs);
  const change = (next: Settings): void => {
    setSettings(next);
    setSystem(next.system);
    writeLater(next);
  };
  return [settings, change];
}

/** A text that this tab of the browser keeps over a reload. */
export function useKeptText(key: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const change = (next: string): void => {
    setText(next);
    sessionStorage.setItem(key, next);
  };
  return [text, change];
}
