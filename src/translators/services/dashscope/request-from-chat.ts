// Turns a chat into one call of DashScope's native generation. Must not know answers.
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { holdsMedia, messagesFromChat } from "./messages-from-chat.ts";
import { parametersFromChat } from "./parameters-from-chat.ts";

const textPath = "/services/aigc/text-generation/generation";
const multimodalPath = "/services/aigc/multimodal-generation/generation";

export function dashscopeCall(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const multimodal = context.traits.multimodalPath === true || holdsMedia(chat);
  const messages = messagesFromChat(chat, multimodal, context);
  const headers = [
    ...(chat.stream ? ["x-dashscope-sse", "enable"] : []),
    ...(namesUpload(chat) ? ["x-dashscope-ossresourceresolve", "enable"] : []),
  ];
  return {
    path: multimodal ? multimodalPath : textPath,
    body: { model: context.model, input: { messages }, parameters: parametersFromChat(chat, context) },
    ...(headers.length === 0 ? {} : { headers }),
  };
}

/** A file that the client has uploaded to DashScope is only looked up when asked. */
function namesUpload({ messages }: ChatRequest): boolean {
  return messages.some(
    ({ role, content }) =>
      role === "user" &&
      typeof content === "object" &&
      content.some(
        (part) =>
          (part.type === "image_url" && part.image_url.url.startsWith("oss://")) ||
          (part.type === "video_url" && part.video_url.url.startsWith("oss://")) ||
          (part.type === "input_audio" && part.input_audio.data.startsWith("oss://")),
      ),
  );
}
