// What a prompt is about. Knows no model.
import type { PromptFeatures } from "../prompt/prompt-features.ts";

/** Below this probability a prompt belongs to no domain: it is `general`. */
export const sureFrom = 0.6;
export const generalDomain = "general";

export interface DomainClassifier {
  readonly names: readonly string[];
  /** Probabilities in the order of `names`, their sum 1. The same array for every prompt. */
  classify(features: PromptFeatures): Float32Array;
}
