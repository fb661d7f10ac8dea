// A whole answer of an OpenAI-compatible service as the chat form, whatever its dialect. Must not know clients.
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { invalidJsonError, isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatAnswerMessage, ChatChoice } from "../../chat/chat-answer.ts";
import type { ChatRequest, ToolCall } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import type { TranslationContext } from "../../translation.ts";
import { failureOf, finishReasonOf, settledReason, stopSequenceOf } from "./finish-reason.ts";
import { spokenIn } from "./spoken-content.ts";
import { thoughtSignatureOf } from "./thought-signature.ts";
import { clientToolNames } from "./tool-names.ts";
import { usageToChat } from "./usage-to-chat.ts";

/** What reading the calls of an answer needs. */
interface Reading {
  readonly context: TranslationContext;
  readonly nameOf: (name: string) => string;
}

export function answerToChat(
  body: unknown,
  chat: ChatRequest,
  context: TranslationContext,
): ChatAnswer | ReportedError {
  if (!isJsonObject(body) || isRawNumber(body)) return invalidJsonError;
  const error = errorIn(body);
  if (error !== undefined) return error;
  const choices = listOf(body, "choices");
  const failure = choices.map(failureOf).find((found) => found !== undefined);
  if (failure !== undefined) return failure;
  const reading = { context, nameOf: clientToolNames(chat) };
  const usage = usageToChat(body);
  const tier = textOf(body, "service_tier");
  const fingerprint = textOf(body, "system_fingerprint");
  return {
    ...headOf(body, context),
    object: "chat.completion",
    choices: choices.filter(isJsonObject).map((choice, index) => readChoice(choice, index, reading)),
    ...(usage === undefined ? {} : { usage }),
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(fingerprint === undefined ? {} : { system_fingerprint: fingerprint }),
  };
}

/** An error inside a 200: as a member, or as the answer itself (older vLLM). */
export function errorIn(body: JsonObject): ReportedError | undefined {
  if (isErrorValue(body["error"])) return readError(body["error"]);
  return memberOf(body, "object") === "error" ? readError(body) : undefined;
}

/** Services may leave any of it empty. */
export function headOf(
  body: JsonObject,
  { model, nowSeconds, newId }: TranslationContext,
): Pick<ChatAnswer, "id" | "created" | "model"> {
  const created = numberIn(body["created"]) ?? 0;
  return {
    id: textOf(body, "id") ?? `chatcmpl-${newId()}`,
    created: created > 0 ? Math.trunc(created) : nowSeconds,
    model: textOf(body, "model") ?? model,
  };
}

function readChoice(choice: JsonObject, place: number, reading: Reading): ChatChoice {
  const found = memberOf(choice, "message");
  const message = isJsonObject(found) ? found : {};
  const calls = callsIn(message, reading);
  const { logprobs } = choice;
  const sequence = stopSequenceOf(choice);
  return {
    index: numberIn(choice["index"]) ?? place,
    message: readMessage(message, calls),
    finish_reason: settledReason(finishReasonOf(choice), calls.length > 0),
    ...(isJsonObject(logprobs) ? { logprobs } : {}),
    ...(sequence === undefined ? {} : { stop_sequence: sequence }),
  };
}

function readMessage(message: JsonObject, calls: readonly ToolCall[]): ChatAnswerMessage {
  const { content, thoughts, refusal, details, annotations } = spokenIn(message);
  return {
    role: "assistant",
    content: content === "" ? null : content,
    ...(refusal === "" ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(thoughts === "" ? {} : { reasoning_content: thoughts }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(annotations.length === 0 ? {} : { annotations }),
  };
}

/** Calls, and the older single `function_call`. An id that is missing or was given twice is made anew. */
function callsIn(message: JsonObject, { context, nameOf }: Reading): readonly ToolCall[] {
  const known = new Set<string>();
  const calls = listOf(message, "tool_calls").flatMap((call) => {
    const called = memberOf(call, "function");
    if (!isJsonObject(called) || !isCalled(called)) return [];
    const told = textOf(call, "id");
    const id = told === undefined || known.has(told) ? `call_${context.newId()}` : told;
    known.add(id);
    return [{ ...readCall(id, called, nameOf), ...thoughtSignatureOf(call) }];
  });
  const single = memberOf(message, "function_call");
  return calls.length === 0 && isJsonObject(single) && isCalled(single)
    ? [readCall(`call_${context.newId()}`, single, nameOf)]
    : calls;
}

/** Some services write every member there is, empty. */
function isCalled(called: JsonObject): boolean {
  return textOf(called, "name") !== undefined;
}

function readCall(id: string, called: JsonObject, nameOf: Reading["nameOf"]): ToolCall {
  const given = called["arguments"];
  return {
    id,
    type: "function",
    function: {
      name: nameOf(textOf(called, "name") ?? ""),
      arguments: typeof given === "string" ? given : argumentsText(given),
    },
  };
}
