// DashScope's native generation as a service's protocol: the pieces beside this file under one name.
import { readServiceError } from "../../chat/service-error.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { dashscopeCall } from "./request-from-chat.ts";
import { DashscopeChatStream } from "./stream-to-chat.ts";

export const dashscopeService: ServiceSide = {
  state: (_chat, { traits }) => ({
    field: "reasoning_content",
    isNeeded: traits.wantsReasoningBack === true,
  }),
  request: dashscopeCall,
  answer: (body, _chat, context) => answerToChat(body, context),
  stream: (_chat, context) => new DashscopeChatStream(context),
  // A request for a stream may be refused by an event.
  error: (status, body) => readServiceError(status, /^data:(.*)$/m.exec(body)?.[1] ?? body),
};
