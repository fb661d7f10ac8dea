// Writes a whole answer of the chat form as OpenAI's chat completion: the same, without what only other protocols have.
// Must not know services.
import type { ChatAnswer, ChatChoice } from "../../chat/chat-answer.ts";
import type { ClientRequest } from "../../translation.ts";
import { asksForFunctions } from "./legacy-functions.ts";

export function answerFromChat(answer: ChatAnswer, request: ClientRequest): object {
  const write = asksForFunctions(request) ? functionChoice : choiceOf;
  return { ...answer, choices: answer.choices.map(write) };
}

function choiceOf({ index, message, finish_reason: finish, logprobs }: ChatChoice): object {
  const { role, content, refusal = null, ...rest } = message;
  return {
    index,
    message: { role, content, refusal, ...rest },
    logprobs: logprobs ?? null,
    finish_reason: finish,
  };
}

/** The form before tools has room for one call. */
function functionChoice(choice: ChatChoice): object {
  const [call] = choice.message.tool_calls ?? [];
  if (call === undefined) return choiceOf(choice);
  const { index, message, logprobs } = choice;
  const { role, content, refusal = null, tool_calls: _calls, ...rest } = message;
  return {
    index,
    message: { role, content, refusal, ...rest, function_call: call.function },
    logprobs: logprobs ?? null,
    finish_reason: "function_call",
  };
}
