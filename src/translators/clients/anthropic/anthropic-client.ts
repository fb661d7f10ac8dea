// Clients that speak Anthropic messages, in front of services that do not. Must not know any service.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";
import { AnthropicStream } from "./stream-from-chat.ts";

export const anthropicClient: ClientSide = {
  request: requestToChat,
  answer: (answer, _request, context) => answerFromChat(answer, context),
  stream: (_request, context) => new AnthropicStream(context),
};
