// A request in chat form -> Bedrock's Converse, whose model stands in the path.
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { conversationOf } from "./conversation.ts";
import { parametersOf } from "./parameters.ts";
import { toolConfig } from "./tool-config.ts";

/** @throws GatewayError invalid_request with `param` */
export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const { system, messages } = conversationOf(chat, context);
  const tools = toolConfig(chat, context);
  const model = encodeURIComponent(context.model.toWellFormed());
  return {
    path: `/model/${model}/${chat.stream ? "converse-stream" : "converse"}`,
    body: {
      messages,
      ...(system.length === 0 ? {} : { system }),
      ...parametersOf(chat, context),
      ...(tools === undefined ? {} : { toolConfig: tools }),
    },
  };
}
