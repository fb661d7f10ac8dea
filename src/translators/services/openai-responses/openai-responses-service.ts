// Services that speak OpenAI's Responses protocol. Must not know clients.
import { readServiceError } from "../../chat/service-error.ts";
import { thinks } from "../../chat/thinking-budget.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { requestFromChat } from "./request-from-chat.ts";
import { ResponsesToChat } from "./stream-to-chat.ts";

export const responsesService: ServiceSide = {
  state: (chat, { traits }) => ({ field: "reasoning_details", isNeeded: thinks(chat, traits) }),
  request: requestFromChat,
  answer: (body, _chat, context) => answerToChat(body, context),
  stream: (_chat, context) => new ResponsesToChat(context),
  error: readServiceError,
};
