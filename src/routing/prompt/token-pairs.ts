// Tokens that follow each other, as one n-gram. Knows no words.
import type { GramBag } from "./gram-bag.ts";
import { tokenWeights } from "./token-weights.ts";
import type { MarkCounts } from "./mark-counts.ts";
import { glyphToken, signToken, wordToken } from "./tokenizer.ts";
import { hashOfWord } from "./word-hash.ts";

const firstHash = hashOfWord("^");

export class TokenPairs {
  private readonly bag: GramBag;
  private readonly counts: MarkCounts;
  private lastKind = signToken;
  private lastHash = 0;
  private lastWeight = 0;

  constructor(bag: GramBag, counts: MarkCounts) {
    this.bag = bag;
    this.counts = counts;
  }

  /** A token that is more than politeness; with the one before it, where both are of a kind. */
  next(hash: number, weight: number, kind: number): void {
    if (this.counts.meant === 0) this.bag.add(firstHash ^ hash, tokenWeights.firstWord);
    else if (this.lastKind === kind) this.add(Math.imul(this.lastHash, 0x9e3779b1) ^ hash, weight, kind);
    this.counts.meant += 1;
    this.lastKind = kind;
    this.lastHash = hash;
    this.lastWeight = weight;
  }

  private add(hash: number, weight: number, kind: number): void {
    const together = Math.sqrt(weight * this.lastWeight);
    if (kind === wordToken) this.bag.add(hash, together * tokenWeights.pairOfWords);
    else if (kind === glyphToken)
      this.bag.addForVector(
        hash,
        together * tokenWeights.pairOfGlyphs,
        together * tokenWeights.glyphsInVector,
      );
    else this.bag.add(hash, together * tokenWeights.pairOfSigns);
  }
}
