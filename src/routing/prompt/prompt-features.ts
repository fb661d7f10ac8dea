// What a prompt is like, in numbers. Knows no domain and no model.
import type { Language } from "../../core/routing-record.ts";

/** Another one whenever the same text gives other features: what was made of the old ones is of no use then. */
export const featuresVersion = 6;
/** Length of a prompt's vector. */
export const vectorLength = 100;
/** Buckets for hashed n-grams. */
export const gramBuckets = 8_192;
/** Characters of a prompt that are looked at: of a longer one its beginning and its end. */
export const maxPromptCharacters = 6_000;

/** The same object for every prompt of a reader: whoever keeps one copies it. */
export interface PromptFeatures {
  /** Buckets that hold something, ascending, each once; the first `gramCount` count. */
  readonly grams: Uint16Array;
  /** What they hold; of all together the Euclidean length is 1. */
  readonly gramWeights: Float32Array;
  readonly gramCount: number;
  /** `vectorLength` numbers of Euclidean length 1; all 0 without words. Prompts alike in meaning or in words are near. */
  readonly vector: Float32Array;
  /** The same of known words alone: what it means, whatever its words. */
  readonly meaning: Float32Array;
  /** Length, lines, digits, code and so on (`structureNames`), each from 0 to 1. */
  readonly structure: Float32Array;
  readonly language: Language | undefined;
  /** How demanding it looks, 0 to 1: a weak sign. */
  readonly complexity: number;
}

export interface PromptReader {
  /** Same text, same features: no state, clock or random number goes into them. */
  read(text: string): PromptFeatures;
}
