// Tokens that follow each other, as one n-gram. Knows no words.
import type { GramBag } from "./gram-bag.ts";
import { knobs } from "./knobs.ts";
import { glyphToken, signToken, wordToken } from "./tokenizer.ts";
import { hashOfWord } from "./word-hash.ts";

const firstHash = hashOfWord("^");

export class TokenPairs {
  /** Tokens so far that are more than politeness. */
  count = 0;
  private readonly bag: GramBag;
  private lastKind = signToken;
  private lastHash = 0;
  private lastWeight = 0;

  constructor(bag: GramBag) {
    this.bag = bag;
  }

  reset(): void {
    this.count = 0;
  }

  /** A token that is more than politeness; with the one before it, where both are of a kind. */
  next(hash: number, weight: number, kind: number): void {
    if (this.count === 0) this.bag.add(firstHash ^ hash, knobs.firstWord);
    else if (this.lastKind === kind) this.add(Math.imul(this.lastHash, 0x9e3779b1) ^ hash, weight, kind);
    this.count += 1;
    this.lastKind = kind;
    this.lastHash = hash;
    this.lastWeight = weight;
  }

  private add(hash: number, weight: number, kind: number): void {
    const together = Math.sqrt(weight * this.lastWeight);
    if (kind === wordToken) this.bag.add(hash, together * knobs.pairOfWords);
    else if (kind === glyphToken)
      this.bag.addForVector(hash, together * knobs.pairOfGlyphs, together * knobs.glyphsInVector);
    else this.bag.add(hash, together * knobs.pairOfSigns);
  }
}
