// A request in chat form for a service that speaks the Responses protocol. Must not know clients.
import { GatewayError } from "../../../core/errors.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool, ChatToolChoice, ResponseFormat } from "../../chat/chat-request.ts";
import { effortOfBudget, nearestEffort, wantedThinking } from "../../chat/thinking-budget.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { inputFromChat } from "./input-from-chat.ts";

/** Least that the protocol takes as bound of an answer. */
const leastOutputTokens = 16;

/** Fields of other protocols that mean the same here. */
const passed = [
  "prompt_cache_key",
  "prompt_cache_retention",
  "prompt_cache_options",
  "safety_identifier",
  "moderation",
] as const;

const taken: ReadonlySet<string> = new Set([...passed, "web_search_options"]);

/** What the protocol has no place for, and what says nothing in each. */
const withoutPlace: readonly (readonly [keyof ChatRequest, (value: unknown) => boolean])[] = [
  ["stop", (value) => Array.isArray(value) && value.length === 0],
  ["seed", () => false],
  ["top_k", () => false],
  ["presence_penalty", (value) => numberIn(value) === 0],
  ["frequency_penalty", (value) => numberIn(value) === 0],
  ["logit_bias", (value) => isJsonObject(value) && Object.keys(value).length === 0],
];

/** @throws GatewayError invalid_request for several choices, and for content that has no place */
export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const { notes, traits } = context;
  const several = numberIn(chat.n);
  if (several !== undefined && several > 1)
    throw new GatewayError("invalid_request", {
      message: "The service of this request gives one choice: n must be 1.",
      param: "n",
    });
  for (const [name, saysNothing] of withoutPlace) {
    const value = chat[name];
    if (value !== undefined && value !== null && !saysNothing(value)) notes.dropped(name);
  }
  const { instructions, input } = inputFromChat(chat.messages, context);
  const include = [...reasoningInclude(chat, context), ...(chat.logprobs === true ? [logprobsName] : [])];
  return {
    path: "/v1/responses",
    body: {
      ...traits.requires,
      ...notes.rest(chat.others, taken),
      model: context.model,
      ...(instructions === undefined ? {} : { instructions }),
      input,
      ...toolFields(chat, context),
      ...boundOf(chat, context),
      ...samplingOf(chat, context),
      ...textOfChat(chat, context),
      ...reasoningOf(chat, context),
      ...(include.length === 0 ? {} : { include }),
      ...accountOf(chat),
      store: false,
      ...(chat.stream ? { stream: true } : {}),
    },
  };
}

const logprobsName = "message.output_text.logprobs";

function toolFields(chat: ChatRequest, context: TranslationContext): JsonObject {
  const { notes, traits } = context;
  const search = chat.others["web_search_options"];
  if (traits.tools === false && (chat.tools ?? []).length > 0) {
    notes.dropped("tools");
    return {};
  }
  const tools = [
    ...(chat.tools ?? []).map(toolOf),
    ...(isJsonObject(search) ? [{ type: "web_search", ...search, ...locationOf(search) }] : []),
  ];
  if (chat.tools?.some((tool) => tool.cache_control !== undefined) === true) notes.dropped("cache_control");
  if (tools.length === 0) return {};
  return {
    tools,
    ...(chat.tool_choice === undefined ? {} : { tool_choice: choiceOf(chat.tool_choice) }),
    ...(chat.parallel_tool_calls === undefined ? {} : { parallel_tool_calls: chat.parallel_tool_calls }),
  };
}

/** A chat completion wraps the place in `approximate`. */
function locationOf(search: JsonObject): JsonObject {
  const location = search["user_location"];
  const approximate = memberOf(location, "approximate");
  return isJsonObject(approximate) ? { user_location: { type: "approximate", ...approximate } } : {};
}

/** Left out, `strict` would be true here, and false in a chat completion. */
function toolOf({ function: { name, description, parameters, strict } }: ChatTool): JsonObject {
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    parameters: parameters ?? { type: "object", properties: {} },
    strict: strict ?? false,
  };
}

function choiceOf(choice: ChatToolChoice): unknown {
  if (typeof choice === "string") return choice;
  if (choice.type === "function") return { type: "function", name: choice.function.name };
  const { mode, tools } = choice.allowed_tools;
  return { type: "allowed_tools", mode, tools: tools.map(flatTool) };
}

function flatTool(tool: JsonObject): JsonObject {
  const name = memberOf(tool["function"], "name");
  return name === undefined ? tool : { type: tool["type"], name };
}

