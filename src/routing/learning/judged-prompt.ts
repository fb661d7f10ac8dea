// A labelled prompt as routers are tried on it: what it was like, what models could have answered it, and what their
// answers were worth. Knows no text.
import type { ModelEvidence, PromptEvidence } from "../../core/routing-record.ts";

export interface PromptLabel {
  readonly model: string;
  readonly score: number;
  readonly weight: number;
  /** Rises with every label that is added. */
  readonly place: number;
}

export interface JudgedPrompt {
  readonly sketch: Int8Array;
  readonly prompt: PromptEvidence;
  readonly models: readonly Omit<ModelEvidence, "learnt">[];
  readonly labels: readonly PromptLabel[];
}

export interface Worth {
  readonly score: number;
  readonly weight: number;
}

/** What each labelled model's answer was worth: the mean over all who said so, by their weight. */
export function worthsOf({ labels }: Pick<JudgedPrompt, "labels">): ReadonlyMap<string, Worth> {
  const sums = new Map<string, Worth>();
  for (const { model, score, weight } of labels) {
    const before = sums.get(model) ?? { score: 0, weight: 0 };
    const sum = before.weight + weight;
    sums.set(model, { score: (before.score * before.weight + score * weight) / sum, weight: sum });
  }
  return sums;
}

/** Whether its labels tell these models apart. */
export function isComparable({ labels }: JudgedPrompt, models: ReadonlySet<string>): boolean {
  return new Set(labels.map(({ model }) => model).filter((model) => models.has(model))).size > 1;
}
