// A streamed answer of Converse -> chunks of the chat form. Holds the state of one answer and nothing else.
import { parseExactJson } from "../../../lib/exact-json.ts";
import { memberOf, textOf } from "../../../lib/json-value.ts";
import { exceptionOf } from "../../../protocols/aws-event-stream.ts";
import type { ChatChunk, ChatChunkChoice, ChatDelta, ChatUsage } from "../../chat/chat-answer.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import { answerToolOf, finishReason, isServerTool, stopSequenceOf, usageOf } from "./answer-to-chat.ts";
import { clientNames } from "./call-names.ts";
import { exceptionError } from "./errors.ts";
import { redactedData } from "./reasoning.ts";

/** What is known of a block that is being streamed. */
type Block =
  | { readonly kind: "call"; readonly index: number; hasArguments: boolean; closed: boolean }
  | { readonly kind: "reasoning"; readonly place: number; signature: string; redacted: Buffer }
  /** The call that is the answer itself. */
  | { readonly kind: "answer" }
  | { readonly kind: "other" };

export class StreamToChat implements ServiceStream {
  readonly #chat: ChatRequest;
  readonly #frame: Pick<ChatChunk, "id" | "object" | "created" | "model">;
  readonly #names: ReadonlyMap<string, string>;
  readonly #answerTool: string | undefined;
  readonly #blocks = new Map<number, Block>();
  readonly #calls = new Map<string, Block>();
  #started = false;
  #finished = false;
  #usage: ChatUsage | undefined;
  #usageSent = false;
  /** Places taken in the turn, as `ReasoningDetail.index` counts them. */
  #places = 0;
  #hasText = false;

