// Parts of sentences that are nothing but politeness, such as `Hi there!` or `麻烦您帮我看一下：`: what is asked is the same
// without them, so they count next to nothing. Knows no vector.
import type { GlyphWords } from "./glyph-words.ts";
import type { GramBag } from "./gram-bag.ts";
import { tokenWeights } from "./token-weights.ts";
import type { MarkCounts } from "./mark-counts.ts";
import { endToken, glyphToken, type Tokenizer, wordToken } from "./tokenizer.ts";
import { common, polite, type WordMarks } from "./word-marks.ts";

/** Words beside those of politeness and of every text, up to which a part is nothing but politeness. */
const mostOthers = 2;
const newline = 0x0a;

interface Parts {
  readonly tokenizer: Tokenizer;
  readonly marks: WordMarks;
  readonly counts: MarkCounts;
  readonly bag: GramBag;
  readonly glyphs: GlyphWords;
}

export class Politeness {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** A part of a sentence begins there: gives where the first part begins that asks for something. */
  skip(from: number): number {
    const { tokenizer } = this.parts;
    let at = from;
    while (at < tokenizer.count && this.isPolite(at)) at = this.take(at);
    return at;
  }

  private isPolite(from: number): boolean {
    const { tokenizer, marks, glyphs } = this.parts;
    const { kinds, hashes, count } = tokenizer;
    let others = 0;
    let found = false;
    for (let at = from; at < count && kinds[at] !== endToken && others <= mostOthers; at += 1) {
      if (kinds[at] === wordToken) {
        const mark = marks.of(hashes[at] ?? 0);
        if ((mark & polite) !== 0) found = true;
        else if ((mark & common) === 0) others += 1;
      } else if (kinds[at] === glyphToken) {
        const length = glyphs.politeFrom(at);
        if (length > 0) {
          found = true;
          at += length - 1;
        } else if (!glyphs.isCommon(at)) others += 1;
      } else others += 1;
    }
    return found && others <= mostOthers;
  }

  /** Counts a part to its end; gives where the next begins. */
  private take(from: number): number {
    const { tokenizer, counts, bag } = this.parts;
    const { kinds, hashes, lengths, folded, starts, count, signs } = tokenizer;
    let at = from;
    for (; at < count && kinds[at] !== endToken; at += 1) {
      bag.addForVector(hashes[at] ?? 0, tokenWeights.politeWord, tokenWeights.politeWord);
      counts.polite += 1;
      counts.politeCharacters += lengths[at] ?? 0;
    }
    const isLine = from === 0 || folded[starts[from - 1] ?? 0] === newline;
    // Its mark, and all marks and line ends right after it, belong to it.
    let endsLine = false;
    for (; at < count && kinds[at] === endToken; at += 1) {
      const end = folded[starts[at] ?? 0] ?? 0;
      if (end === newline) endsLine = true;
      else signs[end] = Math.max(0, (signs[end] ?? 0) - 1);
      counts.politeCharacters += 1;
    }
    if (isLine && (endsLine || at === count)) counts.politeLines += 1;
    return at;
  }
}
