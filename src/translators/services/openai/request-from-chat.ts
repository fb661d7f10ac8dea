// A request in chat form as an OpenAI-compatible service takes it: extensions placed or taken out, quirks of the model
// kept. Must not know clients.
import type { ModelTraits } from "../../../core/model-traits.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { MediaAsk, ServiceCall, TranslationContext } from "../../translation.ts";
import { messagesFor } from "./messages-from-chat.ts";
import { thinkingFor } from "./thinking-from-chat.ts";
import { schemaInstruction, toolFieldsFor } from "./tools-from-chat.ts";

/** OpenAI takes no more. */
const mostStops = 4;
const longestUser = 64;

/** Fields of OpenAI's that other protocols have nothing for: they pass as they came. */
const own = [
  "audio",
  "modalities",
  "moderation",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "store",
  "web_search_options",
] as const;
const ownFields: ReadonlySet<string> = new Set(own);

/** Fields of the chat form that are OpenAI's as they stand. */
const alike = [
  "temperature",
  "top_p",
  "n",
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "verbosity",
  "service_tier",
  "metadata",
] as const;

export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const body: Record<string, unknown> = {
    model: context.model,
    messages: messagesFor(withInstruction(chat, context), context),
    ...(chat.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...maxTokensFor(chat, context),
  };
  for (const name of alike) if (chat[name] !== undefined) body[name] = chat[name];
  Object.assign(
    body,
    stopFor(chat, context),
    userFor(chat, context),
    toolFieldsFor(chat, context),
    formatFor(chat, context),
    thinkingFor(chat, context),
    othersFor(chat, context),
  );
  noteCacheControl(chat, context);
  keepQuirks(body, context);
  return { path: "/v1/chat/completions", body };
}

/** Documents that are named by URL: these services take bytes. */
export function mediaOf(chat: ChatRequest): readonly MediaAsk[] {
  return chat.messages.flatMap(({ content }, message) => {
    if (!Array.isArray(content)) return [];
    return content.flatMap((part, index) =>
      part.type === "file" && part.file.file_url !== undefined && part.file.file_data === undefined
        ? [{ url: part.file.file_url, param: `messages.${message}.content.${index}` }]
        : [],
    );
  });
}

/** The schema in words, where the model takes none. */
function withInstruction(chat: ChatRequest, { traits, notes }: TranslationContext): ChatRequest["messages"] {
  const instruction = traits.jsonSchema === false ? schemaInstruction(chat) : undefined;
  if (instruction === undefined) return chat.messages;
  notes.rewritten("response_format");
  const [first, ...rest] = chat.messages;
  if (first?.role !== "system" || typeof first.content !== "string")
    return [{ role: "system", content: instruction }, ...chat.messages];
  return [{ ...first, content: `${first.content}\n\n${instruction}` }, ...rest];
}

function formatFor({ response_format: format }: ChatRequest, { traits }: TranslationContext): JsonObject {
  if (format === undefined) return {};
  const isTooMuch = format.type === "json_schema" && traits.jsonSchema === false;
  return { response_format: isTooMuch ? { type: "json_object" } : format };
}

function maxTokensFor(chat: ChatRequest, { traits, notes }: TranslationContext): JsonObject {
  const asked = chat.max_completion_tokens ?? chat.max_tokens;
  if (asked === undefined) return {};
  const spelled = chat.max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens";
  const most = traits.maxOutputTokens;
  const isTooMany = most !== undefined && (numberIn(asked) ?? 0) > most;
  if (isTooMany) notes.clamped(spelled);
  return { [traits.maxTokensField ?? spelled]: isTooMany ? most : asked };
}

function stopFor({ stop }: ChatRequest, { notes }: TranslationContext): JsonObject {
  if (stop === undefined || stop.length === 0) return {};
  if (stop.length > mostStops) notes.clamped("stop");
  return { stop: stop.slice(0, mostStops) };
}

/** Coding agents put more into it than OpenAI takes. */
function userFor({ user }: ChatRequest, { notes }: TranslationContext): JsonObject {
  if (user === undefined) return {};
  if (user.length > longestUser) notes.clamped("user");
  return { user: user.slice(0, longestUser) };
}

function othersFor(chat: ChatRequest, { notes }: TranslationContext): JsonObject {
  const { others, top_k: topK } = chat;
  const taken = own.filter((name) => others[name] !== undefined).map((name) => [name, others[name]] as const);
  const passed = notes.rest(topK === undefined ? others : { ...others, top_k: topK }, ownFields);
  return { ...Object.fromEntries(taken), ...passed };
}

/** Services of this kind cache by themselves. Coding agents mark many blocks: one note is enough. */
function noteCacheControl({ messages, tools = [] }: ChatRequest, { notes }: TranslationContext): void {
  const isMarked =
    tools.some((tool) => tool.cache_control !== undefined) ||
    messages.some(
      (message) =>
        (message.role === "tool" && message.cache_control !== undefined) ||
        (message.role === "assistant" && message.tool_calls?.some(hasMark) === true) ||
        (Array.isArray(message.content) && message.content.some(hasMark)),
    );
  if (isMarked) notes.dropped("cache_control");
}

function hasMark(part: object): boolean {
  return "cache_control" in part && part.cache_control !== undefined;
}

function keepQuirks(body: Record<string, unknown>, { traits, notes }: TranslationContext): void {
  clampTemperature(body, traits, notes);
  if (traits.temperatureOrTopP === true && body["temperature"] !== undefined && body["top_p"] !== undefined) {
    delete body["top_p"];
    notes.dropped("top_p");
  }
  for (const name of traits.refuses ?? []) {
    if (body[name] === undefined) continue;
    delete body[name];
    // Usage is asked for by the gateway itself.
    if (name !== "stream_options") notes.dropped(name);
  }
  for (const [name, value] of Object.entries(traits.requires ?? {})) body[name] ??= value;
}

function clampTemperature(
  body: Record<string, unknown>,
  { temperature: range }: ModelTraits,
  notes: TranslationContext["notes"],
): void {
  const asked = numberIn(body["temperature"]);
  if (asked === undefined || range === undefined) return;
  const nearest = Math.min(Math.max(asked, range.min), range.max);
  if (nearest === asked) return;
  body["temperature"] = nearest;
  notes.clamped("temperature");
}
