// Labels by model and source as rows of a table. Knows no React and no language.
import type { LabelCount, LabelSource } from "../../../../../src/control/routing/routing-answers.ts";

export const sourceNames = [
  "feedback",
  "judge",
  "validity",
  "regenerate",
  "import",
] as const satisfies readonly LabelSource[];

export interface LabelRow {
  readonly model: string;
  readonly counts: Readonly<Record<LabelSource, number>>;
  readonly total: number;
  /** Whether a candidate has this model now; labels of others wait unused. */
  readonly isCandidate: boolean;
}

/** A row for each candidate's model and each model with labels, those with most labels first. */
export function labelRows(items: readonly LabelCount[], candidates: readonly string[]): readonly LabelRow[] {
  const models = [...new Set([...candidates, ...items.map(({ model }) => model)])];
  return models
    .map((model): LabelRow => {
      const count = (source: LabelSource): number =>
        items
          .filter((item) => item.model === model && item.source === source)
          .reduce((sum, item) => sum + item.count, 0);
      const counts = {
        feedback: count("feedback"),
        judge: count("judge"),
        validity: count("validity"),
        regenerate: count("regenerate"),
        import: count("import"),
      };
      const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
      return { model, counts, total, isCandidate: candidates.includes(model) };
    })
    .toSorted((one, two) => two.total - one.total || (one.model < two.model ? -1 : 1));
}

/** Sources of which there is any label. */
export function usedSources(items: readonly LabelCount[]): readonly LabelSource[] {
  return sourceNames.filter((source) => items.some((item) => item.source === source && item.count > 0));
}
