// When something was used last, such as a token of the admin API by its SHA-256, or a user's way in by his name: kept in
// memory, written down now and then, so that a restart forgets some minutes at most. Knows no request.
import { isJsonObject } from "./merge-patch.ts";
import type { SessionFile } from "./sessions.ts";

export interface LastUses {
  /** Counts this moment as a use. */
  note(key: string): void;
  /** Milliseconds since 1970; undefined when it was never used. */
  lastMs(key: string): number | undefined;
}

export interface LastUsePorts {
  readonly file: SessionFile;
  readonly wallMs: () => number;
  /** Told when the text cannot be read or written. */
  readonly onProblem: (error: unknown) => void;
}

/** A use is written down only this long after the one that stands there, as it may come with every request. */
const writeAfterMs = 600_000;
/** Those that were used least recently are forgotten. */
const maxKept = 10_000;

/** Reads what was kept. */
export async function openLastUses(ports: LastUsePorts): Promise<LastUses> {
  const { file, wallMs, onProblem } = ports;
  const uses = await load(ports);
  const written = new Map(uses);
  let last: Promise<void> = Promise.resolve();
  const save = (): void => {
    for (const [key] of [...uses].toSorted(([, left], [, right]) => right - left).slice(maxKept))
      uses.delete(key);
    const text = JSON.stringify(Object.fromEntries(uses));
    last = last.then(() => file.write(text)).catch(onProblem);
  };
  return {
    lastMs: (key) => uses.get(key),
    note: (key) => {
      const now = wallMs();
      uses.set(key, now);
      const writtenMs = written.get(key);
      if (writtenMs !== undefined && now - writtenMs < writeAfterMs) return;
      written.set(key, now);
      save();
    },
  };
}

async function load({ file, onProblem }: LastUsePorts): Promise<Map<string, number>> {
  try {
    const text = await file.read();
    const kept: unknown = text === undefined ? {} : JSON.parse(text);
    const rows = Object.entries(isJsonObject(kept) ? kept : {});
    return new Map(rows.flatMap(([name, ms]) => (typeof ms === "number" ? [[name, ms]] : [])));
  } catch (error) {
    onProblem(error);
    return new Map();
  }
}
