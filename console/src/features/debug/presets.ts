// Named settings, kept in this browser.
import { isObject, parseJson } from "./json.ts";
import { readSettings, writeSettings, type Settings } from "./settings.ts";

const storageKey = "moongate-debug-presets";

export interface Preset {
  readonly name: string;
  /** As an address holds them, texts included. */
  readonly settings: string;
}

export function readPresets(): Preset[] {
  const parsed = parseJson(localStorage.getItem(storageKey) ?? "");
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((row: unknown) => {
    if (!isObject(row) || typeof row["name"] !== "string" || typeof row["settings"] !== "string") return [];
    return [{ name: row["name"], settings: row["settings"] }];
  });
}

function write(presets: readonly Preset[]): Preset[] {
  const sorted = presets.toSorted((one, other) => one.name.localeCompare(other.name));
  localStorage.setItem(storageKey, JSON.stringify(sorted));
  return sorted;
}

/** A preset of the same name is replaced. */
export function savePreset(name: string, settings: Settings): Preset[] {
  const others = readPresets().filter((preset) => preset.name !== name);
  return write([...others, { name, settings: writeSettings(settings, true) }]);
}

export function deletePreset(name: string): Preset[] {
  return write(readPresets().filter((preset) => preset.name !== name));
}

/** The preset's parameters; where a run goes and in whose name stays as it is. */
export function withPreset(settings: Settings, preset: Preset): Settings {
  const { form, domain, consumer } = settings;
  return { ...readSettings(preset.settings), form, domain, consumer };
}
