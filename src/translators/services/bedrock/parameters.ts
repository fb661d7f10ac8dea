// The parameters of a request as Converse wants them: those it knows, and those that it hands on to the model.
import { GatewayError } from "../../../core/errors.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import type { AnswerFormat } from "../anthropic/answer-format.ts";
import { boundBeside, thinkingFields, type Hindrances, type ThinkingFields } from "./thinking.ts";

/** Fields of Converse itself that a client may name; they are sent as they came. */
const ownFields = [
  "guardrailConfig",
  "performanceConfig",
  "promptVariables",
  "requestMetadata",
  "additionalModelResponseFieldPaths",
] as const;
const known: ReadonlySet<string> = new Set([
  ...ownFields,
  "additionalModelRequestFields",
  "modalities",
  "top_k",
]);

/** Fields of chat completions that Converse has no place for, and what says nothing in each. */
const withoutPlace: readonly (readonly [keyof ChatRequest, (value: unknown) => boolean])[] = [
  ["seed", () => false],
  ["presence_penalty", isZero],
  ["frequency_penalty", isZero],
  ["logit_bias", (value) => isJsonObject(value) && Object.keys(value).length === 0],
  ["logprobs", (value) => value === false],
  ["top_logprobs", isZero],
  ["verbosity", (value) => value === "medium"],
  ["user", () => false],
];

const inferenceNames: ReadonlySet<string> = new Set(["maxTokens", "temperature", "topP", "stopSequences"]);

/** Everything of the body but system, messages and tools. @throws GatewayError invalid_request */
export function parametersOf(
  chat: ChatRequest,
  context: TranslationContext,
  { format, ...hindrances }: Hindrances & { readonly format: AnswerFormat },
): JsonObject {
  const { notes } = context;
  const several = numberIn(chat.n);
  if (several !== undefined && several > 1)
    throw new GatewayError("invalid_request", {
      message: "Bedrock gives one choice: n must be 1.",
      param: "n",
    });
  for (const [name, saysNothing] of withoutPlace) {
    const value = chat[name];
    if (value !== undefined && value !== null && !saysNothing(value)) notes.dropped(name);
  }
  const thinking = thinkingFields(chat, context, hindrances);
  const inference = { ...inferenceConfig(chat, thinking, context) };
  const additional = { ...additionalFields(chat, thinking, context) };
  for (const [name, value] of Object.entries(context.traits.requires ?? {})) {
    const place: Record<string, unknown> = inferenceNames.has(name) ? inference : additional;
    place[name] ??= value;
  }
  return {
    inferenceConfig: inference,
    ...(Object.keys(additional).length === 0 ? {} : { additionalModelRequestFields: additional }),
    ...ownFieldsOf(chat),
    ...metadataOf(chat, context),
    ...serviceTierOf(chat, context),
    ...outputConfigOf(chat, format),
  };
}

function isZero(value: unknown): boolean {
  return numberIn(value) === 0;
}

