// Settings of the chat form as Gemini's generationConfig. Must not know messages or tools.
import { GatewayError } from "../../../core/errors.ts";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { budgetOfEffort, effortOfBudget, nearestEffort, wantedThinking } from "../../chat/thinking-budget.ts";
import type { TranslationContext } from "../../translation.ts";
import { openApiSchema } from "./openapi-schema.ts";

/** Sequences that end an answer, at most. */
const mostStops = 5;
const mostCandidates = 8;
const mostLogprobs = 20;
/** What Gemini 3 knows. */
const levels = ["minimal", "low", "medium", "high"];

type Draft = Record<string, unknown>;

export function generationConfigOf(chat: ChatRequest, context: TranslationContext): JsonObject {
  const draft: Draft = {};
  const taken = (name: keyof ChatRequest): unknown => {
    const value = chat[name];
    if (value === undefined || value === null) return undefined;
    if (!(context.traits.refuses?.includes(name) ?? false)) return value;
    context.notes.dropped(name);
    return undefined;
  };
  const copy = (name: keyof ChatRequest, as: string): void => {
    const value = taken(name);
    if (value !== undefined) draft[as] = value;
  };
  addLength(draft, chat, context);
  addTemperature(draft, taken("temperature"), context);
  copy("top_p", "topP");
  copy("top_k", "topK");
  copy("seed", "seed");
  copy("presence_penalty", "presencePenalty");
  copy("frequency_penalty", "frequencyPenalty");
  if (chat.stop !== undefined && taken("stop") !== undefined) addStops(draft, chat.stop, context);
  addCandidates(draft, chat, context);
  if (chat.logprobs === true && taken("logprobs") !== undefined) addLogprobs(draft, chat, context);
  addFormat(draft, chat, context);
  addThinking(draft, chat, context);
  addOthers(draft, chat.others);
  for (const [name, value] of Object.entries(context.traits.requires ?? {})) draft[name] ??= value;
  noteUnsaid(chat, context);
  return draft;
}

function addLength(draft: Draft, chat: ChatRequest, { traits, notes }: TranslationContext): void {
  const name = chat.max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens";
  const value = chat[name];
  if (value === undefined) return;
  const most = traits.maxOutputTokens;
  const isOver = most !== undefined && (numberIn(value) ?? 0) > most;
  if (isOver) notes.clamped(name);
  draft["maxOutputTokens"] = isOver ? most : value;
}

function addTemperature(draft: Draft, value: unknown, { traits, notes }: TranslationContext): void {
  const wanted = numberIn(value);
  if (wanted === undefined) return;
  const { min, max } = traits.temperature ?? { min: 0, max: 2 };
  const near = Math.min(Math.max(wanted, min), max);
  if (near !== wanted) notes.clamped("temperature");
  draft["temperature"] = near === wanted ? value : near;
}

function addStops(draft: Draft, stop: readonly string[], { notes }: TranslationContext): void {
  const filled = stop.filter((text) => text !== "");
  if (filled.length > mostStops) notes.clamped("stop");
  if (filled.length > 0) draft["stopSequences"] = filled.slice(0, mostStops);
}

function addCandidates(draft: Draft, { n }: ChatRequest, { traits }: TranslationContext): void {
  const count = numberIn(n) ?? 1;
  if (count === 1) return;
  const most = (traits.refuses?.includes("n") ?? false) ? 1 : mostCandidates;
  if (count > most) {
    throw new GatewayError("invalid_request", {
      message: `n is ${count}, but this model gives at most ${most} answers at once.`,
      param: "n",
    });
  }
  draft["candidateCount"] = count;
}

function addLogprobs(draft: Draft, { top_logprobs: top }: ChatRequest, { notes }: TranslationContext): void {
  draft["responseLogprobs"] = true;
  const count = numberIn(top);
  if (count === undefined || count === 0) return;
  if (count > mostLogprobs) notes.clamped("top_logprobs");
  draft["logprobs"] = Math.min(count, mostLogprobs);
}

function addFormat(
  draft: Draft,
  { response_format: format }: ChatRequest,
  context: TranslationContext,
): void {
  const { traits, notes } = context;
  if (format === undefined || format.type === "text") return;
  draft["responseMimeType"] = "application/json";
  if (format.type === "json_object") return;
  const { schema } = format.json_schema;
  if (schema === undefined) return;
  if (traits.jsonSchema === false) notes.dropped("response_format.json_schema.schema");
  else if (traits.schemas === "openapi") draft["responseSchema"] = openApiSchema(schema);
  else draft["responseJsonSchema"] = schema;
}

