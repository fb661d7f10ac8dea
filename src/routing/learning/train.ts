// Labels -> a router and what it is worth beside the one in use, the one without labels and the default alone. The same
// labels give the same. Knows no store, no clock and no thread.
import type { CompiledRouting } from "../decision/gather-evidence.ts";
import {
  compareRouters,
  type ComparedPrompt,
  type Comparison,
  type RoutedPrompt,
  type Verdict,
} from "./compare-routers.ts";
import { always, coldStart, crossed, labelsOf, type Crossing, type LabelTools } from "./crossed-routers.ts";
import { foldsOf } from "./folds.ts";
import { sketchLength } from "../labels/sketch.ts";
import { isComparable, worthsOf, type JudgedPrompt } from "./judged-prompt.ts";
import { curvePoint, learningCurve, type CurvePoint } from "./learning-curve.ts";

/** Newest labelled prompts that routers are fitted on to be compared. */
const mostFitted = 4_000;
/** Newest of those that they are asked about. */
const mostAsked = 2_000;

export interface TrainingInput {
  readonly routing: CompiledRouting;
  /** Oldest first. */
  readonly prompts: readonly JudgedPrompt[];
  /** Place of the newest label of the router in use; 0: none is. */
  readonly publishedUpTo: number;
}

export interface ModelShare {
  readonly model: string;
  /** Of the prompts, 0 to 1. */
  readonly current: number;
  readonly candidate: number;
}

export interface TrainingReport {
  readonly labels: number;
  readonly prompts: number;
  readonly verdict: Verdict;
  readonly reason: string;
  /** With the router in use, or with the choice without labels. */
  readonly overCurrent: Comparison;
  /** With the default for every prompt. */
  readonly overDefault: Comparison;
  readonly shares: readonly ModelShare[];
  /** From no labels to all. */
  readonly curve: readonly CurvePoint[];
}

export interface Trained {
  readonly table: Uint8Array;
  readonly report: TrainingReport;
}

/** Undefined: no candidate has a label. */
export function train(
  { routing, prompts, publishedUpTo }: TrainingInput,
  tools: LabelTools,
): Trained | undefined {
  const models = new Set(routing.models.map(({ model }) => model));
  const usable = prompts.filter(
    ({ sketch, labels }) => sketch.length === sketchLength && labels.some(({ model }) => models.has(model)),
  );
  const labels = labelsOf(usable, models);
  if (labels.length === 0) return undefined;
  const fitted = usable.slice(-mostFitted);
  const folds = foldsOf(fitted.map(({ sketch }) => sketch));
  const foldBySketch = new Map(fitted.map(({ sketch }, index) => [sketch, folds[index] ?? 0]));
  const asked = fitted.filter((judged) => isComparable(judged, models)).slice(-mostAsked);
  const crossing: Crossing = { routing, tools, asked, foldOf: ({ sketch }) => foldBySketch.get(sketch) ?? 0 };
  const candidate = crossed(crossing, fitted);
  const current =
    publishedUpTo === 0 ? coldStart(crossing) : crossed(crossing, publishedPart(fitted, publishedUpTo));
  const standard = always(crossing, routing.defaultModel);
  const overCurrent = compareRouters(pairs(current, candidate));
  const overDefault = compareRouters(pairs(standard, candidate));
  return {
    table: tools.build(labels),
    report: {
      labels: labels.length,
      prompts: usable.length,
      ...verdictOf(overCurrent, overDefault),
      overCurrent,
      overDefault,
      shares: sharesOf(routing, current, candidate),
      curve: [curvePoint(0, coldStart(crossing)), ...learningCurve(crossing, fitted)],
    },
  };
}

/** The router in use, as it would be had it not seen the prompts that it is asked about. */
function publishedPart(prompts: readonly JudgedPrompt[], upTo: number): JudgedPrompt[] {
  return prompts.flatMap((judged) => {
    const labels = judged.labels.filter(({ place }) => place <= upTo);
    return labels.length === 0 ? [] : [{ ...judged, labels }];
  });
}

function pairs(
  current: ReadonlyMap<JudgedPrompt, RoutedPrompt>,
  candidate: ReadonlyMap<JudgedPrompt, RoutedPrompt>,
): ComparedPrompt[] {
  return [...candidate].flatMap(([judged, after]) => {
    const before = current.get(judged);
    if (before === undefined) return [];
    const scores = new Map([...worthsOf(judged)].map(([model, { score }]) => [model, score]));
    return [{ scores, current: before, candidate: after }];
  });
}

function verdictOf(
  overCurrent: Comparison,
  overDefault: Comparison,
): Pick<TrainingReport, "verdict" | "reason"> {
  const { verdict, reason } = overCurrent;
  if (verdict !== "better") return { verdict, reason };
  if (overDefault.verdict === "better" || overDefault.differ === 0) return { verdict, reason };
  return {
    verdict: overDefault.verdict,
    reason: `It is better than what is in use, but not surely better than the default alone. ${overDefault.reason}`,
  };
}

function sharesOf(
  { models }: CompiledRouting,
  current: ReadonlyMap<JudgedPrompt, RoutedPrompt>,
  candidate: ReadonlyMap<JudgedPrompt, RoutedPrompt>,
): ModelShare[] {
  const shareOf = (routed: ReadonlyMap<JudgedPrompt, RoutedPrompt>, name: string): number => {
    const all = [...routed.values()];
    return all.length === 0 ? 0 : all.filter(({ model }) => model === name).length / all.length;
  };
  return models.map(({ model }) => ({
    model,
    current: shareOf(current, model),
    candidate: shareOf(candidate, model),
  }));
}
