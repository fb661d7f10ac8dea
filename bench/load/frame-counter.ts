// Counts server-sent event frames in body pieces cut anywhere.
// It must not know what the events say.

const NEW_LINE = 10;

/** Frames end with an empty line (`\n\n`); the mock sends no other line ends. */
export class FrameCounter {
  frames = 0;
  /** Whether the last byte closed a frame. */
  closed = true;
  #afterNewLine = false;

  /** Adds `piece[start, end)` and returns how many frames it closed. */
  add(piece: Buffer, start: number, end: number): number {
    const before = this.frames;
    let at = start;
    if (this.#afterNewLine && piece[at] === NEW_LINE) {
      this.frames++;
      at++;
    }
    let lastEnd = at > start ? at : -1;
    for (;;) {
      const found = piece.indexOf("\n\n", at);
      if (found < 0 || found + 2 > end) break;
      this.frames++;
      at = found + 2;
      lastEnd = at;
    }
    this.closed = lastEnd === end;
    this.#afterNewLine = !this.closed && piece[end - 1] === NEW_LINE;
    return this.frames - before;
  }

  reset(): void {
    this.frames = 0;
    this.closed = true;
    this.#afterNewLine = false;
  }
}
