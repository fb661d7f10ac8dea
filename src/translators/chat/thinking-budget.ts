// Between an effort, as a word, and a budget of thinking, in tokens. The usual buckets: below 4,096 is low, below 16,384
// medium; an effort becomes a budget within its own bucket, so that there and back is the same.
import { numberIn } from "../../lib/exact-json.ts";
import type { ModelTraits } from "../../core/model-traits.ts";
import type { ChatRequest } from "./chat-request.ts";

const budgets: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 65_536,
};

export function effortOfBudget(tokens: number): "low" | "medium" | "high" {
  if (tokens < 4_096) return "low";
  return tokens < 16_384 ? "medium" : "high";
}

/** Undefined for an effort that asks for no thinking, or that nobody knows. */
export function budgetOfEffort(effort: string): number | undefined {
  return Object.hasOwn(budgets, effort) ? budgets[effort] : undefined;
}

/** How much thinking a request asks for. `unsaid`: the model's own way. */
export type WantedThinking =
  | { readonly kind: "unsaid" }
  | { readonly kind: "off" }
  | { readonly kind: "on"; readonly effort: string | undefined; readonly budget: number | undefined };

/** From both spellings; the more exact one counts. */
export function wantedThinking({ thinking, reasoning_effort: effort }: ChatRequest): WantedThinking {
  if (thinking?.type === "disabled" || (thinking === undefined && effort === "none")) return { kind: "off" };
  const budget = numberIn(thinking?.budget_tokens);
  if (thinking === undefined && effort === undefined) return { kind: "unsaid" };
  return { kind: "on", effort: effort === "none" ? undefined : effort, budget };
}

/** Whether the service is to think: no answer without state of its own where it does. */
export function thinks(chat: ChatRequest, { thinking }: ModelTraits): boolean {
  return thinking !== "none" && wantedThinking(chat).kind === "on";
}

const strength = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** The effort itself where the model takes it, else the nearest weaker one that it takes, else the weakest. */
export function nearestEffort(effort: string, { efforts }: ModelTraits): string {
  if (efforts === undefined || efforts.length === 0 || efforts.includes(effort)) return effort;
  const wanted = strength.indexOf(effort);
  const weaker = efforts.filter((each) => strength.indexOf(each) <= wanted);
  return weaker.at(-1) ?? efforts[0] ?? effort;
}
