// The client's side of OpenAI's legacy completions. Must hold nothing but its parts.
import type { ClientSide } from "../../translation.ts";
import { answerFromChat, CompletionStream } from "./answer-from-chat.ts";
import { requestToChat } from "./request-to-chat.ts";

export const completionClient: ClientSide = {
  request: requestToChat,
  answer: answerFromChat,
  stream: () => new CompletionStream(),
};
