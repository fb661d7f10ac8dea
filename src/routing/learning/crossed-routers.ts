// Routers fitted on some labelled prompts, each asked only about prompts that it has not seen. Knows no verdict.
import type { CompiledRouting } from "../decision/gather-evidence.ts";
import type { Label, LabelIndex } from "../labels/label-table.ts";
import type { Choice } from "../../core/routing-record.ts";
import type { RoutedPrompt } from "./compare-routers.ts";
import { folds } from "./folds.ts";
import { worthsOf, type JudgedPrompt } from "./judged-prompt.ts";
import { replay } from "./replay.ts";

/** How labels become what estimates, passed in. */
export interface LabelTools {
  readonly build: (labels: readonly Label[]) => Uint8Array;
  readonly open: (table: Uint8Array) => LabelIndex;
}

/** Labels of these models, one for each prompt and model. */
export function labelsOf(prompts: readonly JudgedPrompt[], models: ReadonlySet<string>): Label[] {
  return prompts.flatMap((judged) =>
    [...worthsOf(judged)]
      .filter(([model]) => models.has(model))
      .map(([model, { score, weight }]): Label => ({ sketch: judged.sketch, model, score, weight })),
  );
}

export interface Crossing {
  readonly routing: CompiledRouting;
  readonly tools: LabelTools;
  /** Those that are asked about. */
  readonly asked: readonly JudgedPrompt[];
  readonly foldOf: (judged: JudgedPrompt) => number;
}

/** What is chosen for each asked prompt by a router that was fitted on the prompts of other folds. */
export function crossed(
  { routing, tools, asked, foldOf }: Crossing,
  fitted: readonly JudgedPrompt[],
): ReadonlyMap<JudgedPrompt, RoutedPrompt> {
  const models = new Set(routing.models.map(({ model }) => model));
  const routed = new Map<JudgedPrompt, RoutedPrompt>();
  for (const fold of folds) {
    const mine = asked.filter((judged) => foldOf(judged) === fold);
    if (mine.length === 0) continue;
    const labels = labelsOf(
      fitted.filter((judged) => foldOf(judged) !== fold),
      models,
    );
    const index = labels.length === 0 ? undefined : tools.open(tools.build(labels));
    for (const judged of mine) routed.set(judged, route(routing, judged, index));
  }
  return routed;
}

/** What is chosen for each without any labels. */
export function coldStart({
  routing,
  asked,
}: Pick<Crossing, "routing" | "asked">): ReadonlyMap<JudgedPrompt, RoutedPrompt> {
  return new Map(asked.map((judged) => [judged, route(routing, judged, undefined)]));
}

/** The default for every prompt. */
export function always(
  { routing, asked }: Pick<Crossing, "routing" | "asked">,
  model: string,
): ReadonlyMap<JudgedPrompt, RoutedPrompt> {
  return new Map(
    asked.map((judged) => [judged, routedTo(replay(routing, judged, undefined), judged, model)]),
  );
}

function route(routing: CompiledRouting, judged: JudgedPrompt, labels: LabelIndex | undefined): RoutedPrompt {
  const choice = replay(routing, judged, labels);
  return routedTo(choice, judged, choice.model);
}

function routedTo({ scores }: Choice, { models }: JudgedPrompt, model: string): RoutedPrompt {
  const score = scores.find((row) => row.model === model);
  const costUsd = models.find((row) => row.model === model)?.costUsd ?? 0;
  return { model, loss: score === undefined ? 0 : score.quality - score.utility, costUsd };
}
