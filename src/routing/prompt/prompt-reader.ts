// A prompt in numbers: n-grams, vector, structure, language. One pass over the text, one over its tokens, nothing made for
// either. Knows no domain and no model.
import { complexityOf } from "./complexity.ts";
import { GramBag } from "./gram-bag.ts";
import { knobs } from "./knobs.ts";
import { languageOf } from "./language.ts";
import type { PromptFeatures, PromptReader } from "./prompt-features.ts";
import { PromptVector } from "./prompt-vector.ts";
import { structureNames, writeStructure, type MarkCounts } from "./structure.ts";
import { glyphToken, numberToken, signToken, Tokenizer, wordToken } from "./tokenizer.ts";
import { asking, binding, common, demanding, foreign, polite, WordMarks } from "./word-marks.ts";
import { endOfHash, hashOfWord, hashStart, hashWith, mixed } from "./word-hash.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Words among which a question begins. */
const firstWords = 3;
/** Shares of words in English, by their row, follow 1 / (row + 2.7); of all rows together this is the sum. */
const zipfSum = 9.3;
const firstHash = hashOfWord("^");
const longestPieces = 24;
const longestPhrase = 6;

function partOfPair(kind: number): number {
  if (kind === wordToken) return knobs.pairOfWords;
  return kind === glyphToken ? knobs.pairOfGlyphs : knobs.pairOfSigns;
}

type Changeable = { -readonly [Name in keyof PromptFeatures]: PromptFeatures[Name] };

class Reader implements PromptReader {
  private readonly words: WordVectors;
  private readonly tokenizer = new Tokenizer();
  private readonly marks = new WordMarks();
  private readonly bag = new GramBag();
  private readonly vector: PromptVector;
  /** By row. */
  private readonly gramWeights: Float32Array;
  private readonly vectorWeights: Float32Array;
  private readonly features: Changeable;
  private readonly counts: MarkCounts = {
    words: 0,
    wordCharacters: 0,
    polite: 0,
    asking: 0,
    asksFirst: 0,
    demanding: 0,
    binding: 0,
  };
  private englishWords = 0;
  private foreignWords = 0;
  /** Of the token before this one. */
  private lastKind = signToken;
  private lastHash = 0;
  private lastWeight = 0;
  /** The next character belongs to a polite phrase with the one before it. */
  private politeNext = false;
  /** Token after the last known phrase. */
  private phraseEnd = 0;
  /** Tokens that are more than politeness, so far. */
  private meant = 0;

  constructor(words: WordVectors) {
    this.words = words;
    this.vector = new PromptVector(words);
    this.features = {
      grams: this.bag.grams,
      gramWeights: this.bag.weights,
      gramCount: 0,
      vector: this.vector.vector,
      meaning: this.vector.meaning,
      structure: new Float32Array(structureNames.length),
      language: undefined,
      complexity: 0,
    };
    const weightsFrom = (rarity: number) =>
      Float32Array.from({ length: words.count }, (_, row) => rarity / (rarity + 1 / (zipfSum * (row + 2.7))));
    this.gramWeights = weightsFrom(knobs.gramRarity);
    this.vectorWeights = weightsFrom(knobs.vectorRarity);
  }

  read(text: string): PromptFeatures {
    const { tokenizer } = this;
    tokenizer.read(text);
    this.begin();
    for (let at = 0; at < tokenizer.count; at += 1) {
      const kind = tokenizer.kinds[at] ?? signToken;
      const hash = tokenizer.hashes[at] ?? 0;
      if (kind === wordToken) this.word(at, hash);
      else if (kind === glyphToken) this.glyph(at, hash);
      else if (kind === numberToken) this.number(tokenizer.lengths[at] ?? 1);
      else this.sign(hash);
    }
    return this.told(text.length);
  }

  private told(length: number): PromptFeatures {
    const { tokenizer, counts, features } = this;
    const { latin, accented, han, kana, otherLetters } = tokenizer;
    const { englishWords, foreignWords } = this;
    this.bag.finish();
    this.vector.finish();
    writeStructure(features.structure, tokenizer, counts, length);
    features.gramCount = this.bag.count;
    features.language = languageOf({
      latin,
      accented,
      han,
      kana,
      otherLetters,
      englishWords,
      foreignWords,
    });
    features.complexity = complexityOf(tokenizer, counts);
    return features;
  }

  private begin(): void {
    const { counts } = this;
    counts.words = 0;
    counts.wordCharacters = 0;
    counts.polite = 0;
    counts.asking = 0;
    counts.asksFirst = 0;
    counts.demanding = 0;
    counts.binding = 0;
    this.englishWords = 0;
    this.foreignWords = 0;
    this.lastKind = signToken;
    this.lastWeight = 0;
    this.politeNext = false;
    this.phraseEnd = 0;
    this.meant = 0;
  }