function inferenceConfig(
  chat: ChatRequest,
  thinking: ThinkingFields,
  context: TranslationContext,
): JsonObject {
  const maxTokens = boundOf(chat, thinking, context);
  const temperature = temperatureOf(chat, thinking, context);
  const topP = topPOf(chat, thinking, temperature, context);
  const stopSequences = stopsOf(chat, context);
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function boundOf(
  chat: ChatRequest,
  thinking: ThinkingFields,
  { notes, traits }: TranslationContext,
): unknown {
  const bound = chat.max_completion_tokens ?? chat.max_tokens;
  if (bound === undefined) return boundBeside(thinking, traits);
  const wanted = numberIn(bound);
  const most = traits.maxOutputTokens;
  if (wanted === undefined || most === undefined || wanted <= most) return bound;
  notes.clamped(chat.max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens");
  return most;
}

function temperatureOf(
  chat: ChatRequest,
  thinking: ThinkingFields,
  { notes, traits }: TranslationContext,
): unknown {
  const { temperature } = chat;
  const value = numberIn(temperature);
  if (value === undefined) return undefined;
  if (traits.refuses?.includes("temperature") === true || (thinking.on && value !== 1)) {
    notes.dropped("temperature");
    return undefined;
  }
  // Thinking models take 1 and nothing else, which is what they do unasked.
  if (thinking.on) return undefined;
  const { min, max } = traits.temperature ?? { min: 0, max: 1 };
  if (value >= min && value <= max) return temperature;
  notes.clamped("temperature");
  return Math.min(Math.max(value, min), max);
}

function topPOf(
  { top_p: topP }: ChatRequest,
  thinking: ThinkingFields,
  temperature: unknown,
  { notes, traits }: TranslationContext,
): unknown {
  const value = numberIn(topP);
  if (value === undefined) return undefined;
  const beside = traits.temperatureOrTopP === true && temperature !== undefined;
  if (traits.refuses?.includes("top_p") === true || thinking.on || beside) {
    if (value !== 1 || !thinking.on) notes.dropped("top_p");
    return undefined;
  }
  if (value >= 0 && value <= 1) return topP;
  notes.clamped("top_p");
  return Math.min(Math.max(value, 0), 1);
}

function stopsOf({ stop = [] }: ChatRequest, { notes, traits }: TranslationContext): readonly string[] {
  const sequences =
    traits.refuses?.includes("stop") === true ? [] : stop.filter((each) => each.trim() !== "");
  if (sequences.length < stop.length) notes.dropped("stop");
  return sequences;
}

function additionalFields(
  chat: ChatRequest,
  thinking: ThinkingFields,
  context: TranslationContext,
): JsonObject {
  const { notes } = context;
  const modalities = chat.others["modalities"];
  if (Array.isArray(modalities) && modalities.some((each) => each !== "text")) notes.dropped("modalities");
  const asked = chat.others["additionalModelRequestFields"];
  return {
    ...notes.rest(chat.others, known),
    ...topKField(chat, thinking, context),
    ...thinking.fields,
    ...(isJsonObject(asked) ? asked : {}),
  };
}

function topKField(
  chat: ChatRequest,
  thinking: ThinkingFields,
  { notes, traits }: TranslationContext,
): JsonObject {
  const topK: unknown = chat.top_k ?? chat.others["top_k"];
  if (topK === undefined || topK === null) return {};
  const family = traits.converseFields;
  if (family === "openai" || traits.refuses?.includes("top_k") === true || thinking.on) {
    notes.dropped("top_k");
    return {};
  }
  return family === "nova" ? { inferenceConfig: { topK } } : { top_k: topK };
}

function ownFieldsOf({ others }: ChatRequest): JsonObject {
  const fields: Record<string, unknown> = {};
  for (const name of ownFields) if (Object.hasOwn(others, name)) fields[name] = others[name];
  return fields;
}

/** Letters of names and values; longest of each is 256. */
const metadataText = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/u;

function metadataOf({ metadata, others }: ChatRequest, { notes }: TranslationContext): JsonObject {
  if (metadata === undefined || metadata === null) return {};
  const fitting = Object.entries(metadata).filter(
    ([name, value]) =>
      metadataText.test(name) && typeof value === "string" && (value === "" || metadataText.test(value)),
  );
  if (fitting.length < Object.keys(metadata).length) notes.dropped("metadata");
  if (fitting.length === 0 || Object.hasOwn(others, "requestMetadata")) return {};
  return { requestMetadata: Object.fromEntries(fitting) };
}

const tiers: ReadonlySet<string> = new Set(["default", "priority", "flex", "reserved"]);

function serviceTierOf({ service_tier: tier }: ChatRequest, { notes }: TranslationContext): JsonObject {
  if (tier === undefined || tier === null || tier === "auto") return {};
  if (tiers.has(tier)) return { serviceTier: { type: tier } };
  // Anthropic's name of the usual one.
  if (tier !== "standard_only") notes.dropped("service_tier");
  return {};
}

function outputConfigOf({ response_format: asked }: ChatRequest, format: AnswerFormat): JsonObject {
  if (format.kind !== "schema" || asked?.type !== "json_schema") return {};
  const { name, description } = asked.json_schema;
  const jsonSchema = {
    name,
    schema: JSON.stringify(format.schema),
    ...(description === undefined ? {} : { description }),
  };
  return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } };
}
