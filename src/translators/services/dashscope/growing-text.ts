// Finds what is new in a text that comes in events, whether each brings a piece or, as services do that pay no heed to
// `incremental_output`, repeats the whole. Must not know what the text is.

/** Shared by all texts of one stream: what one of them shows holds for the others. */
export interface StreamManner {
  manner: "unknown" | "pieces" | "wholes";
}

/** Two pieces of this many characters are never the same by chance. */
const longPiece = 32;

export class GrowingText {
  readonly #stream: StreamManner;
  /** All that was given out, while it may matter. */
  #given = "";
  /** The second text, while it may be either the next piece or a longer whole: the next event tells. */
  #held: string | undefined;

  constructor(stream: StreamManner) {
    this.#stream = stream;
  }

  /**
   * @param text of this event; "" for none
   * @param isGrown whether the service has counted more tokens than before; undefined where it does not count on the way
   * @param isLast nothing follows that could tell more
   * @returns what is new
   */
  next(text: string, isGrown: boolean | undefined, isLast: boolean): string {
    if (this.#stream.manner === "unknown") this.#judge(text, isGrown, isLast);
    if (this.#stream.manner === "pieces") return this.#release() + text;
    if (this.#stream.manner === "wholes") return this.#behind(text);
    if (this.#given !== "") return "";
    this.#given = text;
    return text;
  }

  /** What was held back when nothing follows. */
  #release(): string {
    const held = this.#held ?? "";
    this.#held = undefined;
    this.#given = "";
    return held;
  }

  #behind(text: string): string {
    this.#held = undefined;
    const added = text.slice(this.#given.length);
    if (added !== "") this.#given = text;
    return added;
  }

  /** Pieces are the rule. Wholes are those that begin with all that came before, twice in a row or at the end. */
  #judge(text: string, isGrown: boolean | undefined, isLast: boolean): void {
    if (this.#given === "") return;
    const before = this.#held ?? this.#given;
    if (text === "") {
      if (this.#held !== undefined) this.#stream.manner = "pieces";
      return;
    }
    const isRepeated = text === before && !(isGrown ?? (!isLast && text.length < longPiece));
    const isLonger = text.length > before.length && text.startsWith(before);
    if (!isRepeated && !isLonger) this.#stream.manner = "pieces";
    else if (isRepeated || isLast || this.#held !== undefined) this.#stream.manner = "wholes";
    else this.#held = text;
  }
}
