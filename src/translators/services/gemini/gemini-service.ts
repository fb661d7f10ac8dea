// Gemini as a service, on Google's own API and on Vertex AI. Must not know clients.
import { thinks } from "../../chat/thinking-budget.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { mediaOf } from "./contents-from-chat.ts";
import { GeminiDecoder } from "./gemini-decoder.ts";
import { requestFromChat } from "./request-from-chat.ts";
import { readGeminiError } from "./service-error.ts";
import { GeminiToChatStream } from "./stream-to-chat.ts";

export const geminiService: ServiceSide = {
  media: mediaOf,
  // Of models that insist on it the request itself says what stands in its place.
  state: (chat, { traits }) => ({
    field: "extra_content",
    isNeeded: traits.thinking !== "level" && thinks(chat, traits),
  }),
  request: requestFromChat,
  answer: (body, _chat, context) => answerToChat(body, context),
  stream: (_chat, context) => new GeminiToChatStream(context),
  decoder: () => new GeminiDecoder(),
  error: readGeminiError,
};
