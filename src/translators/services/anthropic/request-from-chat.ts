// A request of the chat form as one to Anthropic's `/v1/messages`. Must not know which client asked.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { answerFormatOf, type AnswerFormat } from "./answer-format.ts";
import { saysAnything } from "./blocks-from-parts.ts";
import { conversationOf, loopLacksThinking } from "./messages-from-chat.ts";
import { effortFromChat, samplingFromChat } from "./thinking-from-chat.ts";
import { toolsFromChat } from "./tools-from-chat.ts";
import { Gathered, type WireBlock } from "./wire-block.ts";

const version = "2023-06-01";

/** Fields of Anthropic's that have no place in the chat form, with the beta feature that each needs. */
const ownFields: Readonly<Record<string, string | undefined>> = {
  cache_control: undefined,
  container: undefined,
  context_management: "context-management-2025-06-27",
  inference_geo: undefined,
  mcp_servers: "mcp-client-2025-04-04",
};

/** Names in `others` that are taken or judged here. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(ownFields),
  "metadata",
  "modalities",
  "output_config",
  "safety_identifier",
  "service_tier",
  "top_k",
]);

/** @throws GatewayError for what cannot be said, and must not be left out */
export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const { notes, traits, model } = context;
  refuseSeveral(chat);
  noteUnsaid(chat, notes);
  const gathered = new Gathered();
  const format = answerFormatOf(chat, traits);
  const { tools, choice, forced } = toolsFromChat(chat, format, context, gathered);
  const conversation = conversationOf(chat.messages, notes, gathered);
  const effort = effortFromChat(chat, context, {
    toolForced: forced,
    loopLacksThinking: loopLacksThinking(conversation),
  });
  const thinks = effort.thinking !== undefined && effort.thinking["type"] !== "disabled";
  const system = withInstruction(conversation.system, format, notes);
  const own = ownFieldsOf(chat.others, gathered);
  gathered.dropExtraMarks(own["cache_control"] === undefined ? 0 : 1, notes);
  const outputConfig = outputConfigOf(chat, format, effort.effort);
  const stops = stopsOf(chat, context);
  const metadata = metadataOf(chat, notes);
  const tier = tierOf(chat, notes);
  const body: WireBlock = {
    ...notes.rest(chat.others, known),
    model,
    max_tokens: effort.maxTokens,
    ...(system.length > 0 && { system }),
    messages: conversation.messages,
    ...(tools.length > 0 && { tools }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...samplingFromChat(chat, chat.top_k ?? chat.others["top_k"], context, thinks),
    ...(stops.length > 0 && { stop_sequences: stops }),
    ...(effort.thinking !== undefined && { thinking: effort.thinking }),
    ...(outputConfig !== undefined && { output_config: outputConfig }),
    ...(metadata !== undefined && { metadata }),
    ...(tier !== undefined && { service_tier: tier }),
    ...own,
    ...(chat.stream && { stream: true }),
  };
  for (const [name, value] of Object.entries(traits.requires ?? {})) body[name] ??= value;
  const betas = [...gathered.betas];
  return {
    path: "/v1/messages",
    body,
    headers: ["anthropic-version", version, ...(betas.length > 0 ? ["anthropic-beta", betas.join(",")] : [])],
  };
}

function refuseSeveral({ n }: ChatRequest): void {
  if ((numberIn(n) ?? 1) > 1)
    throw new GatewayError("invalid_request", {
      message: "n: Anthropic gives one answer to a request. Leave n out, or send the request n times.",
      param: "n",
    });
}

/** What Anthropic's protocol has no word for. Values that change nothing need none. */
function noteUnsaid(chat: ChatRequest, notes: TranslationNotes): void {
  if (chat.seed !== undefined) notes.dropped("seed");
  if ((numberIn(chat.presence_penalty) ?? 0) !== 0) notes.dropped("presence_penalty");
  if ((numberIn(chat.frequency_penalty) ?? 0) !== 0) notes.dropped("frequency_penalty");
  if (chat.logit_bias !== undefined && Object.keys(chat.logit_bias).length > 0) notes.dropped("logit_bias");
  if (chat.logprobs === true) notes.dropped("logprobs");
  if (chat.top_logprobs !== undefined) notes.dropped("top_logprobs");
  if (chat.verbosity !== undefined && chat.verbosity !== "medium") notes.dropped("verbosity");
  const modalities = chat.others["modalities"];
  if (Array.isArray(modalities) && modalities.some((each) => each !== "text")) notes.dropped("modalities");
}

function withInstruction(
  system: readonly WireBlock[],
  format: AnswerFormat,
  notes: TranslationNotes,
): readonly WireBlock[] {
  if (format.kind === "tool" || (format.kind === "schema" && format.rewritten))
    notes.rewritten("response_format");
  if (format.kind !== "words") return system;
  notes.rewritten("response_format");
  return [...system, { type: "text", text: format.instruction }];
}

function outputConfigOf(
  { others }: ChatRequest,
  format: AnswerFormat,
  effort: string | undefined,
): WireBlock | undefined {
  const given = others["output_config"];
  const config = {
    ...(isJsonObject(given) && !isRawNumber(given) && given),
    ...(effort !== undefined && { effort }),
    ...(format.kind === "schema" && { format: { type: "json_schema", schema: format.schema } }),
  };
  return Object.keys(config).length > 0 ? config : undefined;
}

/** Anthropic refuses blank ones. */
function stopsOf({ stop = [] }: ChatRequest, { traits, notes }: TranslationContext): readonly string[] {
  const taken = traits.refuses?.includes("stop") === true ? [] : stop.filter(saysAnything);
  if (taken.length < stop.length) notes.dropped("stop");
  return taken;
}

/** Anthropic keeps one thing about a request: who the user is. */
function metadataOf(chat: ChatRequest, notes: TranslationNotes): WireBlock | undefined {
  const given = chat.metadata ?? chat.others["metadata"];
  const metadata = isJsonObject(given) && !isRawNumber(given) ? given : {};
  if (Object.keys(metadata).some((name) => name !== "user_id")) notes.dropped("metadata");
  const user = chat.user ?? metadata["user_id"] ?? chat.others["safety_identifier"];
  return typeof user === "string" && user !== "" ? { user_id: user } : undefined;
}

const tiers: Readonly<Record<string, string>> = {
  auto: "auto",
  default: "standard_only",
  standard_only: "standard_only",
};

function tierOf(chat: ChatRequest, notes: TranslationNotes): string | undefined {
  const asked = chat.service_tier ?? chat.others["service_tier"];
  if (asked === undefined || asked === null) return undefined;
  if (typeof asked === "string" && Object.hasOwn(tiers, asked)) return tiers[asked];
  notes.dropped("service_tier");
  return undefined;
}

function ownFieldsOf(others: JsonObject, gathered: Gathered): WireBlock {
  const fields: WireBlock = {};
  for (const [name, beta] of Object.entries(ownFields)) {
    const value = others[name];
    if (value === undefined || value === null) continue;
    fields[name] = value;
    if (beta !== undefined) gathered.betas.add(beta);
  }
  return fields;
}
