// A whole answer of a service that speaks the Responses protocol, in chat form. Must not know clients.
import { countOf, isJsonObject, listOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { invalidJsonError } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatAnswer, ChatAnswerMessage } from "../../chat/chat-answer.ts";
import type { ReasoningDetail, ToolCall } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import {
  annotationOf,
  argumentsOf,
  chatUsageOf,
  failureOf,
  finishReasonOf,
  isCall,
  thinkingOf,
} from "./meaning-of-response.ts";

export function answerToChat(body: unknown, context: TranslationContext): ChatAnswer | ReportedError {
  const failure = failureOf(body);
  if (failure !== undefined) return failure;
  if (!isJsonObject(body) || !Array.isArray(body["output"])) return invalidJsonError;
  const reader = new OutputReader(context);
  for (const item of listOf(body, "output")) reader.read(item);
  const usage = chatUsageOf(body["usage"]);
  const tier = textOf(body, "service_tier");
  return {
    id: textOf(body, "id") ?? `resp_${context.newId()}`,
    object: "chat.completion",
    created: countOf(body, "created_at") ?? context.nowSeconds,
    model: textOf(body, "model") ?? context.model,
    choices: [
      {
        index: 0,
        message: reader.message,
        finish_reason: finishReasonOf(body, reader.calls.length > 0),
        ...(reader.logprobs.length === 0 ? {} : { logprobs: { content: reader.logprobs } }),
      },
    ],
    ...(usage === undefined ? {} : { usage }),
    ...(tier === undefined ? {} : { service_tier: tier }),
  };
}

/** All texts are one block in the chat form, where the first of them stands. */
class OutputReader {
  readonly calls: ToolCall[] = [];
  readonly logprobs: unknown[] = [];
  readonly #context: TranslationContext;
  readonly #details: ReasoningDetail[] = [];
  readonly #annotations: JsonObject[] = [];
  readonly #serverBlocks: NonNullable<ChatAnswerMessage["server_blocks"]>[number][] = [];
  #text = "";
  #refusal: string | undefined;
  #reasoning: string[] = [];
  #place = 0;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  read(item: unknown): void {
    if (!isJsonObject(item)) return;
    if (item["type"] === "message") for (const part of listOf(item, "content")) this.#readPart(part);
    else if (item["type"] === "reasoning") this.#readReasoning(item);
    else if (isCall(item)) this.#readCall(item);
    else this.#serverBlocks.push({ index: this.#nextPlace(), format: "responses", block: item });
  }

  get message(): ChatAnswerMessage {
    return {
      role: "assistant",
      content: this.#text === "" ? null : this.#text,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
      ...(this.calls.length === 0 ? {} : { tool_calls: this.calls }),
      ...(this.#reasoning.length === 0 ? {} : { reasoning_content: this.#reasoning.join("\n\n") }),
      ...(this.#details.length === 0 ? {} : { reasoning_details: this.#details }),
      ...(this.#annotations.length === 0 ? {} : { annotations: this.#annotations }),
      ...(this.#serverBlocks.length === 0 ? {} : { server_blocks: this.#serverBlocks }),
    };
  }

  #nextPlace(): number {
    this.#place += 1;
    return this.#place - 1;
  }

  #readPart(part: unknown): void {
    const refusal = textOf(part, "refusal");
    if (refusal !== undefined) this.#refusal = (this.#refusal ?? "") + refusal;
    const text = textOf(part, "text");
    if (text === undefined) return;
    if (this.#text === "") this.#place += 1;
    for (const annotation of listOf(part, "annotations")) {
      const found = annotationOf(annotation, this.#text.length);
      if (found !== undefined) this.#annotations.push(found);
    }
    this.logprobs.push(...listOf(part, "logprobs"));
    this.#text += text;
  }

  #readReasoning(item: JsonObject): void {
    const text = thinkingOf(item);
    const data = textOf(item, "encrypted_content");
    if (text === "" && data === undefined) return;
    const id = textOf(item, "id");
    if (text !== "") this.#reasoning.push(text);
    this.#details.push({
      type: "thinking",
      index: this.#nextPlace(),
      ...(text === "" ? {} : { text }),
      ...(data === undefined ? {} : { data }),
      ...(id === undefined ? {} : { id }),
      format: "responses",
    });
  }

  #readCall(item: JsonObject): void {
    this.#place += 1;
    const id = textOf(item, "call_id") ?? textOf(item, "id") ?? `call_${this.#context.newId()}`;
    const name = textOf(item, "name") ?? "";
    this.calls.push({ id, type: "function", function: { name, arguments: argumentsOf(item) || "{}" } });
  }
}
