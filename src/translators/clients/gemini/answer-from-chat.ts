// Writes answers of the chat form as Gemini's. Must not know services.
import { listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatAnswer, ChatChoice, ChatUsage, FinishReason } from "../../chat/chat-answer.ts";
import type { ToolCall } from "../../chat/chat-request.ts";
import { argumentsObject } from "../../chat/tool-arguments.ts";
import type { ClientRequest } from "../../translation.ts";
import { wantsThoughts } from "./generation-to-chat.ts";
import { spelled } from "./spelling.ts";

const finishReasons: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
};

export function answerFromChat(answer: ChatAnswer, { body }: ClientRequest): object {
  const showsThoughts = wantsThoughts(spelled(body, "body"));
  return {
    candidates: answer.choices.map((choice) => candidateOf(choice, showsThoughts)),
    ...(answer.usage !== undefined && { usageMetadata: usageMetadataOf(answer.usage) }),
    modelVersion: answer.model,
    responseId: answer.id,
  };
}

function candidateOf(
  { index, message, finish_reason: finish, logprobs }: ChatChoice,
  showsThoughts: boolean,
): object {
  const { reasoning_content: thoughts, content, refusal, tool_calls: calls = [], annotations = [] } = message;
  const parts: object[] = [];
  if (showsThoughts && thoughts) parts.push({ text: thoughts, thought: true });
  if (content) parts.push({ text: content });
  if (refusal) parts.push({ text: refusal });
  parts.push(...calls.map(callPart));
  return {
    content: { ...(parts.length > 0 && { parts }), role: "model" },
    finishReason: finishReasonOf(finish),
    index,
    ...groundingOf(annotations),
    ...logprobsOf(logprobs),
  };
}

export function finishReasonOf(finish: FinishReason): string {
  return finishReasons[finish];
}

export function callPart({ id, function: called, extra_content: extra }: ToolCall): object {
  const signature = extra?.google?.thought_signature;
  return {
    functionCall: { id, name: called.name, args: argumentsObject(called.arguments) },
    ...(signature !== undefined && { thoughtSignature: signature }),
  };
}

/** What was thought counts beside what was said. */
export function usageMetadataOf(usage: ChatUsage): object {
  const thoughts = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    promptTokenCount: usage.prompt_tokens,
    candidatesTokenCount: Math.max(0, usage.completion_tokens - thoughts),
    totalTokenCount: usage.total_tokens,
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    ...(cached > 0 && { cachedContentTokenCount: cached }),
  };
}

/** Sources of the answer; Gemini knows no places in characters, so that the sources hold for the whole. */
export function groundingOf(annotations: readonly JsonObject[]): object {
  const groundingChunks = annotations.flatMap((annotation) => {
    const citation = memberOf(annotation, "url_citation");
    const uri = textOf(citation, "url");
    return uri === undefined ? [] : [{ web: { uri, title: textOf(citation, "title") ?? uri } }];
  });
  return groundingChunks.length > 0 ? { groundingMetadata: { groundingChunks } } : {};
}

export function logprobsOf(logprobs: JsonObject | null | undefined): object {
  const tokens = listOf(logprobs, "content");
  if (tokens.length === 0) return {};
  return {
    logprobsResult: {
      chosenCandidates: tokens.map(tokenOf),
      topCandidates: tokens.map((token) => ({ candidates: listOf(token, "top_logprobs").map(tokenOf) })),
    },
  };
}

function tokenOf(token: unknown): object {
  return { token: textOf(token, "token") ?? "", logProbability: memberOf(token, "logprob") ?? 0 };
}
