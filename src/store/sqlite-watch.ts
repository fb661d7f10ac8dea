// Tells listeners of committed revisions, its own process's and others'. Knows no SQL.

export interface RevisionWatchers {
  /** To be called after each own commit. */
  tell(revision: number): void;
  watch(listener: (revision: number) => void): () => void;
  close(): void;
}

/** Other processes' commits are found by asking every `pollMs` while there is a listener. */
export function createRevisionWatchers(pollMs: number, newestRevision: () => number): RevisionWatchers {
  const listeners = new Set<(revision: number) => void>();
  let told = newestRevision();
  let timer: NodeJS.Timeout | undefined;

  const tell = (revision: number): void => {
    if (revision <= told) return;
    told = revision;
    // Apart from the writer: a listener that throws must not make a committed write look failed.
    for (const listener of listeners) queueMicrotask(() => listener(revision));
  };
  const poll = (): void => {
    let revision: number;
    try {
      revision = newestRevision();
    } catch {
      // Whoever reads or writes next gets the error; the poll goes on until the store is back.
      return;
    }
    tell(revision);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const watch = (listener: (revision: number) => void): (() => void) => {
    if (listeners.size === 0) told = newestRevision();
    const entry = (revision: number): void => {
      if (listeners.has(entry)) listener(revision);
    };
    listeners.add(entry);
    timer ??= setInterval(poll, pollMs).unref();
    return () => {
      if (listeners.delete(entry) && listeners.size === 0) stop();
    };
  };
  const close = (): void => {
    listeners.clear();
    stop();
  };
  return { tell, watch, close };
}
