// The client's side of OpenAI's chat completions. Must hold nothing but its parts.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";
import { OpenaiClientStream } from "./stream-from-chat.ts";

export const openaiClient: ClientSide = {
  request: requestToChat,
  answer: answerFromChat,
  stream: (request) => new OpenaiClientStream(request),
};
