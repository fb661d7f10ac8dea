// Clients that speak OpenAI's Responses protocol. Must not know services.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";
import { ResponsesClientStream } from "./stream-from-chat.ts";

export const responsesClient: ClientSide = {
  request: requestToChat,
  answer: answerFromChat,
  stream: (request, context) => new ResponsesClientStream(request, context),
};
