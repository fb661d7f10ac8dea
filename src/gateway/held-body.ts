// The pieces of a body that is held until it has been judged. Knows no format.

export class HeldBody {
  #pieces: Buffer[] = [];
  /** In bytes. */
  size = 0;

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.size += piece.length;
  }

  /** In one piece. */
  get whole(): Buffer {
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.size);
  }

  release(): void {
    this.#pieces = [];
    this.size = 0;
  }
}
