// The product's own router, as it is: prompts read, labels made into a table, the table asked. Only the choice of rows is the benchmark's.
import type { LabelIndex } from "../../src/routing/labels/label-table.ts";
import { buildLabelTable } from "../../src/routing/labels/build-label-table.ts";
import { openLabelTable } from "../../src/routing/labels/open-label-table.ts";
import { sketchOf } from "../../src/routing/labels/sketch.ts";
import { loadWordVectors } from "../../src/routing/prompt/load-word-vectors.ts";
import type { PromptFeatures } from "../../src/routing/prompt/prompt-features.ts";
import { createPromptReader } from "../../src/routing/prompt/prompt-reader.ts";
import { worthOf, type DataSet } from "./rows.ts";

export const promptReader = createPromptReader(loadWordVectors());

/** A copy: the reader's own are the same object for every prompt. */
export function featuresOf(prompt: string): PromptFeatures {
  return structuredClone(promptReader.read(prompt));
}

export interface ReadSet extends DataSet {
  /** By row. */
  readonly features: readonly PromptFeatures[];
  readonly sketches: readonly Int8Array[];
}

export function readPrompts(data: DataSet): ReadSet {
  const features = data.rows.map(({ prompt }) => featuresOf(prompt));
  return { ...data, features, sketches: features.map(sketchOf) };
}

/** @param rows places of the rows whose labels are learnt from */
export function fit({ rows: all, sketches, models }: ReadSet, rows: readonly number[]): LabelIndex {
  const labels = rows.flatMap((place) => {
    const row = all[place];
    const sketch = sketches[place];
    if (row === undefined || sketch === undefined) return [];
    return models.map((model) => ({ sketch, model, score: worthOf(row, model), weight: 1 }));
  });
  return openLabelTable(buildLabelTable(labels));
}
