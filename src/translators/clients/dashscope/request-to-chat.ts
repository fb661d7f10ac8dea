// Reads a request of DashScope's native generation into the chat form. Must not know services.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, Thinking } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import { fault, isObject, objectAt, own } from "../openai/field-faults.ts";
import { requestToChat as openaiToChat } from "../openai/request-to-chat.ts";
import { messagesOfInput } from "./messages-to-chat.ts";
import { namesByTable } from "../field-names.ts";

/** Parameters that mean the same in OpenAI's protocol, under the same names. */
const sameParameters = [
  "frequency_penalty",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "n",
  "parallel_tool_calls",
  "presence_penalty",
  "reasoning_effort",
  "response_format",
  "seed",
  "temperature",
  "tool_choice",
  "tools",
  "top_k",
  "top_logprobs",
  "top_p",
] as const;

/** How the answer is written: `answer-form.ts` reads them. */
const ofTheAnswer: ReadonlySet<string> = new Set(["result_format", "incremental_output", "stream"]);

const knownParameters: ReadonlySet<string> = new Set<string>([
  ...sameParameters,
  "enable_thinking",
  "thinking_budget",
  "stop",
]);

const knownFields: ReadonlySet<string> = new Set(["model", "input", "parameters", "stream"]);
const knownInput: ReadonlySet<string> = new Set(["messages", "prompt", "history"]);

export function requestToChat(request: ClientRequest, context: TranslationContext): ChatRequest {
  const { body } = request;
  if (!isObject(body))
    throw new GatewayError("invalid_request", { message: "The body must be a JSON object." });
  const input = objectAt(own(body, "input"), "input");
  const parameters = objectAt(own(body, "parameters") ?? {}, "parameters");
  const asked: Record<string, unknown> = { messages: messagesOfInput(input, context.notes) };
  for (const name of sameParameters) {
    const value = own(parameters, name);
    if (value !== undefined) asked[name] = value;
  }
  const stop = readStop(own(parameters, "stop"), context);
  if (stop !== undefined) asked["stop"] = stop;
  const thinking = readThinking(parameters);
  if (thinking !== undefined) asked["thinking"] = thinking;
  for (const name of Object.keys(input))
    if (!knownInput.has(name) && own(input, name) !== undefined) context.notes.dropped(`input.${name}`);
  // The reader's own notes are in the words of the chat form.
  context.notes.namedBy(clientName);
  const chat = relocated(() => openaiToChat({ ...request, body: asked }, context));
  return { ...chat, others: othersOf(body, parameters) };
}

const ofParameters: readonly string[] = [...sameParameters, "stop", "max_completion_tokens"];
const clientName = namesByTable(
  { thinking: "parameters.enable_thinking", reasoning_effort: "parameters.reasoning_effort" },
  { messages: "input.", ...Object.fromEntries(ofParameters.map((name) => [name, "parameters."])) },
);

/** Sequences of tokens mean nothing to another model. */
function readStop(stop: unknown, { notes }: TranslationContext): unknown {
  if (!Array.isArray(stop)) return stop;
  const texts = stop.filter((each) => typeof each === "string");
  if (texts.length < stop.length) notes.dropped("parameters.stop");
  return texts;
}

function readThinking(parameters: JsonObject): Thinking | undefined {
  const enabled = own(parameters, "enable_thinking");
  const budget = own(parameters, "thinking_budget");
  if (enabled === false) return { type: "disabled" };
  if (enabled === undefined && budget === undefined) return undefined;
  if (enabled !== undefined && enabled !== true)
    throw fault("parameters.enable_thinking", "must be true or false");
  if (budget !== undefined && typeof budget !== "number" && !isRawNumber(budget))
    throw fault("parameters.thinking_budget", "must be a number");
  // A raw number is read by `numberIn`, as chat-request.ts asks of its readers.
  return { type: "enabled", ...(budget === undefined ? {} : { budget_tokens: budget as number }) };
}

function othersOf(body: JsonObject, parameters: JsonObject): JsonObject {
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(parameters))
    if (!knownParameters.has(name) && !ofTheAnswer.has(name)) others[name] = parameters[name];
  for (const name of Object.keys(body)) if (!knownFields.has(name)) others[name] = body[name];
  return others;
}

/** What the reader finds at fault stands elsewhere in this protocol. */
function relocated(read: () => ChatRequest): ChatRequest {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.param === undefined) throw error;
    const param = `${error.param.startsWith("messages") ? "input" : "parameters"}.${error.param}`;
    throw new GatewayError("invalid_request", {
      message: error.message.replace(error.param, param),
      param,
      cause: error,
    });
  }
}