  constructor(chat: ChatRequest, context: TranslationContext) {
    const { newId, nowSeconds, model } = context;
    this.#chat = chat;
    this.#answerTool = answerToolOf(chat, context);
    this.#names = clientNames(chat);
    this.#frame = { id: `chatcmpl-${newId()}`, object: "chat.completion.chunk", created: nowSeconds, model };
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    const exception = exceptionOf(name);
    if (exception !== undefined) return sink.fail(exceptionError(exception, data));
    let payload: unknown;
    try {
      payload = parseExactJson(data.toString());
    } catch {
      return sink.fail({ status: 502, message: "The model service streamed something that is not JSON." });
    }
    switch (name) {
      case "messageStart":
        return this.#start(sink);
      case "contentBlockStart":
        return this.#blockStart(payload, sink);
      case "contentBlockDelta":
        return this.#blockDelta(payload, sink);
      case "contentBlockStop":
        return this.#blockStop(indexOf(payload), sink);
      case "messageStop":
        return this.#finish(payload, sink);
      case "metadata":
        this.#usage = usageOf(memberOf(payload, "usage")) ?? this.#usage;
        if (this.#finished) this.#sendUsage(sink);
    }
  }

  end(sink: ChunkSink): void {
    if (this.#finished) return this.#sendUsage(sink);
    sink.fail({ status: 502, message: "The model service ended its stream before the answer was complete." });
  }

  #start(sink: ChunkSink): void {
    if (this.#started) return;
    this.#started = true;
    this.#send({ role: "assistant", content: "" }, sink);
  }

  #blockStart(payload: unknown, sink: ChunkSink): void {
    const start = memberOf(payload, "start");
    const call = memberOf(start, "toolUse");
    const index = indexOf(payload);
    if (call === undefined || isServerTool(call)) {
      // Of text nothing is known yet.
      const isServers = call !== undefined || memberOf(start, "toolResult") !== undefined;
      if (isServers) this.#blocks.set(index, { kind: "other" });
      return;
    }
    if (this.#answerTool !== undefined && textOf(call, "name") === this.#answerTool) {
      this.#blocks.set(index, { kind: "answer" });
      return;
    }
    const id = textOf(call, "toolUseId") ?? "";
    const again = this.#calls.get(id);
    if (again !== undefined) {
      // Some streams announce a call twice.
      this.#blocks.set(index, again);
      return;
    }
    const block: Block = { kind: "call", index: this.#calls.size, hasArguments: false, closed: false };
    this.#blocks.set(index, block);
    this.#calls.set(id, block);
    this.#places += 1;
    const name = textOf(call, "name") ?? "";
    const called = { name: this.#names.get(name) ?? name, arguments: "" };
    this.#send({ tool_calls: [{ index: block.index, id, type: "function", function: called }] }, sink);
  }

  #blockDelta(payload: unknown, sink: ChunkSink): void {
    const delta = memberOf(payload, "delta");
    const index = indexOf(payload);
    const block = this.#blocks.get(index);
    if (block?.kind === "other") return;
    const input = textOf(memberOf(delta, "toolUse"), "input");
    const text = this.#answerTool === undefined ? textOf(delta, "text") : undefined;
    const words = block?.kind === "answer" ? input : text;
    if (words !== undefined) {
      if (!this.#hasText) this.#places += 1;
      this.#hasText = true;
      return this.#send({ content: words }, sink);
    }
    if (input !== undefined && block?.kind === "call") {
      block.hasArguments = true;
      return this.#send({ tool_calls: [{ index: block.index, function: { arguments: input } }] }, sink);
    }
    const reasoning = memberOf(delta, "reasoningContent");
    if (reasoning !== undefined) this.#reasoning(reasoning, index, block, sink);
  }

  #reasoning(content: unknown, index: number, known: Block | undefined, sink: ChunkSink): void {
    let block = known;
    if (block?.kind !== "reasoning") {
      block = { kind: "reasoning", place: this.#places, signature: "", redacted: Buffer.alloc(0) };
      this.#places += 1;
      this.#blocks.set(index, block);
    }
    const text = textOf(content, "text");
    if (text !== undefined) {
      const detail = { type: "thinking" as const, index: block.place, text };
      this.#send({ reasoning_content: text, reasoning_details: [detail] }, sink);
    }
    const signature = textOf(content, "signature");
    if (signature !== undefined) {
      block.signature += signature;
      const signed = {
        type: "thinking",
        index: block.place,
        signature: block.signature,
        format: "anthropic",
      } as const;
      this.#send({ reasoning_details: [signed] }, sink);
    }
    const redacted = textOf(content, "redactedContent");
    if (redacted === undefined) return;
    block.redacted = Buffer.concat([block.redacted, Buffer.from(redacted, "base64")]);
    const data = redactedData(block.redacted.toString("base64"));
    const hidden = { type: "redacted_thinking", index: block.place, data, format: "anthropic" } as const;
    this.#send({ reasoning_details: [hidden] }, sink);
  }

  /** A call without a word of arguments has none: that is an object, too. */
  #blockStop(index: number, sink: ChunkSink): void {
    const block = this.#blocks.get(index);
    if (block?.kind === "call") this.#close(block, sink);
  }

  #close(block: Extract<Block, { kind: "call" }>, sink: ChunkSink): void {
    if (block.closed || block.hasArguments) return;
    block.closed = true;
    this.#send({ tool_calls: [{ index: block.index, function: { arguments: "{}" } }] }, sink);
  }

  #finish(payload: unknown, sink: ChunkSink): void {
    if (this.#finished) return;
    for (const block of this.#calls.values()) if (block.kind === "call") this.#close(block, sink);
    this.#finished = true;
    const stopReason = textOf(payload, "stopReason");
    const stopSequence = stopSequenceOf(payload, stopReason, this.#chat);
    this.#sendChoice(
      {
        index: 0,
        delta: {},
        finish_reason: finishReason(stopReason, this.#calls.size > 0),
        ...(stopSequence === undefined ? {} : { stop_sequence: stopSequence }),
      },
      sink,
    );
    if (this.#usage !== undefined) this.#sendUsage(sink);
  }

  #sendUsage(sink: ChunkSink): void {
    if (this.#usage === undefined || this.#usageSent) return;
    this.#usageSent = true;
    sink.chunk({ ...this.#frame, choices: [], usage: this.#usage });
  }

  #send(delta: ChatDelta, sink: ChunkSink): void {
    // Nothing of an answer follows its end.
    if (this.#finished) return;
    this.#start(sink);
    this.#sendChoice({ index: 0, delta, finish_reason: null }, sink);
  }

  #sendChoice(choice: ChatChunkChoice, sink: ChunkSink): void {
    sink.chunk({ ...this.#frame, choices: [choice] });
  }
}

function indexOf(payload: unknown): number {
  const index = memberOf(payload, "contentBlockIndex");
  return typeof index === "number" ? index : -1;
}
