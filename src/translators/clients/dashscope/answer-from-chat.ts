// Writes a whole answer of the chat form as DashScope's native generation. Must not know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatAnswer, ChatChoice } from "../../chat/chat-answer.ts";
import type { ToolCall } from "../../chat/chat-request.ts";
import type { ClientRequest } from "../../translation.ts";
import { answerForm } from "./answer-form.ts";
import { outputOf, usageFromChat, type ChoiceContent } from "./output-from-chat.ts";

export function answerFromChat({ id, choices, usage }: ChatAnswer, request: ClientRequest): object {
  const citations = choices.flatMap(({ message }) => message.annotations ?? []);
  return {
    output: outputOf(choices.map(contentOf), answerForm(request), citations),
    ...(usage === undefined ? {} : { usage: usageFromChat(usage) }),
    request_id: id,
  };
}

function contentOf({ index, message, finish_reason: finish, logprobs }: ChatChoice): ChoiceContent {
  return {
    index,
    text: (message.content ?? "") + (message.refusal ?? ""),
    reasoning: message.reasoning_content ?? "",
    calls: (message.tool_calls ?? []).map(writeCall),
    finish,
    logprobs,
  };
}

function writeCall({ id, function: { name, arguments: text } }: ToolCall, index: number): JsonObject {
  return { index, id, type: "function", function: { name, arguments: text } };
}
