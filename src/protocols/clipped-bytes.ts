// Collects the bytes of one long item: whole up to a limit, else its beginning and its end. Must not know what they are.

/** An item up to this size is kept whole, in bytes; of a longer one more than this is kept, but not all. */
export const maxWholeEventBytes = 131_072;

const headBytes = 65_536;
const nothing = Buffer.alloc(0);

/** Grows by doubling and forgets the middle of what is too long, so that any item costs linear time and bounded memory. */
export class ClippedBytes {
  #bytes: Buffer = nothing;
  #length = 0;
  #clipped = false;
  readonly #tailBytes: number;
  readonly #mostBytes: number;

  /** @param wholeBytes an item up to this size is kept whole */
  constructor(wholeBytes: number = maxWholeEventBytes) {
    this.#tailBytes = wholeBytes;
    this.#mostBytes = headBytes + 2 * wholeBytes;
  }

  get length(): number {
    return this.#length;
  }

  append(source: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#length === this.#mostBytes) this.#forgetMiddle();
      const count = Math.min(to - at, this.#mostBytes - this.#length);
      this.#reserve(this.#length + count);
      this.#bytes.set(source.subarray(at, at + count), this.#length);
      this.#length += count;
      at += count;
    }
  }

  /** Hands the content out for good. */
  take(): Buffer {
    if (this.#clipped || this.#length > this.#tailBytes) this.#forgetMiddle();
    const content = this.#bytes.subarray(0, this.#length);
    this.#bytes = nothing;
    this.#length = 0;
    this.#clipped = false;
    return content;
  }

  #forgetMiddle(): void {
    const kept = headBytes + this.#tailBytes;
    this.#clipped = true;
    if (this.#length <= kept) return;
    this.#bytes.copyWithin(headBytes, this.#length - this.#tailBytes, this.#length);
    this.#length = kept;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.#mostBytes, Math.max(256, length, this.#bytes.length * 2)),
    );
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
