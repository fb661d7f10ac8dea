// Labelled prompts as the rows that requests are compared with: all of them, or where they are too many, groups of prompts
// that are much alike. Knows no request.
import type { LabelledPrompt, LabelledPrompts, Worth } from "./labelled-prompts.ts";
import { project, type SketchSpace } from "./sketch-space.ts";

/** More would take longer than a decision may. */
export const maxPrototypes = 2_000;

export interface Prototype {
  /** Of length 1. */
  readonly vector: Float32Array;
  readonly worths: readonly Worth[];
  /** Places of its prompts in `LabelledPrompts.prompts`. */
  readonly prompts: readonly number[];
}

interface Placed {
  readonly place: number;
  readonly vector: Float32Array;
  readonly prompt: LabelledPrompt;
}

export function prototypesOf({ prompts }: LabelledPrompts, space: SketchSpace): readonly Prototype[] {
  const placed = prompts.map((prompt, place): Placed => {
    const vector = new Float32Array(prompt.sketch.length);
    project(space, prompt.sketch, vector);
    return { place, vector, prompt };
  });
  return group(placed, Math.min(placed.length, maxPrototypes)).map(merge);
}

/** Cuts at the direction in which prompts differ most, each half to get its share of the groups. */
function group(prompts: readonly Placed[], groups: number): readonly (readonly Placed[])[] {
  if (groups >= prompts.length) return prompts.map((one) => [one]);
  if (groups <= 1) return [prompts];
  const direction = widestDirection(prompts);
  const along = prompts
    .map((one) => ({ one, at: product(one.vector, direction) }))
    .toSorted((left, right) => left.at - right.at || left.one.place - right.one.place)
    .map(({ one }) => one);
  const left = groups >> 1;
  const cut = Math.min(prompts.length - 1, Math.max(1, Math.round((prompts.length * left) / groups)));
  return [...group(along.slice(0, cut), left), ...group(along.slice(cut), groups - left)];
}

/** A few steps of the power method: near enough to the first principal direction. */
function widestDirection(prompts: readonly Placed[]): Float64Array {
  const length = prompts[0]?.vector.length ?? 0;
  const mean = new Float64Array(length);
  for (const { vector } of prompts) add(mean, vector, 1 / prompts.length);
  let direction = new Float64Array(length);
  add(direction, prompts[0]?.vector ?? mean, 1);
  add(direction, prompts.at(-1)?.vector ?? mean, -1);
  for (let step = 0; step < 4; step += 1) {
    const next = new Float64Array(length);
    const offset = product(mean, direction);
    for (const { vector } of prompts) add(next, vector, product(vector, direction) - offset);
    const squares = product(next, next);
    if (squares === 0) return direction;
    const scale = 1 / Math.sqrt(squares);
    direction = next.map((value) => value * scale);
  }
  return direction;
}

function merge(prompts: readonly Placed[]): Prototype {
  const [first] = prompts;
  if (first !== undefined && prompts.length === 1)
    return { vector: first.vector, worths: first.prompt.worths, prompts: [first.place] };
  const sum = new Float64Array(first?.vector.length ?? 0);
  const worths = new Map<number, Worth>();
  for (const { vector, prompt } of prompts) {
    add(sum, vector, 1);
    for (const { model, score, weight } of prompt.worths) {
      const before = worths.get(model) ?? { model, score: 0, weight: 0 };
      const together = before.weight + weight;
      const mean = (before.score * before.weight + score * weight) / together;
      worths.set(model, { model, score: mean, weight: together });
    }
  }
  const squares = product(sum, sum);
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return {
    vector: Float32Array.from(sum, (value) => value * scale),
    worths: [...worths.values()].toSorted((left, right) => left.model - right.model),
    prompts: prompts.map(({ place }) => place),
  };
}

type Numbers = Float32Array | Float64Array;

function add(to: Float64Array, vector: Numbers, factor: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = (to[at] ?? 0) + factor * (vector[at] ?? 0);
}

function product(left: Numbers, right: Numbers): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
