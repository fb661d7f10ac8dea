// The pieces of a body that is held until it has been judged. Knows no format.

/** A body up to this size is judged whole before the client sees any of it, in bytes. */
const maxJudgedBytes = 1024 * 1024;

export class HeldBody {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** @returns false: it is too large to be judged whole */
  push(piece: Buffer): boolean {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    return this.#bytes <= maxJudgedBytes;
  }

  /** In one piece. */
  get whole(): Buffer {
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined
      ? first
      : Buffer.concat(this.#pieces, this.#bytes);
  }

  release(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}
