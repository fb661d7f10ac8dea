// Reads a request of Gemini's generateContent into the chat form. Must not know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import { messagesOf } from "./contents-to-chat.ts";
import { namesByTable } from "../field-names.ts";
import { generationOf, numbers, where as config } from "./generation-to-chat.ts";
import { fault, spelled } from "./spelling.ts";
import { toolsOf } from "./tools-to-chat.ts";

/** Fields that have a place in the chat form; others go on under their own name. */
const known: ReadonlySet<string> = new Set([
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
]);

export function requestToChat(
  { body, model, stream }: ClientRequest,
  { notes }: TranslationContext,
): ChatRequest {
  const request = spelled(body, "body");
  if (request["cachedContent"] !== undefined && request["cachedContent"] !== "")
    throw fault("cachedContent", "names content that Google keeps: only Gemini can read it");
  const { fields, others } = generationOf(request, notes);
  const chat: ChatRequest = {
    ...fields,
    ...toolsOf(request, notes),
    model: model ?? "",
    messages: messagesOf(request, notes),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    others: { ...others, ...rest(request) },
  };
  notes.namedBy(clientName);
  return chat;
}

const clientName = namesByTable({
  messages: "contents",
  tools: "tools",
  tool_choice: "toolConfig",
  parallel_tool_calls: "toolConfig",
  stop: `${config}stopSequences`,
  logprobs: `${config}responseLogprobs`,
  response_format: `${config}responseSchema`,
  thinking: `${config}thinkingConfig`,
  reasoning_effort: `${config}thinkingConfig`,
  ...Object.fromEntries(Object.entries(numbers).map(([name, field]) => [field, `${config}${name}`])),
});

function rest(request: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([name]) => !known.has(name)));
}
