// The vector of a prompt: the mean of its words' vectors, in which frequent words count little. What no vector is known of
// gets one made of its hash, so that texts which share it are near each other. Knows no structure.
import { vectorLength } from "./prompt-features.ts";
import { hashStart, hashWith, mixed } from "./word-hash.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Numbers of a made vector that are not 0. */
const spread = 8;
/** Length of a word's vector as it is stored, more or less. */
const usualLength = 300;

export class PromptVector {
  readonly vector = new Float32Array(vectorLength);
  readonly meaning = new Float32Array(vectorLength);
  private readonly known = new Float32Array(vectorLength);
  private readonly made = new Float32Array(vectorLength);
  private readonly words: WordVectors;

  constructor(words: WordVectors) {
    this.words = words;
  }

  addKnown(row: number, weight: number): void {
    this.add(this.words.vectors, row, weight);
  }

  addPhrase(gloss: number, weight: number): void {
    this.add(this.words.phrases.vectors, gloss, weight);
  }

  private add(vectors: Int8Array, row: number, weight: number): void {
    const { known } = this;
    const scaled = weight / usualLength;
    const from = row * vectorLength;
    for (let at = 0; at < vectorLength; at += 1)
      known[at] = (known[at] ?? 0) + scaled * (vectors[from + at] ?? 0);
  }

  /** `weight` is the length of the vector that is made and added. */
  addMade(hash: number, weight: number): void {
    const { made } = this;
    // One over the root of `spread`.
    const step = weight * 0.353_553_4;
    let bits = mixed(hash ^ 0x5bd1e995) || 1;
    for (let count = 0; count < spread; count += 1) {
      bits ^= bits << 13;
      bits ^= bits >>> 17;
      bits ^= bits << 5;
      const at = ((bits >>> 8) & 0xffff) % vectorLength;
      made[at] = (made[at] ?? 0) + ((bits & 1) === 0 ? step : -step);
    }
  }

  /** A word that is not known, by its pieces of three characters: one letter wrong leaves most of them. */
  addPieces(folded: Uint16Array, start: number, length: number, weight: number): void {
    const pieces = length;
    // Pieces point everywhere, so that n of them together are as long as the root of n.
    const each = weight / Math.sqrt(pieces);
    for (let at = 0; at < pieces; at += 1) {
      let hash = hashStart;
      for (let near = at - 1; near <= at + 1; near += 1)
        hash = hashWith(hash, near < 0 || near >= length ? 0x20 : (folded[start + near] ?? 0));
      this.addMade(hash, each);
    }
  }

  /** Takes out what all words share, brings the rest to length 1 and is empty for the next. */
  finish(): void {
    const { vector, meaning, known, made } = this;
    const shared = this.words.common;
    let along = 0;
    for (let at = 0; at < vectorLength; at += 1) along += (known[at] ?? 0) * (shared[at] ?? 0);
    for (let at = 0; at < vectorLength; at += 1) {
      const value = (known[at] ?? 0) - along * (shared[at] ?? 0);
      meaning[at] = value;
      vector[at] = value + (made[at] ?? 0);
    }
    toLengthOne(meaning);
    toLengthOne(vector);
    known.fill(0);
    made.fill(0);
  }
}

function toLengthOne(vector: Float32Array): void {
  let total = 0;
  for (let at = 0; at < vectorLength; at += 1) total += (vector[at] ?? 0) * (vector[at] ?? 0);
  const scale = total < 1e-12 ? 0 : 1 / Math.sqrt(total);
  for (let at = 0; at < vectorLength; at += 1) vector[at] = (vector[at] ?? 0) * scale;
}
