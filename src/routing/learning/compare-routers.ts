// Whether one way to choose models is better than another on prompts whose answers were judged, and how sure that is.
// Knows not how either came about.
import { bootstrap, type Bounded } from "./bootstrap.ts";

/** What a router does with a prompt. */
export interface RoutedPrompt {
  readonly model: string;
  /** What the cost and time of that model lose, as quality. */
  readonly loss: number;
  readonly costUsd: number;
}

export interface ComparedPrompt {
  /** What answers of models were worth, by those who judged; not every model has one. */
  readonly scores: ReadonlyMap<string, number>;
  readonly current: RoutedPrompt;
  readonly candidate: RoutedPrompt;
}

export interface Comparison {
  readonly prompts: number;
  /** Prompts for which the two choose different models. */
  readonly differ: number;
  /** Of these the ones with labels for both models. */
  readonly direct: number;
  /** Candidate less current: quality less what cost and time lose, from -1 to 1. */
  readonly utility: Bounded;
  /** Candidate less current, from -1 to 1. */
  readonly quality: Bounded;
  /** USD per prompt. */
  readonly costUsd: { readonly current: number; readonly candidate: number };
  readonly verdict: Verdict;
  /** In words. */
  readonly reason: string;
}

export type Verdict = "better" | "not-better" | "unknown";

/** Below this many prompts nothing is said. */
export const fewestPrompts = 30;

/**
 * Where both choose the same model the difference is nothing, whatever the model is worth. Where they do not, it is that of
 * the two labels, and prompts without both are taken to be like those that have them: of those there must be as many.
 */
export function compareRouters(prompts: readonly ComparedPrompt[]): Comparison {
  const rows = prompts.map(rowOf);
  const differ = rows.filter((row) => row !== "same").length;
  const direct = rows.filter((row) => typeof row === "object").length;
  const utility = bootstrap(rows.length, (drawn) => difference(drawn, rows, "utility"));
  const quality = bootstrap(rows.length, (drawn) => difference(drawn, rows, "quality"));
  const counts = { prompts: prompts.length, differ, direct };
  return {
    ...counts,
    utility,
    quality,
    costUsd: {
      current: meanOf(prompts.map(({ current }) => current.costUsd)),
      candidate: meanOf(prompts.map(({ candidate }) => candidate.costUsd)),
    },
    ...judged(counts, utility),
  };
}

interface Difference {
  readonly utility: number;
  readonly quality: number;
}

type Row = "same" | "unknown" | Difference;

function rowOf({ scores, current, candidate }: ComparedPrompt): Row {
  if (current.model === candidate.model) return "same";
  const before = scores.get(current.model);
  const after = scores.get(candidate.model);
  if (before === undefined || after === undefined) return "unknown";
  const quality = after - before;
  return { quality, utility: quality - candidate.loss + current.loss };
}

/** The mean of what is known where they differ, times how often they differ. */
function difference(drawn: Int32Array, rows: readonly Row[], of: keyof Difference): number {
  let [sum, known, differ] = [0, 0, 0];
  for (const index of drawn) {
    const row = rows[index] ?? "same";
    if (row === "same") continue;
    differ += 1;
    if (row === "unknown") continue;
    known += 1;
    sum += row[of];
  }
  return known === 0 ? 0 : (sum / known) * (differ / drawn.length);
}

function judged(
  { prompts, differ, direct }: Pick<Comparison, "prompts" | "differ" | "direct">,
  utility: Bounded,
): Pick<Comparison, "verdict" | "reason"> {
  if (prompts < fewestPrompts)
    return {
      verdict: "unknown",
      reason: `Too few prompts are labelled for more than one model: ${prompts}, at least ${fewestPrompts} are needed.`,
    };
  if (differ === 0)
    return { verdict: "not-better", reason: "It would choose the same model for every labelled prompt." };
  if (direct * 2 < differ)
    return {
      verdict: "unknown",
      reason: `Where it would choose another model, too few prompts are labelled for both: ${direct} of ${differ}.`,
    };
  if (utility.low > 0)
    return { verdict: "better", reason: `It is better on ${prompts} prompts, ${boundsText(utility)}.` };
  return {
    verdict: "not-better",
    reason: `It is not surely better on ${prompts} prompts, ${boundsText(utility)}.`,
  };
}

function boundsText({ value, low, high }: Bounded): string {
  return `by ${points(value)} points of utility (95 %: ${points(low)} to ${points(high)})`;
}

function points(value: number): string {
  const shown = (value * 100).toFixed(1);
  return shown === "-0.0" ? "0.0" : shown;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
