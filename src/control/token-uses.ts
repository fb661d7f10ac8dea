// When each token of the admin API was used last: kept in memory, written down now and then, so that a restart forgets
// some minutes at most. Knows tokens by their SHA-256 alone, and no request.
import { isJsonObject } from "./merge-patch.ts";
import type { SessionFile } from "./sessions.ts";

export interface TokenUses {
  /** Counts this moment as a use. */
  note(sha256: string): void;
  /** Milliseconds since 1970; undefined when it was never used. */
  lastMs(sha256: string): number | undefined;
}

export interface TokenUsePorts {
  readonly file: SessionFile;
  readonly wallMs: () => number;
  /** Told when the text cannot be read or written. */
  readonly onProblem: (error: unknown) => void;
}

/** A use is written down only this long after the one that stands there, as it may come with every request. */
const writeAfterMs = 600_000;
/** Those that were used least recently are forgotten. */
const maxTokens = 10_000;

/** Reads what was kept. */
export async function openTokenUses(ports: TokenUsePorts): Promise<TokenUses> {
  const { file, wallMs, onProblem } = ports;
  const uses = await load(ports);
  const written = new Map(uses);
  let last: Promise<void> = Promise.resolve();
  const save = (): void => {
    for (const [sha256] of [...uses].toSorted(([, left], [, right]) => right - left).slice(maxTokens))
      uses.delete(sha256);
    const text = JSON.stringify(Object.fromEntries(uses));
    last = last.then(() => file.write(text)).catch(onProblem);
  };
  return {
    lastMs: (sha256) => uses.get(sha256),
    note: (sha256) => {
      const now = wallMs();
      uses.set(sha256, now);
      const writtenMs = written.get(sha256);
      if (writtenMs !== undefined && now - writtenMs < writeAfterMs) return;
      written.set(sha256, now);
      save();
    },
  };
}

async function load({ file, onProblem }: TokenUsePorts): Promise<Map<string, number>> {
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
