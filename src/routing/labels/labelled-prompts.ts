// Labels put together by prompt: one row for each sketch, with what every model was worth there. Knows no neighbours.
import type { Label } from "./label-table.ts";

export interface LabelledPrompt {
  readonly sketch: Int8Array;
  readonly worths: readonly Worth[];
}

export interface Worth {
  /** Place in `LabelledPrompts.models`. */
  readonly model: number;
  /** Mean of the scores, by weight. */
  readonly score: number;
  /** Sum of the weights. */
  readonly weight: number;
}

export interface LabelledPrompts {
  /** By name. */
  readonly models: readonly string[];
  /** By sketch. */
  readonly prompts: readonly LabelledPrompt[];
  readonly sketchLength: number;
}

/** The same for the same labels in any order: sums of floats are made in one order. */
export function labelledPrompts(labels: readonly Label[]): LabelledPrompts {
  const sketchLength = labels[0]?.sketch.length ?? 0;
  for (const label of labels) check(label, sketchLength);
  const models = [...new Set(labels.map(({ model }) => model))].toSorted();
  const places = new Map(models.map((model, place) => [model, place]));
  const prompts: { sketch: Int8Array; sums: Map<number, { score: number; weight: number }> }[] = [];
  for (const label of labels.toSorted(compare)) {
    let last = prompts.at(-1);
    if (last === undefined || compareBytes(last.sketch, label.sketch) !== 0) {
      last = { sketch: label.sketch, sums: new Map() };
      prompts.push(last);
    }
    const place = places.get(label.model) ?? 0;
    const sum = last.sums.get(place) ?? { score: 0, weight: 0 };
    last.sums.set(place, {
      score: sum.score + label.weight * label.score,
      weight: sum.weight + label.weight,
    });
  }
  return {
    models,
    sketchLength,
    prompts: prompts.map(({ sketch, sums }) => ({
      sketch,
      worths: Array.from(sums, ([model, { score, weight }]) => ({ model, score: score / weight, weight })),
    })),
  };
}

function check({ sketch, score, weight }: Label, sketchLength: number): void {
  if (sketch.length !== sketchLength || sketchLength === 0)
    throw new Error(`a label has a sketch of ${sketch.length} bytes, another one of ${sketchLength}`);
  if (!(score >= 0 && score <= 1))
    throw new Error(`a label has the score ${score}, which is not from 0 to 1`);
  if (!(weight > 0 && weight < Infinity))
    throw new Error(`a label has the weight ${weight}, which is not above 0`);
}

function compare(left: Label, right: Label): number {
  return (
    compareBytes(left.sketch, right.sketch) ||
    (left.model < right.model ? -1 : left.model > right.model ? 1 : 0) ||
    left.score - right.score ||
    left.weight - right.weight
  );
}

function compareBytes(left: Int8Array, right: Int8Array): number {
  for (let at = 0; at < left.length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
