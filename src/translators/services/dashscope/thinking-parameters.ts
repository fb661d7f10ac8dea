// Says in DashScope's words how much a model shall think. Must not know other parameters.
import type { JsonObject } from "../../../lib/json-value.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import type { ChatRequest, ChatToolChoice } from "../../chat/chat-request.ts";
import {
  budgetOfEffort,
  effortOfBudget,
  nearestEffort,
  wantedThinking,
  type WantedThinking,
} from "../../chat/thinking-budget.ts";
import type { TranslationContext } from "../../translation.ts";

type Wanted = Extract<WantedThinking, { readonly kind: "on" }>;

/** A tool that must be called: models do not think then. */
export function isForced(choice: ChatToolChoice | undefined): boolean {
  if (typeof choice !== "object") return choice === "required";
  return choice.type === "function" || choice.allowed_tools.mode === "required";
}

export function thinkingParameters(chat: ChatRequest, context: TranslationContext): JsonObject {
  const wanted = wantedThinking(chat);
  const own = ownWords(chat);
  const field = chat.thinking === undefined ? "reasoning_effort" : "thinking";
  const hasTools = chat.tools !== undefined && chat.tools.length > 0;
  if (hasTools && isForced(chat.tool_choice)) return withoutThinking(wanted, own, field, context);
  if (context.traits.thinking === "none") {
    if (wanted.kind === "on") context.notes.dropped(field);
    return own;
  }
  // What a client says in DashScope's own words counts.
  if (wanted.kind === "unsaid" || "enable_thinking" in own) return own;
  if (wanted.kind === "off") return { ...own, enable_thinking: false };
  return { enable_thinking: true, ...amountOf(wanted, field, context), ...own };
}

function ownWords({ others }: ChatRequest): JsonObject {
  const names = ["enable_thinking", "thinking_budget"].filter(
    (name) => Object.hasOwn(others, name) && others[name] !== null,
  );
  return Object.fromEntries(names.map((name) => [name, others[name]]));
}

/** The forced tool wins. Nothing is said to a model that may not know the word. */
function withoutThinking(
  wanted: WantedThinking,
  own: JsonObject,
  field: string,
  { traits, notes }: TranslationContext,
): JsonObject {
  if (wanted.kind === "on") notes.dropped(field);
  if (own["enable_thinking"] === true) notes.dropped("enable_thinking");
  const isThinker = traits.thinking !== undefined && traits.thinking !== "none";
  const isSaid = wanted.kind !== "unsaid" || "enable_thinking" in own;
  return isThinker || (isSaid && traits.thinking !== "none") ? { enable_thinking: false } : {};
}

function amountOf({ effort, budget }: Wanted, field: string, context: TranslationContext): JsonObject {
  const { traits, notes } = context;
  if (traits.thinking === "switch") {
    if (budget !== undefined) notes.dropped("thinking.budget_tokens");
    else if (effort !== undefined) notes.rewritten(field);
    return {};
  }
  if (traits.thinking === "effort" || traits.thinking === "level" || traits.thinking === "adaptive") {
    const word = effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
    if (word === undefined) return {};
    const taken = nearestEffort(word, traits);
    if (taken !== effort)
      notes.rewritten(effort === undefined ? "thinking.budget_tokens" : "reasoning_effort");
    return { reasoning_effort: taken };
  }
  return budgetParameter({ kind: "on", effort, budget }, context);
}

function budgetParameter({ effort, budget }: Wanted, { traits, notes }: TranslationContext): JsonObject {
  const wanted = budget ?? (effort === undefined ? undefined : budgetOfEffort(effort));
  if (wanted === undefined) return {};
  if (budget === undefined) notes.rewritten("reasoning_effort");
  const { min, max } = traits.thinkingBudget ?? { min: 0, max: Number.POSITIVE_INFINITY };
  const taken = Math.min(max, Math.max(min, numberIn(wanted) ?? wanted));
  if (taken !== wanted && budget !== undefined) notes.clamped("thinking.budget_tokens");
  return { thinking_budget: taken };
}
