// Reads an OpenAI chat completion request into the chat form, which is nearly its own: what is old is put in its newer
// form, what is malformed is refused. Must not know services.
import { GatewayError } from "../../../core/errors.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, Thinking } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import {
  fault,
  isObject,
  listAt,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  own,
  textAt,
} from "./field-faults.ts";
import { readMessages } from "./messages-to-chat.ts";
import { readResponseFormat, readTools } from "./tools-to-chat.ts";

const numbers = [
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "top_k",
  "n",
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "top_logprobs",
] as const;
const texts = ["reasoning_effort", "verbosity", "service_tier", "user"] as const;
const flags = ["logprobs", "parallel_tool_calls"] as const;
const objects = ["logit_bias", "metadata"] as const;

/** Fields that have a place in the chat form, or mean nothing there. */
const known: ReadonlySet<string> = new Set<string>([
  ...numbers,
  ...texts,
  ...flags,
  ...objects,
  "model",
  "messages",
  "stream",
  "stream_options",
  "stop",
  "tools",
  "tool_choice",
  "functions",
  "function_call",
  "response_format",
  "thinking",
  "modalities",
]);

export function requestToChat(request: ClientRequest, { notes }: TranslationContext): ChatRequest {
  const { body } = request;
  if (!isObject(body))
    throw new GatewayError("invalid_request", { message: "The body must be a JSON object." });
  const stop = readStop(own(body, "stop"));
  const format = readResponseFormat(body);
  const thinking = readThinking(own(body, "thinking"));
  const includeUsage = streamOptions(body);
  checkModalities(body, notes);
  return {
    model: request.model ?? "",
    messages: readMessages(body, notes),
    stream: request.stream,
    ...(includeUsage === undefined ? {} : { stream_options: { include_usage: includeUsage } }),
    ...readBound(body),
    ...readFields(body),
    ...readTools(body, notes),
    ...(stop === undefined ? {} : { stop }),
    ...(format === undefined ? {} : { response_format: format }),
    ...(thinking === undefined ? {} : { thinking }),
    others: othersOf(body),
  };
}

type Writable = { -readonly [Field in keyof ChatRequest]?: ChatRequest[Field] };

function readFields(body: JsonObject): Partial<ChatRequest> {
  const fields: Writable = {};
  for (const name of numbers) {
    if (name === "max_tokens" || name === "max_completion_tokens") continue;
    const value = optionalNumber(body, name);
    if (value !== undefined) fields[name] = value;
  }
  for (const name of texts) {
    const value = optionalText(body, name, "");
    if (value !== undefined) fields[name] = value;
  }
  for (const name of flags) {
    const value = optionalFlag(body, name);
    if (value !== undefined) fields[name] = value;
  }
  for (const name of objects) {
    const value = optionalObject(body, name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** Both spellings in one request: the newer counts, as at OpenAI's reasoning models. */
function readBound(body: JsonObject): Pick<ChatRequest, "max_tokens" | "max_completion_tokens"> {
  const newer = optionalNumber(body, "max_completion_tokens");
  const older = optionalNumber(body, "max_tokens");
  if (newer !== undefined) return { max_completion_tokens: newer };
  return older === undefined ? {} : { max_tokens: older };
}

function readStop(stop: unknown): readonly string[] | undefined {
  if (stop === undefined) return undefined;
  if (typeof stop === "string") return [stop];
  const list = listAt(stop, "stop").map((text, index) => textAt(text, `stop.${index}`));
  return list.length === 0 ? undefined : list;
}

function streamOptions(body: JsonObject): boolean | undefined {
  const options = optionalObject(body, "stream_options");
  return options === undefined ? undefined : own(options, "include_usage") === true;
}

function readThinking(thinking: unknown): Thinking | undefined {
  if (thinking === undefined) return undefined;
  if (!isObject(thinking)) throw fault("thinking", "must be an object");
  const type = own(thinking, "type");
  if (type !== "enabled" && type !== "disabled" && type !== "adaptive")
    throw fault("thinking.type", "must be enabled, disabled or adaptive");
  const budget = own(thinking, "budget_tokens");
  if (budget !== undefined && numberIn(budget) === undefined)
    throw fault("thinking.budget_tokens", "must be a number");
  const display = optionalText(thinking, "display", "thinking.");
  return {
    type,
    // As in field-faults.ts: a raw number is read by `numberIn`.
    ...(budget === undefined ? {} : { budget_tokens: budget as number }),
    ...(display === undefined ? {} : { display }),
  };
}

/** Text is what every service answers with. */
function checkModalities(body: JsonObject, notes: TranslationContext["notes"]): void {
  const modalities = own(body, "modalities");
  if (modalities === undefined) return;
  const asked = listAt(modalities, "modalities");
  if (asked.some((modality) => modality !== "text")) notes.dropped("modalities");
}

function othersOf(body: JsonObject): JsonObject {
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(body)) if (!known.has(name)) others[name] = body[name];
  return others;
}
