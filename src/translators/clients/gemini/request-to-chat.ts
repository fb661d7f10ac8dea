// Reads a request of Gemini's generateContent into the chat form. Must not know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import { messagesOf } from "./contents-to-chat.ts";
import { generationOf } from "./generation-to-chat.ts";
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
  return {
    ...fields,
    ...toolsOf(request, notes),
    model: model ?? "",
    messages: messagesOf(request, notes),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    others: { ...others, ...rest(request) },
  };
}

function rest(request: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([name]) => !known.has(name)));
}
