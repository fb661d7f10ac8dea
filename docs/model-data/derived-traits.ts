// What models.dev says of a model, in the words that translators act on. Quirks that it has no word for stand by hand in
// src/providers/model-quirks.ts.
import type { ModelTraits } from "../../src/core/model-traits.ts";
import type { DevModel } from "./models-dev.ts";

/** How a provider is told how much to think. */
export type Spelling =
  /** `reasoning_effort`, and nothing else that could be written for all of its models. */
  | "effort"
  /** A switch, or a budget. */
  | "switch"
  | "claude"
  | "gemini"
  | "nova";

type Option = DevModel["reasoning_options"][number];
type Budget = Extract<Option, { readonly type: "budget_tokens" }>;

/** Parameters that reasoning models of OpenAI take no value for but the usual one. */
const samplingOfOpenai = [
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "logit_bias",
];
const samplingOfClaude = ["temperature", "top_p", "top_k"];

export function derivedTraits(model: DevModel, spelling: Spelling): ModelTraits | undefined {
  if (!model.modalities.output.includes("text") || model.family?.includes("embedding") === true)
    return undefined;
  const traits: ModelTraits = {
    ...thinkingTraits(model, spelling),
    ...(model.temperature === false && {
      refuses: spelling === "claude" ? samplingOfClaude : samplingOfOpenai,
    }),
    ...(typeof model.interleaved === "object" &&
      model.interleaved.field === "reasoning_content" && { wantsReasoningBack: true }),
    ...(model.structured_output === false && { jsonSchema: false }),
    ...(model.tool_call === false && { tools: false }),
  };
  return Object.keys(traits).length === 0 ? undefined : traits;
}

function thinkingTraits(model: DevModel, spelling: Spelling): ModelTraits {
  const options = model.reasoning_options;
  if (!model.reasoning) return { thinking: "none" };
  const efforts = options.flatMap((option) => (option.type === "effort" ? option.values : []));
  const budget = options.find((option) => option.type === "budget_tokens");
  const toggled = options.some((option) => option.type === "toggle");
  switch (spelling) {
    case "claude":
      return claudeThinking(efforts, budget);
    case "gemini":
      return geminiThinking(efforts, budget, toggled);
    case "nova":
      return efforts.length === 0 ? {} : { thinking: "effort", efforts };
    case "effort":
    case "switch":
      if (efforts.length > 0) return { thinking: "effort", efforts };
      if (spelling === "switch" && budget !== undefined && toggled)
        return { thinking: "budget", ...rangeOf(budget) };
      if (spelling === "switch" && toggled) return { thinking: "switch" };
      // Something can be said, but in words that nobody here knows: then nothing is known.
      return options.length === 0 ? { thinking: "none" } : {};
  }
}

/** Effort `max` came with adaptive thinking; before it, effort stood beside a budget. */
function claudeThinking(efforts: readonly string[], budget: Budget | undefined): ModelTraits {
  if (efforts.includes("max")) return { thinking: "adaptive", efforts };
  return budget === undefined ? {} : { thinking: "budget", thinkingBudget: rangeFrom(budget, 1_024) };
}

function geminiThinking(
  efforts: readonly string[],
  budget: Budget | undefined,
  toggled: boolean,
): ModelTraits {
  if (efforts.length > 0) return { thinking: "level", efforts };
  if (budget === undefined) return {};
  // Where it can be turned off, a budget of 0 does.
  return { thinking: "budget", thinkingBudget: rangeFrom(toggled ? { ...budget, min: 0 } : budget, 0) };
}

function rangeOf(budget: Budget): ModelTraits {
  return budget.max === undefined ? {} : { thinkingBudget: rangeFrom(budget, 0) };
}

function rangeFrom({ min, max }: Budget, least: number): { min: number; max: number } {
  return { min: min ?? least, max: max ?? 1_000_000 };
}
