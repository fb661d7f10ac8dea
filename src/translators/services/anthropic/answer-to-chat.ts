// A whole answer of Anthropic's as a chat completion. Must not know which client asked.
import { isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { mergeAnthropicUsage, noAnthropicFigures } from "../../../protocols/anthropic-usage.ts";
import { isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatAnswerMessage } from "../../chat/chat-answer.ts";
import type { ChatRequest, ReasoningDetail, ToolCall } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import type { TranslationContext } from "../../translation.ts";
import { answerFormatOf } from "./answer-format.ts";
import { annotationOf, chatUsageOf, finishReasonOf, refusalOf } from "./meaning-of-answer.ts";

const noMessage: ReportedError = {
  status: 502,
  message: "The model service answered with something that is no message of Anthropic's.",
};

export function answerToChat(
  body: unknown,
  chat: ChatRequest,
  context: TranslationContext,
): ChatAnswer | ReportedError {
  const error = memberOf(body, "error");
  if (isErrorValue(error)) return readError(error);
  if (!isJsonObject(body) || !Array.isArray(memberOf(body, "content"))) return noMessage;
  const format = answerFormatOf(chat, context.traits);
  const reading = new BlockReading(format.kind === "tool" ? format.name : undefined);
  for (const block of listOf(body, "content")) reading.add(block);
  const stopReason = memberOf(body, "stop_reason");
  const message = reading.message(refusalOf(stopReason, memberOf(body, "stop_details")));
  const stopSequence = memberOf(body, "stop_sequence");
  const usage = chatUsageOf(mergeAnthropicUsage(noAnthropicFigures, memberOf(body, "usage")));
  const tier = textOf(memberOf(body, "usage"), "service_tier");
  return {
    id: textOf(body, "id") ?? `msg_${context.newId()}`,
    object: "chat.completion",
    created: context.nowSeconds,
    model: textOf(body, "model") ?? context.model,
    choices: [
      {
        index: 0,
        message,
        finish_reason: finishReasonOf(stopReason, reading.calls.length > 0),
        ...(typeof stopSequence === "string" && { stop_sequence: stopSequence }),
      },
    ],
    ...(usage !== undefined && { usage }),
    ...(tier !== undefined && { service_tier: tier === "standard" ? "default" : tier }),
  };
}

/** Gathers the blocks of one answer. */
class BlockReading {
  readonly calls: ToolCall[] = [];
  readonly #answerTool: string | undefined;
  readonly #details: ReasoningDetail[] = [];
  readonly #serverBlocks: { index: number; format: string; block: JsonObject }[] = [];
  readonly #annotations: JsonObject[] = [];
  #text = "";
  /** What the tool that stands for the answer was called with. */
  #answer: string | undefined;
  /** All texts are one block in the chat form, where the first of them stands. */
  #place = 0;

  /** @param answerTool the name of a tool whose call is the answer itself */
  constructor(answerTool: string | undefined) {
    this.#answerTool = answerTool;
  }

  add(block: unknown): void {
    if (!isJsonObject(block) || isRawNumber(block)) return;
    switch (block["type"]) {
      case "text":
        this.#addText(textOf(block, "text") ?? "", listOf(block, "citations"));
        break;
      case "thinking":
        this.#addThinking(textOf(block, "thinking"), textOf(block, "signature"));
        break;
      case "redacted_thinking":
        this.#addRedacted(textOf(block, "data"));
        break;
      case "tool_use":
        this.#addCall(block);
        break;
      default:
        this.#serverBlocks.push({ index: this.#nextPlace(), format: "anthropic", block });
    }
  }

  #addThinking(text: string | undefined, signature: string | undefined): void {
    const index = this.#nextPlace();
    if (text === undefined && signature === undefined) return;
    this.#details.push({
      type: "thinking",
      index,
      ...(text !== undefined && { text }),
      ...(signature !== undefined && { signature }),
      format: "anthropic",
    });
  }

  #addRedacted(data: string | undefined): void {
    const index = this.#nextPlace();
    if (data !== undefined)
      this.#details.push({ type: "redacted_thinking", index, data, format: "anthropic" });
  }

  #nextPlace(): number {
    const place = this.#place;
    this.#place += 1;
    return place;
  }

  #addText(text: string, citations: readonly unknown[]): void {
    if (text === "") return;
    if (this.#text === "") this.#place += 1;
    const from = this.#text.length;
    this.#text += text;
    for (const citation of citations) {
      const annotation = annotationOf(citation, from, this.#text.length);
      if (annotation !== undefined) this.#annotations.push(annotation);
    }
  }

  #addCall(block: JsonObject): void {
    const name = textOf(block, "name") ?? "";
    const text = argumentsText(block["input"]);
    if (name === this.#answerTool) {
      this.#answer ??= text;
      return;
    }
    this.calls.push({ id: textOf(block, "id") ?? "", type: "function", function: { name, arguments: text } });
    this.#place += 1;
  }

  message(refusal: string | undefined): ChatAnswerMessage {
    const text = this.#answer ?? this.#text;
    const thinking = this.#details.map((detail) => detail.text ?? "").join("");
    const silent = text === "" && (this.calls.length > 0 || refusal !== undefined);
    return {
      role: "assistant",
      content: silent ? null : text,
      ...(refusal !== undefined && { refusal }),
      ...(thinking !== "" && { reasoning_content: thinking }),
      ...(this.#details.length > 0 && { reasoning_details: this.#details }),
      ...(this.calls.length > 0 && { tool_calls: this.calls }),
      ...(this.#annotations.length > 0 && { annotations: this.#annotations }),
      ...(this.#serverBlocks.length > 0 && { server_blocks: this.#serverBlocks }),
    };
  }
}
