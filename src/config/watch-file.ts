// Notices changes of a configuration file and of the files it names, by content. Knows not what a change means.
import { readFile } from "node:fs/promises";
import { contentHash } from "./content-hash.ts";

/** Absolute path -> content hash as it was read: what a document names besides itself. */
export type NamedFiles = ReadonlyMap<string, string>;

export interface FileWatchOptions {
  readonly file: string;
  /** What runs already: the content of the file and what it named. */
  readonly taken: { readonly content: Uint8Array; readonly named: NamedFiles };
  /**
   * Takes a new content, valid or not, and returns what it names. Throws only for what may pass by itself
   * (a full disk): the same content then comes again with the next poll.
   */
  readonly onChange: (content: Buffer) => Promise<NamedFiles>;
  /** Told when the file cannot be read twice in a row, once, and of each throw of `onChange`. */
  readonly onProblem: (message: string, cause: unknown) => void;
}

export interface FileWatch {
  /** One look; never rejects. To be called a second apart. */
  poll(): Promise<void>;
}

function fingerprint(content: Uint8Array, named: NamedFiles): string {
  return [contentHash(content), ...[...named].map(([file, hash]) => `${file}\n${hash}`).toSorted()].join(
    "\n",
  );
}

/** The content hash of each file now; unreadable counts as absent. */
async function lookAt(files: Iterable<string>): Promise<NamedFiles> {
  const now = new Map<string, string>();
  // One after the other: there may be more files than may be open at once.
  for (const file of files) now.set(file, contentHash(await readFile(file).catch(() => undefined)));
  return now;
}

/** Follows one file. A change is taken when two polls in a row see the same new state. */
export function createFileWatch(options: FileWatchOptions): FileWatch {
  let named = options.taken.named;
  let taken = fingerprint(options.taken.content, named);
  let candidate: string | undefined;
  let failures = 0;

  const readContent = async (): Promise<Buffer | undefined> => {
    try {
      const content = await readFile(options.file);
      failures = 0;
      return content;
    } catch (error) {
      // Between the two steps of a replacement the file may be away for a moment; what runs stays.
      failures += 1;
      if (failures === 2) {
        options.onProblem(`The file ${options.file} cannot be read; its last content stays`, error);
      }
      return undefined;
    }
  };

  const take = async (content: Buffer): Promise<void> => {
    try {
      named = await options.onChange(content);
    } catch (error) {
      options.onProblem(`The change of ${options.file} could not be taken yet`, error);
      return;
    }
    // With the hashes as `onChange` read them: what changed meanwhile differs at the next poll.
    taken = fingerprint(content, named);
    candidate = undefined;
  };

  return {
    async poll() {
      const content = await readContent();
      if (content === undefined) {
        candidate = undefined;
        return;
      }
      const seen = fingerprint(content, await lookAt(named.keys()));
      if (seen === taken) candidate = undefined;
      else if (seen === candidate) await take(content);
      else candidate = seen;
    },
  };
}

/** Calls back once after `delayMs`; returns the way to call it off. */
export type Delay = (delayMs: number, run: () => void) => () => void;

/** Real time that keeps no process alive. */
export const realDelay: Delay = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

/**
 * Polls until stopped. The time between the end of one poll and the next is never shorter, so that two equal reads
 * are a second apart even after the thread was busy.
 */
export function pollEvery(intervalMs: number, watch: FileWatch, delay: Delay = realDelay): () => void {
  let stopped = false;
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = delay(intervalMs, () => void look());
  };
  const look = async (): Promise<void> => {
    await watch.poll();
    if (!stopped) next();
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
