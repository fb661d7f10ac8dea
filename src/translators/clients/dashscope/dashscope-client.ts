// The client's side of DashScope's native generation. Must hold nothing but its parts.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";
import { DashscopeClientStream } from "./stream-from-chat.ts";

export const dashscopeClient: ClientSide = {
  request: requestToChat,
  answer: answerFromChat,
  stream: (request, context) => new DashscopeClientStream(request, context),
};
