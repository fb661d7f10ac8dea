// Bedrock's Converse as the protocol of a service.
import { AwsEventStreamDecoder } from "../../../protocols/aws-event-stream.ts";
import { thinks } from "../../chat/thinking-budget.ts";
import type { ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { errorOf } from "./errors.ts";
import { mediaAsks } from "./media-blocks.ts";
import { requestFromChat } from "./request-from-chat.ts";
import { StreamToChat } from "./stream-to-chat.ts";

export const bedrockService: ServiceSide = {
  media: (chat) => mediaAsks(chat),
  state: (chat, { traits }) => ({ field: "reasoning_details", isNeeded: thinks(chat, traits) }),
  request: requestFromChat,
  answer: answerToChat,
  stream: (chat, context) => new StreamToChat(chat, context),
  decoder: () => new AwsEventStreamDecoder(),
  error: errorOf,
};
