// A whole answer of Converse -> chat form; its usage and reasons to stop.
import { countOf, isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatAnswerMessage, ChatUsage, FinishReason } from "../../chat/chat-answer.ts";
import type { ChatRequest, ReasoningDetail, ToolCall } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import type { TranslationContext } from "../../translation.ts";
import { answerFormatOf } from "../anthropic/answer-format.ts";
import { clientNames, sentName } from "./call-names.ts";
import { reasoningDetail } from "./reasoning.ts";

export function answerToChat(
  body: unknown,
  chat: ChatRequest,
  context: TranslationContext,
): ChatAnswer | ReportedError {
  const message = memberOf(memberOf(body, "output"), "message");
  const stopReason = textOf(body, "stopReason");
  if (message === undefined && stopReason === undefined) return unreadable(body);
  const usage = usageOf(memberOf(body, "usage"));
  const read = messageOf(listOf(message, "content"), chat, answerToolOf(chat, context));
  const stopSequence = stopSequenceOf(body, stopReason, chat);
  return {
    id: `chatcmpl-${context.newId()}`,
    object: "chat.completion",
    created: context.nowSeconds,
    model: context.model,
    choices: [
      {
        index: 0,
        message: read,
        finish_reason: finishReason(stopReason, read.tool_calls !== undefined),
        ...(stopSequence === undefined ? {} : { stop_sequence: stopSequence }),
      },
    ],
    ...(usage === undefined ? {} : { usage }),
  };
}

function unreadable(body: unknown): ReportedError {
  const error = memberOf(body, "error");
  if (isErrorValue(error)) return readError(error);
  const message = textOf(body, "message") ?? textOf(body, "Message");
  return { status: 502, message: (message ?? "The model service answered with no message.").slice(0, 1_000) };
}

/** The name of the tool whose call is the answer itself; undefined: there is none. */
export function answerToolOf(chat: ChatRequest, { traits }: TranslationContext): string | undefined {
  const format = answerFormatOf(chat, traits);
  return format.kind === "tool" ? sentName(format.name) : undefined;
}

interface Gathered {
  readonly answerTool: string | undefined;
  text: string;
  /** Places taken by blocks before the next one. */
  places: number;
  hasText: boolean;
  readonly calls: ToolCall[];
  readonly details: ReasoningDetail[];
  readonly server: { readonly index: number; readonly format: string; readonly block: JsonObject }[];
}

function messageOf(
  content: readonly unknown[],
  chat: ChatRequest,
  answerTool: string | undefined,
): ChatAnswerMessage {
  const names = clientNames(chat);
  const found: Gathered = {
    answerTool,
    text: "",
    places: 0,
    hasText: false,
    calls: [],
    details: [],
    server: [],
  };
  for (const block of content) if (isJsonObject(block)) takeBlock(found, block, names);
  const reasoning = found.details.map(({ text = "" }) => text).join("");
  return {
    role: "assistant",
    content: found.text === "" ? null : found.text,
    ...(found.calls.length === 0 ? {} : { tool_calls: found.calls }),
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(found.details.length === 0 ? {} : { reasoning_details: found.details }),
    ...(found.server.length === 0 ? {} : { server_blocks: found.server }),
  };
}

function takeBlock(found: Gathered, block: JsonObject, names: ReadonlyMap<string, string>): void {
  const text = textOfBlock(found, block);
  if (text !== "") {
    found.text += text;
    // All text is one block of the chat form.
    if (!found.hasText) found.places += 1;
    found.hasText = true;
    return;
  }
  const call = memberOf(block, "toolUse");
  if (isJsonObject(call) && !isServerTool(call)) {
    const name = textOf(call, "name") ?? "";
    found.calls.push({
      id: textOf(call, "toolUseId") ?? "",
      type: "function",
      function: { name: names.get(name) ?? name, arguments: argumentsText(memberOf(call, "input")) },
    });
    found.places += 1;
    return;
  }
  const detail = reasoningDetail(memberOf(block, "reasoningContent"), found.places);
  if (detail !== undefined) {
    found.details.push(detail);
    found.places += 1;
  } else if (isJsonObject(call) || memberOf(block, "toolResult") !== undefined) {
    found.server.push({ index: found.places, format: "bedrock", block });
    found.places += 1;
  }
}

/** Where a tool gives the answer, words beside it are none of it. */
function textOfBlock({ answerTool }: Gathered, block: JsonObject): string {
  if (answerTool === undefined) return textIn(block);
  const call = memberOf(block, "toolUse");
  return textOf(call, "name") === answerTool ? argumentsText(memberOf(call, "input")) : "";
}

/** A tool that the service runs itself: no call of the client's. */
export function isServerTool(call: unknown): boolean {
  return memberOf(call, "type") === "server_tool_use";
}

/** Words of a block; those that are cited stand one level deeper. */
function textIn(block: JsonObject): string {
  const cited = listOf(memberOf(block, "citationsContent"), "content");
  return [block, ...cited].map((part) => textOf(part, "text") ?? "").join("");
}

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
};

export function finishReason(stopReason: string | undefined, hasCalls: boolean): FinishReason {
  const reason =
    stopReason !== undefined && Object.hasOwn(reasons, stopReason) ? reasons[stopReason] : undefined;
  if (reason === "tool_calls") return hasCalls ? "tool_calls" : "stop";
  return reason === undefined || reason === "stop" ? (hasCalls ? "tool_calls" : "stop") : reason;
}

/** As the model told it where it was asked to, else the only one that there is. */
export function stopSequenceOf(
  holder: unknown,
  stopReason: string | undefined,
  { stop = [] }: ChatRequest,
): string | undefined {
  if (stopReason !== "stop_sequence") return undefined;
  const told = memberOf(holder, "additionalModelResponseFields");
  return (
    textOf(told, "stop_sequence") ??
    textOf(memberOf(told, "delta"), "stop_sequence") ??
    (stop.length === 1 ? stop[0] : undefined)
  );
}

/** Counts of input leave out what a cache gave or took: here they include it. */
export function usageOf(usage: unknown): ChatUsage | undefined {
  const input = countOf(usage, "inputTokens");
  const output = countOf(usage, "outputTokens");
  if (input === undefined && output === undefined) return undefined;
  const read = countOf(usage, "cacheReadInputTokens") ?? countOf(usage, "cacheReadInputTokenCount");
  const written = countOf(usage, "cacheWriteInputTokens") ?? countOf(usage, "cacheWriteInputTokenCount");
  const prompt = (input ?? 0) + (read ?? 0) + (written ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output ?? 0,
    total_tokens: prompt + (output ?? 0),
    ...(read === undefined && written === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: read ?? 0, cache_write_tokens: written ?? 0 } }),
  };
}
