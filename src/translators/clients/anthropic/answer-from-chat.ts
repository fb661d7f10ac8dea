// A whole answer in chat form as an Anthropic message, and what answers and streams share of it. Must not know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatAnswer, ChatChoice, ChatUsage, FinishReason } from "../../chat/chat-answer.ts";
import { blocksOf, type AssistantBlock } from "../../chat/assistant-blocks.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import { argumentsObject } from "../../chat/tool-arguments.ts";
import type { TranslationContext } from "../../translation.ts";
import { citationsOf } from "./citations.ts";
import { packSignature } from "./thinking-signature.ts";
import { toToolUseId } from "./tool-use-id.ts";

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

/** How a turn ended. Calls that were made are to be answered, whatever the service says. */
export function stopReasonOf(finish: FinishReason, hasCalls: boolean, sequence: string | null): string {
  if (finish === "stop" && hasCalls) return "tool_use";
  return finish === "stop" && sequence !== null ? "stop_sequence" : stopReasons[finish];
}

/** Anthropic counts what was read from and written to a cache apart. Zeros where the service told nothing. */
export function usageOf(usage: ChatUsage | undefined): JsonObject {
  const { cached_tokens: read = 0, cache_write_tokens: written = 0 } = usage?.prompt_tokens_details ?? {};
  const thinking = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage?.prompt_tokens ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage?.completion_tokens ?? 0,
    ...(thinking === 0 ? {} : { output_tokens_details: { thinking_tokens: thinking } }),
  };
}

export function messageId({ newId }: TranslationContext): string {
  return `msg_${newId()}`;
}

/** An answer without a choice has no content and no reason why it ended: it is empty, and told so. */
export function answerFromChat(answer: ChatAnswer, context: TranslationContext): object {
  const [choice] = answer.choices;
  const sequence = choice?.stop_sequence ?? null;
  const hasCalls = (choice?.message.tool_calls?.length ?? 0) > 0;
  return {
    id: messageId(context),
    type: "message",
    role: "assistant",
    model: answer.model,
    content: choice === undefined ? [] : contentOf(choice),
    stop_reason: choice === undefined ? null : stopReasonOf(choice.finish_reason, hasCalls, sequence),
    stop_sequence: choice?.finish_reason === "stop" && !hasCalls ? sequence : null,
    usage: usageOf(answer.usage),
  };
}

function contentOf({ message }: ChatChoice): readonly object[] {
  const { content, refusal, reasoning_content: thoughts, ...rest } = message;
  const details: readonly ReasoningDetail[] =
    message.reasoning_details ??
    (thoughts === undefined || thoughts === "" ? [] : [{ type: "thinking", index: 0, text: thoughts }]);
  const blocks = blocksOf({
    ...rest,
    content,
    ...(refusal === undefined ? {} : { refusal }),
    reasoning_details: details,
  });
  const citations = citationsOf(message.annotations, content ?? "");
  return blocks.flatMap((block) => writeBlock(block, citations));
}

function writeBlock(block: AssistantBlock, citations: readonly object[]): readonly object[] {
  switch (block.kind) {
    case "text":
      return [{ type: "text", text: block.part.text, ...(citations.length === 0 ? {} : { citations }) }];
    case "reasoning":
      return [thinkingBlock(block.detail)];
    case "call": {
      const { id, function: called } = block.call;
      const input = argumentsObject(called.arguments);
      return [{ type: "tool_use", id: toToolUseId(id), name: called.name, input }];
    }
    case "server":
      return block.format === "anthropic" ? [block.block] : [];
  }
}

function thinkingBlock(detail: ReasoningDetail): object {
  if (detail.type === "redacted_thinking") return { type: detail.type, data: redactedData(detail) };
  return { type: "thinking", thinking: detail.text ?? "", signature: packSignature(detail) };
}

/** Anthropic's own data as it is, any other's with the name of whose it is. */
export function redactedData(detail: ReasoningDetail): string {
  const isOwn = detail.format === undefined || detail.format === "anthropic";
  return isOwn && detail.id === undefined ? (detail.data ?? "") : packSignature(detail);
}
