// The service's side of Anthropic's messages. Must hold nothing but its parts.
import { readServiceError } from "../../chat/service-error.ts";
import { thinks } from "../../chat/thinking-budget.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { requestFromChat } from "./request-from-chat.ts";
import { AnthropicToChat } from "./stream-to-chat.ts";

export const anthropicService: ServiceSide = {
  state: (chat, { traits }) => ({ field: "reasoning_details", isNeeded: thinks(chat, traits) }),
  request: requestFromChat,
  answer: answerToChat,
  stream: (chat, context) => new AnthropicToChat(chat, context),
  error: readServiceError,
};
