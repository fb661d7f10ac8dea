// What models were worth for prompts of own traffic. Knows no text.
import type { PromptFeatures } from "../prompt/prompt-features.ts";

/** One prompt that was judged, for one model. */
export interface Label {
  /** What the prompt is like (`sketchOf`); all labels of a table have it of one length. */
  readonly sketch: Int8Array;
  readonly model: string;
  /** Worth of the answer, 0 to 1. */
  readonly score: number;
  /** How much it counts, above 0: 1 for somebody's word, less for a weak sign. */
  readonly weight: number;
}

export interface QualityEstimate {
  /** Expected worth of an answer, 0 to 1, from labels of prompts like it; NaN where there are none. */
  readonly near: number;
  /** The same over all prompts. */
  readonly mean: number;
  /** Labels of the model, as weight. */
  readonly count: number;
}

export interface LabelEstimates {
  /** How far the prompt is like those that are labelled, 0 (not at all) to 1. */
  readonly familiarity: number;
  /** By model. */
  readonly models: ReadonlyMap<string, QualityEstimate>;
}

export interface LabelIndex {
  readonly size: number;
  /** The same objects for every prompt: whoever keeps them copies them. */
  estimate(features: PromptFeatures): LabelEstimates;
}
