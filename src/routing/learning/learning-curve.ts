// How good the choice becomes with ever more labels: by it a team sees whether more of them would help. Never asks about
// what a router was fitted on.
import { bootstrapMean, type Bounded } from "./bootstrap.ts";
import type { RoutedPrompt } from "./compare-routers.ts";
import { crossed, type Crossing } from "./crossed-routers.ts";
import { worthsOf, type JudgedPrompt } from "./judged-prompt.ts";
import { shuffled } from "../../lib/seeded-random.ts";

export interface CurvePoint {
  /** Labelled prompts that the router was fitted on. */
  readonly prompts: number;
  /** Mean worth of the chosen models' answers, 0 to 1, where they are labelled. */
  readonly quality: Bounded;
  /** Prompts whose chosen model has a label. */
  readonly judged: number;
  /** USD per prompt. */
  readonly costUsd: number;
}

const smallest = 50;
const mostPoints = 6;
const seed = 9;

export function learningCurve(crossing: Crossing, fitted: readonly JudgedPrompt[]): CurvePoint[] {
  const order = shuffled(fitted, seed);
  return sizesTo(order.length).map((size) =>
    curvePoint(size, crossed(crossing, evenly(order, size, crossing.foldOf))),
  );
}

export function curvePoint(prompts: number, routed: ReadonlyMap<JudgedPrompt, RoutedPrompt>): CurvePoint {
  const worths = [...routed].flatMap(([judged, { model }]) => worthsOf(judged).get(model)?.score ?? []);
  const costs = [...routed.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
  return {
    prompts,
    quality: bootstrapMean(worths),
    judged: worths.length,
    costUsd: routed.size === 0 ? 0 : costs / routed.size,
  };
}

/** 50, 100, 200 and so on, and all there are. */
function sizesTo(count: number): number[] {
  const sizes: number[] = [];
  for (let size = smallest; size < count && sizes.length < mostPoints - 1; size *= 2) sizes.push(size);
  return count === 0 ? [] : [...sizes, count];
}

/** So many that about this number is left when one fold is taken away. */
function evenly(
  order: readonly JudgedPrompt[],
  size: number,
  foldOf: (judged: JudgedPrompt) => number,
): JudgedPrompt[] {
  const perFold = new Map<number, number>();
  for (const judged of order) perFold.set(foldOf(judged), (perFold.get(foldOf(judged)) ?? 0) + 1);
  const largest = Math.max(0, ...perFold.values()) / Math.max(1, order.length);
  return order.slice(0, Math.min(order.length, Math.round(size / Math.max(0.1, 1 - largest))));
}
