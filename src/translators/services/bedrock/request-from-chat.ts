// A request in chat form -> Bedrock's Converse, whose model stands in the path.
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { answerFormatOf, type AnswerFormat } from "../anthropic/answer-format.ts";
import { conversationOf, loopLacksThinking } from "./conversation.ts";
import { parametersOf } from "./parameters.ts";
import { forcesTool, toolConfig } from "./tool-config.ts";

/** @throws GatewayError invalid_request with `param` */
export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const format = answerFormatOf(chat, context.traits);
  const conversation = conversationOf(chat, context);
  const { messages } = conversation;
  const system = withInstruction(conversation.system, format, context);
  const tools = toolConfig(chat, format, context);
  const model = encodeURIComponent(context.model.toWellFormed());
  return {
    path: `/model/${model}/${chat.stream ? "converse-stream" : "converse"}`,
    body: {
      messages,
      ...(system.length === 0 ? {} : { system }),
      ...parametersOf(chat, context, {
        format,
        toolForced: format.kind === "tool" || forcesTool(chat),
        loopLacksThinking: loopLacksThinking(messages),
      }),
      ...(tools === undefined ? {} : { toolConfig: tools }),
    },
  };
}

/** JSON that no schema of Converse asks for is asked for in words. */
function withInstruction(
  system: readonly JsonObject[],
  format: AnswerFormat,
  { notes }: TranslationContext,
): readonly JsonObject[] {
  if (format.kind === "free" || (format.kind === "schema" && !format.rewritten)) return system;
  notes.rewritten("response_format");
  return format.kind === "words" ? [...system, { text: format.instruction }] : system;
}
