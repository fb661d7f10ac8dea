// Characters of scripts without spaces: each by itself, and the Chinese words that they make. Knows no other tokens.
import type { GramBag } from "./gram-bag.ts";
import { tokenWeights } from "./token-weights.ts";
import type { MarkCounts } from "./mark-counts.ts";
import type { PromptVector } from "./prompt-vector.ts";
import type { TokenPairs } from "./token-pairs.ts";
import { glyphToken, type Tokenizer } from "./tokenizer.ts";
import { endOfHash, hashStart, hashWith } from "./word-hash.ts";
import { beginsPair, common, polite, type WordMarks } from "./word-marks.ts";
import type { WordVectors } from "./word-vectors.ts";

const longestPhrase = 6;

interface Parts {
  readonly words: WordVectors;
  readonly tokenizer: Tokenizer;
  readonly marks: WordMarks;
  readonly counts: MarkCounts;
  readonly bag: GramBag;
  readonly vector: PromptVector;
  readonly pairs: TokenPairs;
}

export class GlyphWords {
  private readonly parts: Parts;
  /** The next character ends a polite phrase. */
  private politeNext = false;
  /** Token after the last known phrase. */
  private phraseEnd = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  reset(): void {
    this.politeNext = false;
    this.phraseEnd = 0;
  }

  read(at: number, hash: number): void {
    const { tokenizer, counts, bag, pairs } = this.parts;
    const character = tokenizer.folded[tokenizer.starts[at] ?? 0] ?? 0;
    const mark = this.markOf(at, character);
    counts.count(mark);
    if ((mark & polite) !== 0) {
      bag.addForVector(
        hash,
        tokenWeights.politeGlyph,
        tokenWeights.politeGlyph * tokenWeights.glyphsInVector,
      );
      return;
    }
    const weight = (mark & common) === 0 ? tokenWeights.glyph : tokenWeights.commonGlyph;
    bag.addForVector(hash, weight, weight * tokenWeights.glyphsInVector);
    if (at >= this.phraseEnd) this.phrase(at);
    pairs.next(hash, weight, glyphToken);
  }

  /** How many characters of politeness begin there. */
  politeFrom(at: number): number {
    const { marks, tokenizer } = this.parts;
    const mark = marks.ofCharacter(tokenizer.folded[tokenizer.starts[at] ?? 0] ?? 0);
    if ((mark & beginsPair) !== 0 && (this.pairAt(at) & polite) !== 0) return 2;
    return (mark & polite) === 0 ? 0 : 1;
  }

  /** Whether it stands in every text. */
  isCommon(at: number): boolean {
    const { marks, tokenizer } = this.parts;
    return (marks.ofCharacter(tokenizer.folded[tokenizer.starts[at] ?? 0] ?? 0) & common) !== 0;
  }

  private markOf(at: number, character: number): number {
    const mark = this.parts.marks.ofCharacter(character);
    if (this.politeNext) {
      this.politeNext = false;
      return mark | polite;
    }
    if ((mark & beginsPair) === 0) return mark;
    const pair = this.pairAt(at);
    this.politeNext = (pair & polite) !== 0;
    return mark | pair;
  }

  /** Marks of this character and the next as one word. */
  private pairAt(at: number): number {
    const { marks, tokenizer } = this.parts;
    const { folded, starts, kinds, count } = tokenizer;
    if (at + 1 >= count || kinds[at + 1] !== glyphToken) return 0;
    const first = hashWith(hashStart, folded[starts[at] ?? 0] ?? 0);
    return marks.of(endOfHash(hashWith(first, folded[starts[at + 1] ?? 0] ?? 0)));
  }

  /** The longest known word that begins here. */
  private phrase(at: number): void {
    const { words, tokenizer, vector } = this.parts;
    const { kinds, folded, starts, count } = tokenizer;
    const { phrases } = words;
    let end = at + 1;
    while (end < count && kinds[end] === glyphToken && end - at < longestPhrase) end += 1;
    const gloss = phrases.find(folded, starts[at] ?? 0, end - at);
    if (gloss < 0) return;
    this.phraseEnd = at + phrases.foundLength;
    vector.addPhrase(gloss, phrases.foundLength === 1 ? tokenWeights.singlePhrase : tokenWeights.phrase);
  }
}
