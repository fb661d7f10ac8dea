// Tells whether the arguments of a tool call that come piece by piece are complete, so that the next call may begin.
// Looks at each character once. Must not know protocols.

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

export class OpenArguments {
  text = "";
  /** Up to here it was looked at. */
  #at = 0;
  #depth = 0;
  #inString = false;
  #hasBegun = false;

  /** Whether the text is one whole object. Anything else counts as unfinished. */
  get complete(): boolean {
    const { text } = this;
    for (let at = this.#at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#inString) {
        if (code === backslash) at += 1;
        else if (code === quote) this.#inString = false;
      } else if (code === quote) this.#inString = true;
      else if (code === openBrace) {
        this.#depth += 1;
        this.#hasBegun = true;
      } else if (code === closeBrace) this.#depth -= 1;
      // What a backslash at the end of a piece escapes comes with the next one.
      this.#at = at + 1;
    }
    return this.#hasBegun && this.#depth === 0 && !this.#inString;
  }
}