  private word(at: number, hash: number): void {
    const { tokenizer, counts } = this;
    const length = tokenizer.lengths[at] ?? 0;
    const mark = this.marks.of(hash);
    const row = this.words.rowOf(hash);
    this.count(mark);
    counts.words += 1;
    counts.wordCharacters += length;
    const weight = this.gramWeight(row, mark);
    this.bag.add(hash, weight);
    this.pair(hash, weight, wordToken, mark);
    if ((mark & polite) !== 0) this.vector.addMade(hash, knobs.politeWord);
    else if (row >= 0) this.vector.addKnown(row, this.vectorWeights[row] ?? 0);
    else if ((mark & common) === 0 && length > 1) this.unknown(at, length);
  }

  private unknown(at: number, length: number): void {
    const { folded, starts } = this.tokenizer;
    const start = starts[at] ?? 0;
    const looked = Math.min(length, longestPieces);
    this.vector.addPieces(folded, start, looked, knobs.unknownInVector);
    for (let from = start; from + 3 <= start + looked; from += 1) {
      let hash = hashStart;
      for (let near = from; near < from + 3; near += 1) hash = hashWith(hash, folded[near] ?? 0);
      this.bag.add(hash, knobs.pieceOfWord);
    }
  }

  private gramWeight(row: number, mark: number): number {
    if ((mark & polite) !== 0) return knobs.politeWord;
    if ((mark & common) !== 0) return knobs.commonWord;
    return row < 0 ? knobs.unknownWord : (this.gramWeights[row] ?? 0);
  }

  private glyph(at: number, hash: number): void {
    let mark = this.marks.of(hash);
    if (this.politeNext) {
      mark |= polite;
      this.politeNext = false;
    } else if (this.tokenizer.kinds[at + 1] === glyphToken && at + 1 < this.tokenizer.count) {
      const phrase = this.marks.of(this.phraseAt(at));
      this.politeNext = (phrase & polite) !== 0;
      mark |= phrase;
    }
    this.count(mark);
    const weight =
      (mark & polite) !== 0 ? knobs.politeGlyph : (mark & common) !== 0 ? knobs.commonGlyph : knobs.glyph;
    this.bag.add(hash, weight);
    this.vector.addMade(hash, weight * knobs.glyphInVector);
    if (at >= this.phraseEnd && (mark & polite) === 0) this.phrase(at);
    this.pair(hash, weight, glyphToken, mark);
  }

  /** The longest known word that begins here. */
  private phrase(at: number): void {
    const { phrases } = this.words;
    const { kinds, folded, starts, count } = this.tokenizer;
    let end = at + 1;
    while (end < count && kinds[end] === glyphToken && end - at < longestPhrase) end += 1;
    const gloss = phrases.find(folded, starts[at] ?? 0, end - at);
    if (gloss < 0) return;
    this.phraseEnd = at + phrases.foundLength;
    this.vector.addPhrase(gloss, phrases.foundLength === 1 ? knobs.singlePhrase : knobs.phrase);
  }

  /** The hash of two characters as one word. */
  private phraseAt(at: number): number {
    const { folded, starts } = this.tokenizer;
    const first = hashWith(hashStart, folded[starts[at] ?? 0] ?? 0);
    return endOfHash(hashWith(first, folded[starts[at + 1] ?? 0] ?? 0));
  }

  private number(length: number): void {
    const hash = mixed(length < 5 ? length : 5);
    this.bag.add(hash, knobs.number);
    this.pair(hash, knobs.number, wordToken, 0);
  }

  private sign(hash: number): void {
    this.bag.add(hash, knobs.sign);
    this.pair(hash, knobs.sign, signToken, 0);
  }

  /** This token with the one before it, where both are of a kind. */
  private pair(hash: number, weight: number, kind: number, mark: number): void {
    const isPolite = (mark & polite) !== 0;
    if (this.lastKind === kind && this.meant > 0 && !isPolite) {
      const both = mixed(Math.imul(this.lastHash, 0x9e3779b1) ^ hash);
      const together = partOfPair(kind) * Math.sqrt(weight * this.lastWeight);
      this.bag.add(both, together);
      if (kind === glyphToken) this.vector.addMade(both, together * knobs.glyphInVector);
    }
    if (isPolite) return;
    if (this.meant === 0) this.bag.add(firstHash ^ hash, knobs.firstWord);
    if (this.meant < firstWords && (mark & asking) !== 0) this.counts.asksFirst = 1;
    this.meant += 1;
    this.lastKind = kind;
    this.lastHash = hash;
    this.lastWeight = weight;
  }

  private count(mark: number): void {
    const { counts } = this;
    if (mark === 0) return;
    if ((mark & polite) !== 0) counts.polite += 1;
    if ((mark & asking) !== 0) counts.asking += 1;
    if ((mark & demanding) !== 0) counts.demanding += 1;
    if ((mark & binding) !== 0) counts.binding += 1;
    if ((mark & common) !== 0) this.englishWords += 1;
    if ((mark & foreign) !== 0) this.foreignWords += 1;
  }
}

/** One for each thread: the features that it gives are the same object for every prompt. */
export function createPromptReader(words: WordVectors): PromptReader {
  return new Reader(words);
}
