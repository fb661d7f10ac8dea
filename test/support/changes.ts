// Waiting without sleeping: a test asks for a condition, and whoever changes the world says so. Knows nothing else.

/** Tells waiters that something changed; each looks for itself whether its condition now holds. */
export class Changes {
  readonly #waiters = new Set<() => void>();

  /** Lets every waiter look again. */
  notify(): void {
    for (const look of this.#waiters) look();
  }

  /** Resolves with the first value of `probe` that is not undefined. The test's own time limit ends a wait in vain. */
  async until<T>(probe: () => T | undefined): Promise<T> {
    const now = probe();
    if (now !== undefined) return now;
    return new Promise<T>((resolve) => {
      const look = (): void => {
        const value = probe();
        if (value === undefined) return;
        this.#waiters.delete(look);
        resolve(value);
      };
      this.#waiters.add(look);
    });
  }
}
