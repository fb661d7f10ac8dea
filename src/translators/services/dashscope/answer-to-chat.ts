// Turns a whole answer of DashScope's native generation into a chat answer. Must not know streams.
import { listOf, memberOf, textOf } from "../../../lib/json-value.ts";
import { dashscopeErrorOf } from "../../../protocols/dashscope-output.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatChoice } from "../../chat/chat-answer.ts";
import type { ToolCall } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { choicesOf, citationsOf, usageToChat, type OutputChoice } from "./output-to-chat.ts";

export function answerToChat(body: unknown, context: TranslationContext): ChatAnswer | ReportedError {
  const error = dashscopeErrorOf(body);
  if (error !== undefined) return error;
  const output = memberOf(body, "output");
  const choices = choicesOf(output);
  if (choices.length === 0)
    return { status: 502, message: "The model service answered without a choice and without a text." };
  const usage = usageToChat(memberOf(body, "usage"));
  const citations = citationsOf(output);
  return {
    id: textOf(body, "request_id") ?? `chatcmpl-${context.newId()}`,
    object: "chat.completion",
    created: context.nowSeconds,
    model: textOf(output, "model_name") ?? context.model,
    choices: choices.map((choice, place) => {
      const read = readChoice(choice, context);
      if (place > 0 || citations.length === 0) return read;
      return { ...read, message: { ...read.message, annotations: citations } };
    }),
    ...(usage === undefined ? {} : { usage }),
  };
}

function readChoice(
  { index, message, text, finish, logprobs }: OutputChoice,
  context: TranslationContext,
): ChatChoice {
  const calls = callsOf(message, context);
  const reasoning = textOf(message, "reasoning_content");
  const reason = finish ?? "stop";
  return {
    index,
    message: {
      role: "assistant",
      content: text === "" && calls.length > 0 ? null : text,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    // Some models say `stop` although they call a tool.
    finish_reason: reason === "stop" && calls.length > 0 ? "tool_calls" : reason,
    ...(logprobs === undefined ? {} : { logprobs }),
  };
}

function callsOf(message: unknown, context: TranslationContext): ToolCall[] {
  return listOf(message, "tool_calls").map((call) => {
    const called = memberOf(call, "function");
    return {
      id: textOf(call, "id") ?? `call_${context.newId()}`,
      type: "function",
      function: { name: textOf(called, "name") ?? "", arguments: textOf(called, "arguments") ?? "{}" },
    };
  });
}
