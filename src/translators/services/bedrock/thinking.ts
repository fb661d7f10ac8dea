// How a request asks a model behind Converse to think: what stands in `additionalModelRequestFields`. Must not know messages.
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { budgetOfEffort, effortOfBudget, nearestEffort, wantedThinking } from "../../chat/thinking-budget.ts";
import type { TranslationContext } from "../../translation.ts";

export interface ThinkingFields {
  readonly fields: JsonObject;
  /** The model does: some parameters are refused beside it. */
  readonly on: boolean;
  /** Tokens of the budget, where there is one. */
  readonly budget?: number;
}

const without: ThinkingFields = { fields: {}, on: false };
const leastBudget = 1_024;
/** Left for the answer, where the client set no bound. */
const answerTokens = 4_096;

type Wanted = Extract<ReturnType<typeof wantedThinking>, { kind: "on" }>;

/** What keeps a model from thinking in this request. */
export interface Hindrances {
  readonly toolForced: boolean;
  /** The loop of tool calls began without thinking. */
  readonly loopLacksThinking: boolean;
}

export function thinkingFields(
  chat: ChatRequest,
  context: TranslationContext,
  { toolForced, loopLacksThinking }: Hindrances,
): ThinkingFields {
  const { notes, traits } = context;
  const wanted = wantedThinking(chat);
  if (wanted.kind === "unsaid") return without;
  if (wanted.kind === "off") return { fields: offFields(context), on: false };
  const named = chat.thinking === undefined ? "reasoning_effort" : "thinking";
  const control = traits.thinking ?? (chat.thinking === undefined ? "none" : "budget");
  if (control === "none" || control === "switch" || control === "level") {
    notes.dropped(named);
    return without;
  }
  if (traits.converseFields === "nova") return novaFields(wanted, context, named);
  if (control === "effort" || traits.converseFields === "openai") {
    const effort = nearestEffort(effortOf(wanted), traits);
    if (effort !== wanted.effort) notes.rewritten(named);
    return { fields: { reasoning_effort: effort }, on: false };
  }
  const adaptive = control === "adaptive" || chat.thinking?.type === "adaptive";
  if (toolForced || (loopLacksThinking && !adaptive)) {
    notes.dropped(named);
    return without;
  }
  return adaptive ? adaptiveFields(wanted, chat, context) : budgetFields(wanted, chat, context, named);
}

function effortOf({ effort, budget }: Wanted): string {
  return effort ?? (budget === undefined ? "medium" : effortOfBudget(budget));
}

/** What is not asked to think does not, but for models that are told so. */
function offFields({ traits }: TranslationContext): JsonObject {
  if (traits.thinking === "effort" && traits.efforts?.includes("none") === true)
    return { reasoning_effort: "none" };
  return {};
}

/** Nova takes three efforts. */
function novaFields(wanted: Wanted, { notes }: TranslationContext, named: string): ThinkingFields {
  const effort = nearestEffort(effortOf(wanted), { efforts: ["low", "medium", "high"] });
  if (effort !== wanted.effort) notes.rewritten(named);
  return {
    fields: { reasoningConfig: { type: "enabled", maxReasoningEffort: effort } },
    on: effort === "high",
  };
}

function adaptiveFields(
  wanted: Wanted,
  { thinking }: ChatRequest,
  { notes, traits }: TranslationContext,
): ThinkingFields {
  const effort = wanted.effort ?? (wanted.budget === undefined ? undefined : effortOfBudget(wanted.budget));
  const sent = effort === undefined ? undefined : nearestEffort(effort, traits);
  if (wanted.budget !== undefined) notes.rewritten("thinking.budget_tokens");
  else if (sent !== effort) notes.clamped("reasoning_effort");
  const display = thinking?.display === undefined ? {} : { display: thinking.display };
  const fields = { thinking: { type: "adaptive", ...display } };
  return { fields: sent === undefined ? fields : { ...fields, output_config: { effort: sent } }, on: true };
}

/** The budget must stay below the bound of the answer. */
function budgetFields(
  wanted: Wanted,
  chat: ChatRequest,
  { notes, traits }: TranslationContext,
  named: string,
): ThinkingFields {
  const field = wanted.budget === undefined ? named : "thinking.budget_tokens";
  const asked = wanted.budget ?? budgetOfEffort(wanted.effort ?? "medium") ?? leastBudget;
  const { min, max } = traits.thinkingBudget ?? { min: leastBudget, max: Infinity };
  const bound = numberIn(chat.max_completion_tokens ?? chat.max_tokens) ?? traits.maxOutputTokens ?? Infinity;
  const most = Math.min(max, Number.isFinite(bound) ? bound - 1 : Infinity);
  if (most < min) {
    notes.dropped(named);
    return without;
  }
  const budget = Math.min(Math.max(asked, min), most);
  if (wanted.budget !== undefined && budget !== asked) notes.clamped(field);
  const display = chat.thinking?.display === undefined ? {} : { display: chat.thinking.display };
  return { fields: { thinking: { type: "enabled", budget_tokens: budget, ...display } }, on: true, budget };
}

/** The bound of an answer that has room for the thinking; undefined: as the client said, or the model's own. */
export function boundBeside(
  { budget }: ThinkingFields,
  { maxOutputTokens }: TranslationContext["traits"],
): number | undefined {
  return budget === undefined ? undefined : Math.min(maxOutputTokens ?? Infinity, budget + answerTokens);
}
