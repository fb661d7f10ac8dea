// Tells when a JSON object that comes in pieces is complete, reading each character once. Must not know what it holds.

const quote = 0x22;
const backslash = 0x5c;

export class JsonEnd {
  /** The outermost object or list has been closed. */
  reached = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  feed(piece: string): void {
    for (let at = 0; at < piece.length && !this.reached; at++) this.#read(piece.charCodeAt(at));
  }

  #read(code: number): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === backslash) this.#escaped = true;
      else if (code === quote) this.#inString = false;
    } else if (code === quote) {
      this.#inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      this.#depth += 1;
    } else if (code === 0x7d || code === 0x5d) {
      this.#depth -= 1;
      this.reached = this.#depth <= 0;
    }
  }
}
