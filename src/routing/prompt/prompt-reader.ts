// A prompt in numbers: n-grams, vector, structure, language. One pass over the text, one over its tokens, nothing made for
// either. Knows no domain and no model.
import { complexityOf } from "./complexity.ts";
import { GlyphWords } from "./glyph-words.ts";
import { GramBag } from "./gram-bag.ts";
import { tokenWeights } from "./token-weights.ts";
import { languageOf } from "./language.ts";
import { MarkCounts } from "./mark-counts.ts";
import type { PromptFeatures, PromptReader } from "./prompt-features.ts";
import { PromptVector } from "./prompt-vector.ts";
import { structureNames, writeStructure } from "./structure.ts";
import { Politeness } from "./politeness.ts";
import { TokenPairs } from "./token-pairs.ts";
import { endToken, glyphToken, numberToken, signToken, Tokenizer, wordToken } from "./tokenizer.ts";
import { hashStart, hashWith, mixed } from "./word-hash.ts";
import { common, polite, WordMarks } from "./word-marks.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Shares of words in English, by their row, follow 1 / (row + 2.7); of all rows together this is the sum. */
const zipfSum = 9.3;
/** Characters of a word that is not known, by which it is read. */
const longestPieces = 24;
/** From so many digits on, numbers are alike. */
const manyDigits = 5;

type Changeable = { -readonly [Name in keyof PromptFeatures]: PromptFeatures[Name] };

class Reader implements PromptReader {
  private readonly words: WordVectors;
  private readonly tokenizer = new Tokenizer();
  private readonly marks = new WordMarks();
  private readonly counts = new MarkCounts();
  private readonly bag = new GramBag();
  private readonly pairs = new TokenPairs(this.bag, this.counts);
  private readonly vector: PromptVector;
  private readonly glyphs: GlyphWords;
  private readonly politeness: Politeness;
  /** By row. */
  private readonly gramWeights: Float32Array;
  private readonly vectorWeights: Float32Array;
  private readonly features: Changeable;

  constructor(words: WordVectors) {
    this.words = words;
    this.vector = new PromptVector(words);
    const { tokenizer, marks, counts, bag, pairs, vector } = this;
    this.glyphs = new GlyphWords({ words, tokenizer, marks, counts, bag, pairs, vector });
    this.politeness = new Politeness({ tokenizer, marks, counts, bag, glyphs: this.glyphs });
    this.gramWeights = weightsOf(words.count, tokenWeights.gramRarity);
    this.vectorWeights = weightsOf(words.count, tokenWeights.vectorRarity);
    this.features = {
      grams: bag.grams,
      gramWeights: bag.weights,
      gramCount: 0,
      vector: vector.vector,
      meaning: vector.meaning,
      structure: new Float32Array(structureNames.length),
      language: undefined,
      complexity: 0,
    };
  }

  read(text: string): PromptFeatures {
    const { tokenizer } = this;
    tokenizer.read(text);
    this.counts.reset();
    this.glyphs.reset();
    for (let at = this.politeness.skip(0); at < tokenizer.count; at += 1) {
      const kind = tokenizer.kinds[at] ?? signToken;
      const hash = tokenizer.hashes[at] ?? 0;
      if (kind === wordToken) this.word(at, hash);
      else if (kind === glyphToken) this.glyphs.read(at, hash);
      else if (kind === endToken) at = this.politeness.skip(at + 1) - 1;
      else if (kind === numberToken) this.number(tokenizer.lengths[at] ?? 1);
      else this.sign(hash);
    }
    return this.finish(text.length);
  }

  private finish(length: number): PromptFeatures {
    const { tokenizer, counts, features, bag } = this;
    bag.finish();
    this.vector.finish(bag.made);
    writeStructure(features.structure, tokenizer, counts, length);
    features.gramCount = bag.count;
    features.language = languageOf(tokenizer, counts);
    features.complexity = complexityOf(tokenizer, counts);
    return features;
  }

  private word(at: number, hash: number): void {
    const { counts, pairs, bag } = this;
    const length = this.tokenizer.lengths[at] ?? 0;
    const mark = this.marks.of(hash);
    const row = this.words.rowOf(hash);
    counts.count(mark);
    counts.countWord(mark, length);
    if ((mark & polite) !== 0) {
      bag.addForVector(hash, tokenWeights.politeWord, tokenWeights.politeWord);
      return;
    }
    const weight = this.gramWeight(row, mark);
    bag.add(hash, weight);
    pairs.next(hash, weight, wordToken);
    if (row >= 0) this.vector.addWord(row, this.vectorWeights[row] ?? 0);
    else if ((mark & common) === 0 && length > 1) this.pieces(at, length);
  }

  private gramWeight(row: number, mark: number): number {
    if ((mark & common) !== 0) return tokenWeights.commonWord;
    return row < 0 ? tokenWeights.unknownWord : (this.gramWeights[row] ?? 0);
  }

  /** A word that is not known, by its pieces of three characters: one letter wrong leaves most of them. */
  private pieces(at: number, length: number): void {
    const { folded, starts } = this.tokenizer;
    const start = starts[at] ?? 0;
    const end = start + Math.min(length, longestPieces);
    // Pieces point everywhere, so that n of them together are as long as the root of n.
    const inVector = tokenWeights.unknownInVector / Math.sqrt(end - start);
    for (let from = start - 1; from + 1 < end; from += 1) {
      let hash = hashStart;
      for (let near = from; near < from + 3; near += 1)
        hash = hashWith(hash, near < start || near >= end ? 0x20 : (folded[near] ?? 0));
      this.bag.addForVector(hash, tokenWeights.pieceOfWord, inVector);
    }
  }

  private number(length: number): void {
    const hash = mixed(Math.min(length, manyDigits));
    this.bag.add(hash, tokenWeights.number);
    this.pairs.next(hash, tokenWeights.number, wordToken);
  }

  private sign(hash: number): void {
    this.bag.add(hash, tokenWeights.sign);
    this.pairs.next(hash, tokenWeights.sign, signToken);
  }
}

/** By row: what is said seldom says much. */
function weightsOf(rows: number, rarity: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => rarity / (rarity + 1 / (zipfSum * (row + 2.7))));
}

/** One for each thread: the features that it gives are the same object for every prompt. */
export function createPromptReader(words: WordVectors): PromptReader {
  return new Reader(words);
}
