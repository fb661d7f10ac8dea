// A request of the Responses protocol in chat form. Must not know services.
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatMessage, ChatRequest, ResponseFormat } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import {
  booleanField,
  invalidRequest,
  listField,
  neededObject,
  neededString,
  numberField,
  objectField,
  stringField,
} from "../request-fields.ts";
import { ChatTools, toolChoiceOf } from "./client-tools.ts";
import { messagesOf } from "./input-to-messages.ts";
import { namesByTable } from "../field-names.ts";

/** Fields read below; all others go to `others`. */
const read: ReadonlySet<string> = new Set([
  "model",
  "stream",
  "input",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_output_tokens",
  "max_tool_calls",
  "temperature",
  "top_p",
  "top_logprobs",
  "text",
  "reasoning",
  "include",
  "store",
  "truncation",
  "stream_options",
  "service_tier",
  "user",
  "metadata",
  "previous_response_id",
  "conversation",
  "background",
  "prompt",
]);

/** What only a service that keeps answers can do. */
const keptByServices = {
  previous_response_id: "names an answer",
  conversation: "names a conversation",
  prompt: "names a prompt",
} as const;

const logprobs = "message.output_text.logprobs";

/** Every answer holds its state, whether it was asked for or not. */
const included: ReadonlySet<unknown> = new Set(["reasoning.encrypted_content", logprobs]);

export function requestToChat(
  { body, model, stream }: ClientRequest,
  context: TranslationContext,
): ChatRequest {
  const { notes } = context;
  if (!isJsonObject(body)) throw invalidRequest("The body must be a JSON object.", "body");
  refuseKept(body);
  const tools = new ChatTools(notes);
  tools.add(body["tools"], "tools");
  const messages = messagesOf(body["input"], tools, notes);
  const instructions = stringField(body["instructions"], "instructions");
  const system: ChatMessage[] =
    instructions === undefined || instructions === "" ? [] : [{ role: "system", content: instructions }];
  noteUnsaid(body, notes);
  const chat: ChatRequest = {
    model: model ?? context.model,
    messages: [...system, ...messages],
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...toolFields(body, tools, notes),
    ...samplingFields(body),
    ...textFields(body["text"], notes),
    ...reasoningFields(body["reasoning"], notes),
    ...accountFields(body),
    others: othersOf(body),
  };
  notes.namedBy(system.length === 0 ? clientName : nameBesideInstructions);
  return chat;
}

const clientName = namesByTable({
  messages: "input",
  max_completion_tokens: "max_output_tokens",
  reasoning_effort: "reasoning.effort",
  response_format: "text.format",
  verbosity: "text.verbosity",
});

function nameBesideInstructions(field: string): string {
  return field === "messages.0" || field.startsWith("messages.0.") ? "instructions" : clientName(field);
}

/** @throws GatewayError for what the gateway would have to keep, and does not */
function refuseKept(body: JsonObject): void {
  for (const [name, does] of Object.entries(keptByServices)) {
    if (body[name] === undefined || body[name] === null) continue;
    throw invalidRequest(
      `${name} ${does} that a service keeps. The service of this request keeps none: send the whole conversation in input.`,
      name,
    );
  }
  if (booleanField(body["background"], "background") === true)
    throw invalidRequest(
      "background is not possible with the service of this request: it answers while the client waits.",
      "background",
    );
}

function noteUnsaid(body: JsonObject, notes: TranslationNotes): void {
  if (booleanField(body["store"], "store") === true) notes.dropped("store");
  const truncation = stringField(body["truncation"], "truncation");
  if (truncation !== undefined && truncation !== "disabled") notes.dropped("truncation");
  if (numberField(body["max_tool_calls"], "max_tool_calls") !== undefined) notes.dropped("max_tool_calls");
  for (const [index, name] of (listField(body["include"], "include") ?? []).entries()) {
    if (!included.has(name)) notes.dropped(`include.${index}`);
  }
  if (memberOf(objectField(body["stream_options"], "stream_options"), "include_obfuscation") === true)
    notes.dropped("stream_options.include_obfuscation");
}

function toolFields(body: JsonObject, tools: ChatTools, notes: TranslationNotes): Partial<ChatRequest> {
  const parallel = booleanField(body["parallel_tool_calls"], "parallel_tool_calls");
  const choice = toolChoiceOf(body["tool_choice"], tools, notes);
  if (tools.tools.length === 0) {
    if (choice !== "required") return {};
    throw invalidRequest("tool_choice is required, but no tool can be given to the service.", "tool_choice");
  }
  return {
    tools: tools.tools,
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
  };
}

function samplingFields(body: JsonObject): Partial<ChatRequest> {
  const maxTokens = numberField(body["max_output_tokens"], "max_output_tokens");
  const temperature = numberField(body["temperature"], "temperature");
  const topP = numberField(body["top_p"], "top_p");
  const topLogprobs = numberField(body["top_logprobs"], "top_logprobs");
  const wantsLogprobs =
    (listField(body["include"], "include") ?? []).includes(logprobs) || Boolean(topLogprobs);
  return {
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(wantsLogprobs ? { logprobs: true } : {}),
    ...(wantsLogprobs && topLogprobs !== undefined ? { top_logprobs: topLogprobs } : {}),
  };
}

function textFields(value: unknown, notes: TranslationNotes): Partial<ChatRequest> {
  const text = objectField(value, "text");
  if (text === undefined) return {};
  const verbosity = stringField(text["verbosity"], "text.verbosity");
  const format = formatOf(objectField(text["format"], "text.format"));
  for (const name of Object.keys(text))
    if (name !== "format" && name !== "verbosity") notes.dropped(`text.${name}`);
  return {
    ...(verbosity === undefined ? {} : { verbosity }),
    ...(format === undefined ? {} : { response_format: format }),
  };
}

function formatOf(format: JsonObject | undefined): ResponseFormat | undefined {
  if (format === undefined) return undefined;
  const { type } = format;
  if (type === "text" || type === "json_object") return { type };
  if (type !== "json_schema")
    throw invalidRequest(
      "text.format.type is none of text, json_object and json_schema.",
      "text.format.type",
    );
  const description = stringField(format["description"], "text.format.description");
  const strict = booleanField(format["strict"], "text.format.strict");
  return {
    type,
    json_schema: {
      name: neededString(format["name"], "text.format.name"),
      schema: neededObject(format["schema"], "text.format.schema"),
      ...(description === undefined ? {} : { description }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

/** A summary is given wherever a service tells its thinking. */
function reasoningFields(value: unknown, notes: TranslationNotes): Partial<ChatRequest> {
  const reasoning = objectField(value, "reasoning");
  if (reasoning === undefined) return {};
  const effort = stringField(reasoning["effort"], "reasoning.effort");
  for (const [name, said] of Object.entries(reasoning)) {
    const isRead = name === "effort" || name === "summary" || name === "generate_summary";
    if (!isRead && said !== null) notes.dropped(`reasoning.${name}`);
  }
  return effort === undefined ? {} : { reasoning_effort: effort };
}

function accountFields(body: JsonObject): Partial<ChatRequest> {
  const tier = stringField(body["service_tier"], "service_tier");
  const user = stringField(body["user"], "user");
  const metadata = objectField(body["metadata"], "metadata");
  return {
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(user === undefined ? {} : { user }),
    ...(metadata === undefined || Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function othersOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !read.has(name)));
}
