// Services that speak OpenAI chat completions, in all dialects, behind clients that do not. Must not know any client.
import { readServiceError } from "../../chat/service-error.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { mediaOf, requestFromChat } from "./request-from-chat.ts";
import { OpenaiStream } from "./stream-to-chat.ts";

export const openaiService: ServiceSide = {
  media: mediaOf,
  state: (_chat, { traits }) => {
    if (traits.wantsThoughtSignatures === true) return { field: "extra_content", isNeeded: true };
    return traits.wantsReasoningBack === true ? { field: "reasoning_content", isNeeded: true } : undefined;
  },
  request: requestFromChat,
  answer: answerToChat,
  stream: (chat, context) => new OpenaiStream(chat, context),
  error: readServiceError,
};
