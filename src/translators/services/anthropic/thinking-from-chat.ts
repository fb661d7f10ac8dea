// How much to think, how long the answer may get and how it is sampled: three things that depend on each other with
// Anthropic. Must not know messages.
import type { ModelTraits } from "../../../core/model-traits.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { budgetOfEffort, effortOfBudget, nearestEffort, wantedThinking } from "../../chat/thinking-budget.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import type { TranslationContext } from "../../translation.ts";
import type { WireBlock } from "./wire-block.ts";

/** Sent where neither the client nor what is known of the model gives a bound. */
const usualMaxTokens = 4_096;
const leastBudget = 1_024;
/** Efforts of models of which nothing is known: some refuse `xhigh`. */
const usualEfforts = ["low", "medium", "high", "max"];

export interface Effort {
  readonly thinking: WireBlock | undefined;
  readonly effort: string | undefined;
  readonly maxTokens: unknown;
}

/** What keeps a model from thinking in this request. */
export interface Hindrances {
  readonly toolForced: boolean;
  /** The loop of tool calls began without thinking. */
  readonly loopLacksThinking: boolean;
}

export function effortFromChat(
  chat: ChatRequest,
  { traits, notes }: TranslationContext,
  hindrances: Hindrances,
): Effort {
  const bound = boundOf(chat, traits, notes);
  const field = chat.thinking === undefined ? "reasoning_effort" : "thinking";
  const wanted = wantedThinking(chat);
  const plain = { thinking: undefined, effort: undefined, maxTokens: bound.value };
  if (wanted.kind === "unsaid") return plain;
  const off = wanted.kind === "off" || (wanted.effort === "minimal" && wanted.budget === undefined);
  if (traits.thinking === "none") {
    if (!off) notes.dropped(field);
    return plain;
  }
  if (off) {
    if (wanted.kind === "on") notes.clamped(field);
    return traits.thinking === "effort" ? plain : { ...plain, thinking: { type: "disabled" } };
  }
  const { effort, budget } = wanted;
  if (effort !== undefined && budget === undefined && budgetOfEffort(effort) === undefined) {
    notes.dropped(field);
    return plain;
  }
  const word = effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
  // Of a model of which nothing is known the client may know more.
  const control = traits.thinking ?? (chat.thinking?.type === "adaptive" ? "adaptive" : "budget");
  if (control === "effort" || control === "adaptive") {
    if (budget !== undefined) notes.rewritten("thinking.budget_tokens");
    const thinking = control === "adaptive" ? adaptive(chat, hindrances, notes, field) : undefined;
    return { ...plain, thinking, effort: effortOf(word, traits, notes, field) };
  }
  if (hindrances.toolForced || hindrances.loopLacksThinking) {
    notes.dropped(field);
    return plain;
  }
  return withBudget(chat, bound, budget ?? budgetOfEffort(word ?? "high") ?? leastBudget, {
    traits,
    notes,
    field,
  });
}

function adaptive(
  { thinking }: ChatRequest,
  { toolForced }: Hindrances,
  notes: TranslationNotes,
  field: string,
): WireBlock | undefined {
  if (toolForced) {
    notes.dropped(field);
    return undefined;
  }
  return { type: "adaptive", ...(thinking?.display !== undefined && { display: thinking.display }) };
}

function effortOf(
  wanted: string | undefined,
  traits: ModelTraits,
  notes: TranslationNotes,
  field: string,
): string | undefined {
  if (wanted === undefined) return undefined;
  const taken = nearestEffort(wanted, { efforts: traits.efforts ?? usualEfforts });
  if (taken !== wanted) notes.clamped(field);
  return taken;
}

interface Bound {
  /** As the client wrote it, or a number of ours. */
  readonly value: unknown;
  readonly tokens: number;
  readonly given: boolean;
}

function boundOf(chat: ChatRequest, { maxOutputTokens }: ModelTraits, notes: TranslationNotes): Bound {
  const value: unknown = chat.max_completion_tokens ?? chat.max_tokens;
  const tokens = numberIn(value);
  if (tokens === undefined) {
    const usual = maxOutputTokens ?? usualMaxTokens;
    return { value: usual, tokens: usual, given: false };
  }
  if (maxOutputTokens === undefined || tokens <= maxOutputTokens) return { value, tokens, given: true };
  notes.clamped(chat.max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens");
  return { value: maxOutputTokens, tokens: maxOutputTokens, given: true };
}

interface BudgetRules {
  readonly traits: ModelTraits;
  readonly notes: TranslationNotes;
  readonly field: string;
}

/** The bound of the answer counts thinking too, so the budget stays below it and leaves a fifth of it for words. */
function withBudget(
  { thinking }: ChatRequest,
  bound: Bound,
  asked: number,
  { traits, notes, field }: BudgetRules,
): Effort {
  const least = traits.thinkingBudget?.min ?? leastBudget;
  const inRange = Math.min(Math.max(asked, least), traits.thinkingBudget?.max ?? asked + least);
  const bounded = bound.given || traits.maxOutputTokens !== undefined;
  const budget =
    bounded && inRange >= bound.tokens ? Math.max(least, Math.floor(bound.tokens * 0.8)) : inRange;
  if (bounded && budget >= bound.tokens) {
    notes.dropped(field);
    return { thinking: undefined, effort: undefined, maxTokens: bound.value };
  }
  if (budget !== asked) notes.clamped(field);
  return {
    thinking: {
      type: "enabled",
      budget_tokens: budget,
      ...(thinking?.display !== undefined && { display: thinking.display }),
    },
    effort: undefined,
    maxTokens: bounded || bound.tokens > budget ? bound.value : budget + usualMaxTokens,
  };
}

/** Temperature, top_p and top_k as far as Anthropic takes them. @param topK of the chat form or of its other fields */
export function samplingFromChat(
  chat: ChatRequest,
  topK: unknown,
  { traits, notes }: TranslationContext,
  thinks: boolean,
): WireBlock {
  const sampling: WireBlock = {};
  const refuses = (field: string): boolean => traits.refuses?.includes(field) === true;
  const temperature = numberIn(chat.temperature);
  if (temperature !== undefined) {
    const { min, max } = traits.temperature ?? { min: 0, max: 1 };
    const taken = Math.min(Math.max(temperature, min), max);
    // 1 is what it thinks with anyway.
    if (refuses("temperature") || (thinks && temperature !== 1)) notes.dropped("temperature");
    else if (taken !== temperature) notes.clamped("temperature");
    if (!refuses("temperature") && !thinks)
      sampling["temperature"] = taken === temperature ? chat.temperature : taken;
  }
  if (chat.top_p !== undefined) {
    const beside = traits.temperatureOrTopP === true && sampling["temperature"] !== undefined;
    if (refuses("top_p") || thinks || beside) notes.dropped("top_p");
    else sampling["top_p"] = chat.top_p;
  }
  if (topK !== undefined && topK !== null) {
    if (refuses("top_k") || thinks) notes.dropped("top_k");
    else sampling["top_k"] = topK;
  }
  return sampling;
}
