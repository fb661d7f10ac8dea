// Memory for content that is to be recorded, shared by all exchanges of a thread. Knows not what is kept in it.

const defaultBytes = 256 * 1024 * 1024;

export class ContentBudget {
  #left: number;

  constructor(bytes = defaultBytes) {
    this.#left = bytes;
  }

  /** False: there is not so much left, and nothing was taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}
