// Chinese words by the vectors of the English words that say the same, so that what is asked in Chinese is near what is asked
// in English. Knows no prompt and no file.
import { vectorLength } from "./prompt-features.ts";
import { endOfHash, hashOfWord, hashStart, hashWith } from "./word-hash.ts";

/** Hashes in the table: more than twice as many as there are phrases. */
const leastPlaces = 64;

export class Phrases {
  /** How many phrases are known. */
  readonly size: number;
  /** By gloss, `vectorLength` signed bytes each. */
  readonly vectors: Int8Array;
  /** Characters of the phrase that was found last. */
  foundLength = 0;
  private readonly hashes: Int32Array;
  private readonly glosses: Uint16Array;
  /** By the first character, the length of the longest phrase. */
  private readonly longest = new Uint8Array(0x10000);

  /** @param text lines such as `doctor physician = 医生 大夫`; `vectorOf` adds up what English words mean */
  constructor(text: string, addWord: (hash: number, into: Float64Array) => void) {
    const lines = text.split("\n").filter((line) => line.includes(" = "));
    const rows = lines.map((line) => line.split(" = ").map((words) => words.trim().split(" ")));
    this.size = rows.reduce((sum, [, phrases = []]) => sum + phrases.length, 0);
    let places = leastPlaces;
    while (places < this.size * 2) places *= 2;
    this.hashes = new Int32Array(places);
    this.glosses = new Uint16Array(places);
    this.vectors = new Int8Array(rows.length * vectorLength);
    for (const [gloss, [english = [], phrases = []]] of rows.entries()) {
      const sums = new Float64Array(vectorLength);
      for (const word of english) addWord(hashOfWord(word), sums);
      this.setVector(gloss, sums);
      for (const phrase of phrases) this.add(phrase, gloss);
    }
  }

  /** As long as the vectors of single words are. */
  private setVector(gloss: number, sums: Float64Array): void {
    const length = Math.sqrt(sums.reduce((total, sum) => total + sum * sum, 0));
    if (length === 0) return;
    for (let at = 0; at < vectorLength; at += 1) {
      const value = Math.round(((sums[at] ?? 0) * 300) / length);
      this.vectors[gloss * vectorLength + at] = Math.max(-127, Math.min(127, value));
    }
  }

  private add(phrase: string, gloss: number): void {
    const hash = hashOfWord(phrase);
    const last = this.hashes.length - 1;
    let place = hash & last;
    while (this.hashes[place] !== 0 && this.hashes[place] !== hash) place = (place + 1) & last;
    this.hashes[place] = hash;
    this.glosses[place] = gloss;
    const first = phrase.charCodeAt(0);
    this.longest[first] = Math.max(this.longest[first] ?? 0, phrase.length);
  }

  /** Gloss of the longest phrase that begins there, of at most so many characters; -1: none. */
  find(characters: Uint16Array, from: number, most: number): number {
    const length = Math.min(most, this.longest[characters[from] ?? 0] ?? 0);
    let found = -1;
    let hash = hashStart;
    for (let count = 1; count <= length; count += 1) {
      hash = hashWith(hash, characters[from + count - 1] ?? 0);
      const gloss = this.glossOf(endOfHash(hash));
      if (gloss < 0) continue;
      found = gloss;
      this.foundLength = count;
    }
    return found;
  }

  private glossOf(hash: number): number {
    const last = this.hashes.length - 1;
    for (let place = hash & last; ; place = (place + 1) & last) {
      const found = this.hashes[place];
      if (found === hash) return this.glosses[place] ?? -1;
      if (found === 0) return -1;
    }
  }
}
