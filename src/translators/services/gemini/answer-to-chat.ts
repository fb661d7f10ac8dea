// A whole answer of Gemini's generateContent in chat form. Must not know streams.
import { numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { invalidJsonError, isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatAnswerMessage, ChatChoice } from "../../chat/chat-answer.ts";
import type { ReasoningDetail, ToolCall } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { AnswerParts } from "./answer-parts.ts";
import { finishReasonOf, isFailedEnd } from "./finish-reason.ts";
import { annotationsOf } from "./grounding.ts";
import { logprobsOf } from "./logprobs.ts";
import { usageToChat } from "./usage-to-chat.ts";

export function answerToChat(body: unknown, context: TranslationContext): ChatAnswer | ReportedError {
  const answer = Array.isArray(body) ? joined(body) : body;
  if (!isJsonObject(answer)) return invalidJsonError;
  const error = memberOf(answer, "error");
  if (isErrorValue(error)) return readError(error);
  const candidates = listOf(answer, "candidates");
  const blocked = blockOf(answer);
  const choices: ChatChoice[] = [];
  try {
    for (const [at, candidate] of candidates.entries()) {
      const choice = choiceOf(candidate, at, context);
      if ("status" in choice) return choice;
      choices.push(choice);
    }
  } catch (error_) {
    // Only unreadable arguments throw.
    if (error_ instanceof TypeError) return { status: 502, message: error_.message };
    throw error_;
  }
  const usage = usageToChat(memberOf(answer, "usageMetadata"));
  return {
    ...headOf(answer, context),
    object: "chat.completion",
    choices: blocked === undefined || choices.length > 0 ? choices : [blocked],
    ...(usage !== undefined && { usage }),
  };
}

/** What every answer, and every piece of one, is named by. */
export function headOf(
  answer: unknown,
  { model, newId, nowSeconds }: TranslationContext,
): { id: string; created: number; model: string } {
  return {
    id: textOf(answer, "responseId") ?? `chatcmpl-${newId()}`,
    created: nowSeconds,
    model: textOf(answer, "modelVersion") ?? model,
  };
}

/** A stream that was not asked for by events is one list of its chunks. */
function joined(chunks: readonly unknown[]): unknown {
  const failed = chunks.find((chunk) => isErrorValue(memberOf(chunk, "error")));
  if (failed !== undefined || chunks.length === 1) return failed ?? chunks[0];
  const last = chunks.at(-1);
  if (!isJsonObject(last)) return undefined;
  const candidates = new Map<number, Record<string, unknown> & { content: { parts: unknown[] } }>();
  for (const chunk of chunks) {
    for (const [at, candidate] of listOf(chunk, "candidates").entries()) {
      const index = numberIn(memberOf(candidate, "index")) ?? at;
      const known = candidates.get(index);
      const parts = known?.content.parts ?? [];
      for (const part of listOf(memberOf(candidate, "content"), "parts")) parts.push(part);
      candidates.set(index, { ...known, ...(isJsonObject(candidate) && candidate), content: { parts } });
    }
  }
  return { ...last, candidates: [...candidates.values()] };
}

function choiceOf(candidate: unknown, at: number, context: TranslationContext): ChatChoice | ReportedError {
  const parts = new AnswerParts(context.newId);
  const message = messageOf(listOf(memberOf(candidate, "content"), "parts"), parts);
  const reason = textOf(candidate, "finishReason");
  if (isFailedEnd(reason) && !parts.spoke) return failedEnd(reason, candidate);
  const annotations = [...message.annotations, ...annotationsOf(candidate, message.content)];
  const logprobs = logprobsOf(memberOf(candidate, "logprobsResult"));
  return {
    index: numberIn(memberOf(candidate, "index")) ?? at,
    message: {
      role: "assistant",
      content: message.content === "" && parts.called ? null : message.content,
      refusal: null,
      ...(message.calls.length > 0 && { tool_calls: message.calls }),
      ...(message.thoughts !== "" && { reasoning_content: message.thoughts }),
      ...(message.details.length > 0 && { reasoning_details: message.details }),
      ...(annotations.length > 0 && { annotations }),
      ...(message.blocks.length > 0 && { server_blocks: message.blocks }),
    },
    finish_reason: finishReasonOf(reason ?? "STOP", parts.called),
    ...(logprobs !== undefined && { logprobs }),
  };
}

interface Message {
  content: string;
  thoughts: string;
  readonly calls: ToolCall[];
  readonly details: ReasoningDetail[];
  readonly annotations: JsonObject[];
  readonly blocks: NonNullable<ChatAnswerMessage["server_blocks"]>[number][];
}

function messageOf(parts: readonly unknown[], reader: AnswerParts): Message {
  const message: Message = { content: "", thoughts: "", calls: [], details: [], annotations: [], blocks: [] };
  for (const part of parts) {
    const { text, detail, calls, annotation, serverBlock } = reader.read(part);
    if (detail !== undefined) addDetail(message, detail);
    if (text !== undefined) message.content += text;
    if (calls !== undefined) addCalls(message.calls, calls);
    if (annotation !== undefined) message.annotations.push(annotation);
    if (serverBlock !== undefined) message.blocks.push(serverBlock);
  }
  addCalls(message.calls, reader.finish());
  return message;
}

/** Pieces of one thought are one block. */
function addDetail(message: Message, detail: ReasoningDetail): void {
  message.thoughts += detail.text ?? "";
  const last = message.details.at(-1);
  if (last?.index !== detail.index) message.details.push(detail);
  else
    message.details[message.details.length - 1] = {
      ...last,
      ...detail,
      text: (last.text ?? "") + (detail.text ?? ""),
    };
}

function addCalls(calls: ToolCall[], deltas: ReturnType<AnswerParts["finish"]>): void {
  for (const { index, id, function: piece, extra_content: extra } of deltas) {
    const known = calls[index];
    calls[index] = {
      id: known?.id ?? id ?? "",
      type: "function",
      function: {
        name: known?.function.name ?? piece?.name ?? "",
        arguments: (known?.function.arguments ?? "") + (piece?.arguments ?? ""),
      },
      ...((extra ?? known?.extra_content) !== undefined && {
        extra_content: extra ?? known?.extra_content ?? {},
      }),
    };
  }
}

/** A blocked prompt has no candidate: it is an answer that says nothing. */
export function blockOf(answer: unknown): ChatChoice | undefined {
  const feedback = memberOf(answer, "promptFeedback");
  if (textOf(feedback, "blockReason") === undefined) return undefined;
  return {
    index: 0,
    message: { role: "assistant", content: "", refusal: textOf(feedback, "blockReasonMessage") ?? null },
    finish_reason: "content_filter",
  };
}

export function failedEnd(reason: string | undefined, candidate: unknown): ReportedError {
  const message = textOf(candidate, "finishMessage") ?? "The model's answer could not be read.";
  return { status: 502, message: `${reason}: ${message}`.slice(0, 1_000).toWellFormed() };
}
