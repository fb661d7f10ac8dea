// Clients that speak Gemini. Must not know services.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";
import { asksForEvents, GeminiClientStream } from "./stream-from-chat.ts";

export const geminiClient: ClientSide = {
  request: requestToChat,
  answer: answerFromChat,
  stream: (request) => new GeminiClientStream(request),
  streamType: (request) => (asksForEvents(request) ? "text/event-stream" : "application/json; charset=UTF-8"),
};
