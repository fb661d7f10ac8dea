// An Anthropic messages request as the chat form: its fields one by one. Must not know any service.
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ResponseFormat, Thinking } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import { messagesToChat } from "./messages-to-chat.ts";
import {
  fault,
  objectAt,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredString,
} from "./request-fault.ts";
import { fitsStrictly } from "./strict-schema.ts";
import { toolChoiceToChat, toolsToChat } from "./tools-to-chat.ts";

/** Fields with a place in the chat form; all others go to `others`. */
const placed: ReadonlySet<string> = new Set([
  "max_tokens",
  "messages",
  "metadata",
  "model",
  "output_config",
  "output_format",
  "service_tier",
  "stop_sequences",
  "stream",
  "system",
  "temperature",
  "thinking",
  "tool_choice",
  "tools",
  "top_k",
  "top_p",
]);

export function requestToChat(request: ClientRequest, context: TranslationContext): ChatRequest {
  const body = objectAt(request.body, "body");
  if (request.model === undefined) throw fault("model", "is required.");
  const { notes } = context;
  const { messages, places } = messagesToChat(body, notes);
  const { tools, places: toolPlaces } = toolsToChat(body, notes);
  const stop = stopOf(body);
  const others = Object.entries(body).filter(([name]) => !placed.has(name));
  const chat: ChatRequest = {
    model: request.model,
    messages,
    stream: request.stream,
    max_tokens: maxTokensOf(body),
    ...numbersOf(body),
    ...(stop === undefined ? {} : { stop }),
    ...(tools.length === 0 ? {} : { tools }),
    ...toolChoiceToChat(body, tools),
    ...thinkingOf(body),
    ...outputOf(body, context),
    ...tierOf(body),
    ...userOf(body),
    others: Object.fromEntries(others),
  };
  notes.namedBy((field) => clientName(field, { body, places, toolPlaces }));
  return chat;
}

function maxTokensOf(body: JsonObject): number {
  const value = optionalNumber(body, "max_tokens");
  const tokens = numberIn(value);
  if (value === undefined || tokens === undefined) throw fault("max_tokens", "is required.");
  if (!Number.isInteger(tokens) || tokens < 1) throw fault("max_tokens", "must be a whole number from 1.");
  return value;
}

function numbersOf(body: JsonObject): Pick<ChatRequest, "temperature" | "top_p" | "top_k"> {
  const temperature = optionalNumber(body, "temperature");
  const topP = optionalNumber(body, "top_p");
  const topK = optionalNumber(body, "top_k");
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
  };
}

function stopOf(body: JsonObject): readonly string[] | undefined {
  const list = optionalList(body, "stop_sequences");
  if (list === undefined || list.length === 0) return undefined;
  return list.map((sequence, index) => {
    if (typeof sequence === "string") return sequence;
    throw fault(`stop_sequences.${index}`, "must be a string.");
  });
}

function thinkingOf(body: JsonObject): { readonly thinking?: Thinking } {
  const thinking = optionalObject(body, "thinking");
  if (thinking === undefined) return {};
  const type = requiredString(thinking, "type", "thinking");
  const budget = optionalNumber(thinking, "budget_tokens", "thinking");
  const display = optionalString(thinking, "display", "thinking");
  const shown = display === undefined ? {} : { display };
  switch (type) {
    case "enabled":
      if (budget === undefined) throw fault("thinking.budget_tokens", "is required.");
      return { thinking: { type, budget_tokens: budget, ...shown } };
    case "adaptive":
    case "between_tools":
      return { thinking: { type: "adaptive", ...shown } };
    case "disabled":
      return { thinking: { type } };
    default:
      throw fault("thinking.type", "must be enabled, adaptive or disabled.");
  }
}

/** `output_format` is the older place of `output_config.format`. */
function outputOf(
  body: JsonObject,
  { notes }: TranslationContext,
): Pick<ChatRequest, "reasoning_effort" | "response_format"> {
  const config = optionalObject(body, "output_config");
  const effort = config === undefined ? undefined : optionalString(config, "effort", "output_config");
  const format = config === undefined ? undefined : optionalObject(config, "format", "output_config");
  const found = format ?? optionalObject(body, "output_format");
  for (const name of Object.keys(config ?? {}))
    if (name !== "effort" && name !== "format") notes.dropped(`output_config.${name}`);
  return {
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(found === undefined ? {} : { response_format: formatOf(found, formatPath(body)) }),
  };
}

function formatPath(body: JsonObject): string {
  return body["output_format"] === undefined || body["output_format"] === null
    ? "output_config.format"
    : "output_format";
}

function formatOf(format: JsonObject, path: string): ResponseFormat {
  if (requiredString(format, "type", path) !== "json_schema")
    throw fault(`${path}.type`, "must be json_schema.");
  const schema = optionalObject(format, "schema", path);
  if (schema === undefined) throw fault(`${path}.schema`, "is required.");
  const strict = fitsStrictly(schema) ? { strict: true } : {};
  return { type: "json_schema", json_schema: { name: "answer", schema, ...strict } };
}

function tierOf(body: JsonObject): { readonly service_tier?: string } {
  const tier = optionalString(body, "service_tier");
  if (tier === undefined) return {};
  return { service_tier: tier === "standard_only" ? "default" : tier };
}

function userOf(body: JsonObject): { readonly user?: string } {
  const metadata = optionalObject(body, "metadata");
  const user = metadata === undefined ? undefined : optionalString(metadata, "user_id", "metadata");
  return user === undefined || user === "" ? {} : { user };
}

interface Origins {
  readonly body: JsonObject;
  readonly places: readonly number[];
  readonly toolPlaces: readonly number[];
}

const names: Readonly<Record<string, string>> = {
  parallel_tool_calls: "tool_choice.disable_parallel_tool_use",
  stop: "stop_sequences",
  user: "metadata.user_id",
};

/** What the client wrote for a field of the chat form. */
function clientName(field: string, { body, places, toolPlaces }: Origins): string {
  const [first = "", second = "", ...rest] = field.split(".");
  if (first === "messages") {
    const place = places[Number(second)];
    if (place === undefined) return field;
    if (place !== -1) return `messages.${place}.content`;
    return rest[0] === "content" && rest.length > 1 ? ["system", ...rest.slice(1)].join(".") : "system";
  }
  if (first === "tools" && second !== "") {
    return ["tools", toolPlaces[Number(second)] ?? second, ...rest].join(".");
  }
  if (first === "response_format") return formatPath(body);
  if (first === "reasoning_effort")
    return body["output_config"] === undefined ? "thinking" : "output_config.effort";
  return Object.hasOwn(names, first) ? (names[first] ?? field) : field;
}
