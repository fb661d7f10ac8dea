// What was read from partitions and made ready, up to so many bytes: what was not used for longest goes first.

interface Kept {
  readonly value: unknown;
  readonly bytes: number;
}

export class ColumnCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param load gives the value and what it takes; the same key always stands for the same type */
  get<Value>(key: string, load: () => { readonly value: Value; readonly bytes: number }): Value {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      // Whoever asks for a key has put it there by the same `load`.
      return known.value as Value;
    }
    const loaded = load();
    this.#kept.set(key, loaded);
    this.#bytes += loaded.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes;
    }
    return loaded.value;
  }
}
