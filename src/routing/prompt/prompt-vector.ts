// The vector of a prompt: the mean of its words' vectors, in which frequent words count little, and what is made of words
// that have none. Knows no text and no structure.
import { maxPromptCharacters, vectorLength } from "./prompt-features.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Length of a word's vector as it is stored, more or less. */
const usualLength = 300;

export class PromptVector {
  readonly vector = new Float32Array(vectorLength);
  readonly meaning = new Float32Array(vectorLength);
  private readonly words: WordVectors;
  /** By row of a word; after them by gloss of a phrase. */
  private readonly weights: Float32Array;
  /** Rows that have a weight, in the order of the text. */
  private readonly touched = new Uint16Array(maxPromptCharacters + 2);
  private touchedCount = 0;
  private readonly sums = new Float32Array(vectorLength);

  constructor(words: WordVectors) {
    this.words = words;
    this.weights = new Float32Array(words.count + words.phrases.vectors.length / vectorLength);
  }

  addWord(row: number, weight: number): void {
    if (this.weights[row] === 0) {
      this.touched[this.touchedCount] = row;
      this.touchedCount += 1;
    }
    this.weights[row] = (this.weights[row] ?? 0) + weight;
  }

  addPhrase(gloss: number, weight: number): void {
    this.addWord(this.words.count + gloss, weight);
  }

  /** Takes out what all words share, brings the rest to length 1 and is empty for the next. */
  finish(made: Float32Array): void {
    const { vector, meaning, sums } = this;
    sums.fill(0);
    for (let at = 0; at < this.touchedCount; at += 1) this.sum(this.touched[at] ?? 0);
    this.touchedCount = 0;
    const shared = this.words.common;
    let along = 0;
    for (let at = 0; at < vectorLength; at += 1) along += (sums[at] ?? 0) * (shared[at] ?? 0);
    for (let at = 0; at < vectorLength; at += 1) {
      const value = (sums[at] ?? 0) - along * (shared[at] ?? 0);
      meaning[at] = value;
      vector[at] = value + (made[at] ?? 0);
    }
    toLengthOne(meaning);
    toLengthOne(vector);
  }

  private sum(row: number): void {
    const { sums, words } = this;
    const isWord = row < words.count;
    const vectors = isWord ? words.vectors : words.phrases.vectors;
    const from = (isWord ? row : row - words.count) * vectorLength;
    const scaled = (this.weights[row] ?? 0) / usualLength;
    this.weights[row] = 0;
    for (let at = 0; at < vectorLength; at += 1)
      sums[at] = (sums[at] ?? 0) + scaled * (vectors[from + at] ?? 0);
  }
}

function toLengthOne(vector: Float32Array): void {
  let total = 0;
  for (let at = 0; at < vectorLength; at += 1) total += (vector[at] ?? 0) * (vector[at] ?? 0);
  const scale = total < 1e-12 ? 0 : 1 / Math.sqrt(total);
  for (let at = 0; at < vectorLength; at += 1) vector[at] = (vector[at] ?? 0) * scale;
}