function boundOf(chat: ChatRequest, { notes, traits }: TranslationContext): JsonObject {
  const bound = chat.max_completion_tokens ?? chat.max_tokens;
  const wanted = numberIn(bound);
  if (wanted === undefined) return {};
  const most = traits.maxOutputTokens ?? wanted;
  const nearest = Math.max(leastOutputTokens, Math.min(wanted, most));
  if (nearest === wanted) return { max_output_tokens: bound };
  notes.clamped(chat.max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens");
  return { max_output_tokens: nearest };
}

function samplingOf(chat: ChatRequest, { notes, traits }: TranslationContext): JsonObject {
  const fields: Record<string, unknown> = {};
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (traits.refuses?.includes(name) === true) notes.dropped(name);
    else fields[name] = value;
  };
  add("temperature", temperatureOf(chat, { notes, traits }));
  if (traits.temperatureOrTopP === true && fields["temperature"] !== undefined && chat.top_p !== undefined)
    notes.dropped("top_p");
  else add("top_p", chat.top_p);
  add("top_logprobs", chat.top_logprobs);
  return fields;
}

function temperatureOf(
  { temperature }: ChatRequest,
  { notes, traits }: Pick<TranslationContext, "notes" | "traits">,
): unknown {
  const wanted = numberIn(temperature);
  if (wanted === undefined || traits.temperature === undefined) return temperature;
  const { min, max } = traits.temperature;
  if (wanted >= min && wanted <= max) return temperature;
  notes.clamped("temperature");
  return Math.min(Math.max(wanted, min), max);
}

function textOfChat(
  { response_format: format, verbosity }: ChatRequest,
  context: TranslationContext,
): JsonObject {
  const text = {
    ...(format === undefined ? {} : { format: formatOf(format, context) }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
  return Object.keys(text).length === 0 ? {} : { text };
}

function formatOf(format: ResponseFormat, { notes, traits }: TranslationContext): JsonObject {
  if (format.type !== "json_schema") return format;
  if (traits.jsonSchema === false) {
    notes.rewritten("response_format");
    return { type: "json_object" };
  }
  const { name, schema, description, strict } = format.json_schema;
  return {
    type: "json_schema",
    name,
    schema: schema ?? { type: "object" },
    ...(description === undefined ? {} : { description }),
    strict: strict ?? false,
  };
}

/** A summary is asked for where the client wants to read along: it is not free everywhere. */
function reasoningOf(chat: ChatRequest, { notes, traits }: TranslationContext): JsonObject {
  const wanted = wantedThinking(chat);
  if (wanted.kind === "unsaid") return {};
  const field = chat.reasoning_effort === undefined ? "thinking" : "reasoning_effort";
  if (traits.thinking === "none" || traits.refuses?.includes("reasoning_effort") === true) {
    if (wanted.kind === "on") notes.dropped(field);
    return {};
  }
  if (wanted.kind === "off") {
    const least = nearestEffort("none", traits);
    if (least !== "none") notes.clamped(field);
    return { reasoning: { effort: least } };
  }
  const asked = wanted.effort ?? (wanted.budget === undefined ? undefined : effortOfBudget(wanted.budget));
  const effort = asked === undefined ? undefined : nearestEffort(asked, traits);
  if (effort !== asked) notes.clamped(field);
  else if (wanted.budget !== undefined && wanted.effort === undefined)
    notes.rewritten("thinking.budget_tokens");
  const reads = chat.thinking !== undefined && chat.thinking.display !== "omitted";
  const reasoning = {
    ...(effort === undefined ? {} : { effort }),
    ...(reads ? { summary: "auto" } : {}),
  };
  return Object.keys(reasoning).length === 0 ? {} : { reasoning };
}

/** Models that do not think refuse to be asked for its state. */
function reasoningInclude(chat: ChatRequest, { traits }: TranslationContext): readonly string[] {
  const thinks =
    traits.thinking === undefined ? wantedThinking(chat).kind === "on" : traits.thinking !== "none";
  return thinks ? ["reasoning.encrypted_content"] : [];
}

function accountOf({ service_tier: tier, user, metadata, others }: ChatRequest): JsonObject {
  const fields: Record<string, unknown> = {};
  for (const name of passed) if (Object.hasOwn(others, name)) fields[name] = others[name];
  return {
    ...(tier === undefined ? {} : { service_tier: tier === "standard_only" ? "default" : tier }),
    ...(user === undefined ? {} : { user }),
    ...(metadata === undefined ? {} : { metadata }),
    ...fields,
  };
}