function addThinking(draft: Draft, chat: ChatRequest, context: TranslationContext): void {
  const { traits, notes } = context;
  const wanted = wantedThinking(chat);
  const own = googleMember(chat.others, "thinking_config");
  if (isJsonObject(own)) {
    draft["thinkingConfig"] = camelCased(own);
    return;
  }
  if (wanted.kind === "unsaid") return;
  const field = chat.thinking === undefined ? "reasoning_effort" : "thinking";
  if (traits.thinking === "none") {
    if (wanted.kind === "on") notes.dropped(field);
    return;
  }
  const config = traits.thinking === "level" ? levelOf(wanted, traits) : budgetOf(wanted, traits);
  if (config.isClamped) notes.clamped(field);
  const isShown = wanted.kind === "on" && chat.thinking?.display !== "omitted";
  draft["thinkingConfig"] = { ...config.said, ...(isShown && { includeThoughts: true }) };
}

type Wanted = Exclude<ReturnType<typeof wantedThinking>, { kind: "unsaid" }>;

interface Said {
  readonly said: JsonObject;
  readonly isClamped: boolean;
}

/** It cannot be turned off: then it is the least. */
function levelOf(wanted: Wanted, traits: ModelTraits): Said {
  const known = { ...traits, efforts: traits.efforts ?? levels };
  const off = known.efforts.includes("none") ? "none" : "minimal";
  if (wanted.kind === "off") {
    return { said: { thinkingLevel: nearestEffort(off, known) }, isClamped: true };
  }
  const effort = wanted.effort ?? (wanted.budget === undefined ? undefined : effortOfBudget(wanted.budget));
  if (effort === undefined) return { said: {}, isClamped: false };
  const level = nearestEffort(effort, known);
  return { said: { thinkingLevel: level }, isClamped: level !== effort };
}

/** 0: not at all; -1: as much as the model likes. */
function budgetOf(wanted: Wanted, { thinkingBudget: range }: ModelTraits): Said {
  if (wanted.kind === "off") {
    const least = range?.min ?? 0;
    return { said: { thinkingBudget: least }, isClamped: least > 0 };
  }
  const budget = wanted.budget ?? (wanted.effort === undefined ? undefined : budgetOfEffort(wanted.effort));
  if (budget === undefined) return { said: { thinkingBudget: -1 }, isClamped: false };
  const near = range === undefined ? budget : Math.min(Math.max(budget, range.min), range.max);
  // An effort is no number of tokens: any is near enough.
  return { said: { thinkingBudget: near }, isClamped: near !== budget && wanted.budget !== undefined };
}

/** Fields of Gemini's that clients of other protocols write beside their own. */
function addOthers(draft: Draft, others: JsonObject): void {
  const modalities = listOf(others, "modalities");
  if (modalities.some((modality) => modality !== "text"))
    draft["responseModalities"] = modalities.map((modality) => String(modality).toUpperCase());
  for (const name of ["responseModalities", "mediaResolution", "speechConfig", "imageConfig"]) {
    const value = memberOf(others, name);
    if (value !== undefined) draft[name] = value;
  }
}

/** Google's own way to say more in a chat request: `extra_body: {google: {thinking_config, cached_content}}`. */
export function googleMember(others: JsonObject, name: string): unknown {
  return memberOf(memberOf(memberOf(others, "extra_body"), "google"), name);
}

function camelCased(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      inner,
    ]),
  );
}

/** Fields of the chat form that Gemini has no place for. */
function noteUnsaid(chat: ChatRequest, { notes }: TranslationContext): void {
  if (chat.logit_bias !== undefined && Object.keys(chat.logit_bias).length > 0) notes.dropped("logit_bias");
  if (chat.parallel_tool_calls === false) notes.dropped("parallel_tool_calls");
  if (chat.verbosity !== undefined && chat.verbosity !== "medium") notes.dropped("verbosity");
  if (chat.service_tier !== undefined && chat.service_tier !== "auto" && chat.service_tier !== "default")
    notes.dropped("service_tier");
  if (chat.user !== undefined) notes.dropped("user");
  if (chat.metadata !== undefined && Object.keys(chat.metadata).length > 0) notes.dropped("metadata");
}
