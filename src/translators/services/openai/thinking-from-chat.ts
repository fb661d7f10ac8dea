// How much to think, in the words of an OpenAI-compatible service's model. Acts on traits, never on names of models.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import {
  budgetOfEffort,
  effortOfBudget,
  nearestEffort,
  wantedThinking,
  type WantedThinking,
} from "../../chat/thinking-budget.ts";
import type { TranslationContext } from "../../translation.ts";

export function thinkingFor(chat: ChatRequest, context: TranslationContext): JsonObject {
  const wanted = wantedThinking(chat);
  if (wanted.kind === "unsaid") return {};
  switch (context.traits.thinking) {
    case "none":
      if (wanted.kind === "on") context.notes.dropped(fieldOf(chat));
      return {};
    case "switch":
    case "budget":
      return switched(chat, wanted, context);
    default:
      return effort(chat, wanted, context);
  }
}

function fieldOf({ thinking }: ChatRequest): string {
  return thinking === undefined ? "reasoning_effort" : "thinking";
}

/** Whether a tool must be called: models with a switch then cannot think. */
function isForced({ tool_choice: choice }: ChatRequest): boolean {
  return choice === "required" || typeof choice === "object";
}

function switched(
  chat: ChatRequest,
  wanted: WantedThinking,
  { traits, notes }: TranslationContext,
): JsonObject {
  const isOn = wanted.kind === "on" && !isForced(chat);
  if (wanted.kind === "on" && !isOn) notes.dropped(fieldOf(chat));
  const budget =
    isOn && traits.thinking === "budget" ? budgetFor(chat, wanted, { traits, notes }) : undefined;
  if (isOn && traits.thinking === "switch" && (wanted.budget ?? wanted.effort) !== undefined)
    notes.rewritten(fieldOf(chat));
  if (traits.thinkingField === "enable_thinking") {
    return { enable_thinking: isOn, ...(budget === undefined ? {} : { thinking_budget: budget }) };
  }
  const type = isOn ? "enabled" : "disabled";
  return { thinking: { type, ...(budget === undefined ? {} : { budget_tokens: budget }) } };
}

function budgetFor(
  chat: ChatRequest,
  { budget, effort: asked }: Extract<WantedThinking, { readonly kind: "on" }>,
  { traits, notes }: Pick<TranslationContext, "traits" | "notes">,
): number | undefined {
  const wanted = budget ?? (asked === undefined ? undefined : budgetOfEffort(asked));
  if (wanted === undefined) return undefined;
  if (budget === undefined) notes.rewritten("reasoning_effort");
  const { min, max } = traits.thinkingBudget ?? { min: 0, max: Infinity };
  const nearest = Math.min(Math.max(wanted, min), max);
  if (nearest !== wanted) notes.clamped(fieldOf(chat));
  return nearest;
}

function effort(
  chat: ChatRequest,
  wanted: WantedThinking,
  { traits, notes }: TranslationContext,
): JsonObject {
  if (wanted.kind !== "on") {
    // A model whose efforts are not known may refuse the word.
    if (traits.efforts === undefined && chat.reasoning_effort !== "none") return {};
    return { reasoning_effort: nearestEffort("none", traits) };
  }
  const asked = wanted.effort ?? (wanted.budget === undefined ? undefined : effortOfBudget(wanted.budget));
  if (asked === undefined) {
    notes.rewritten("thinking");
    return {};
  }
  // `max` is a word of few models.
  const known = asked === "max" && traits.efforts === undefined ? "xhigh" : nearestEffort(asked, traits);
  if (known !== asked) notes.clamped(wanted.effort === undefined ? "thinking" : "reasoning_effort");
  else if (wanted.effort === undefined) notes.rewritten("thinking");
  return { reasoning_effort: known };
}
