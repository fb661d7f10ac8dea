// A streamed answer of Anthropic's as chunks of a chat completion. Must not know which client asked.
import { parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { mergeAnthropicUsage, noAnthropicFigures } from "../../../protocols/anthropic-usage.ts";
import { invalidJsonError, readErrorEvent } from "../../../protocols/reported-error.ts";
import type { ChatChunk, ChatDelta } from "../../chat/chat-answer.ts";
import type { ChatRequest, ReasoningDetail } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import { answerFormatOf } from "./answer-format.ts";
import { annotationOf, chatUsageOf, finishReasonOf, refusalOf } from "./meaning-of-answer.ts";

/** What is known of a block that is being written. */
type OpenBlock =
  | { readonly kind: "text"; readonly from: number; readonly citations: unknown[] }
  | { readonly kind: "thinking"; readonly place: number }
  | { readonly kind: "call"; readonly index: number; readonly input: unknown; any: boolean }
  | { readonly kind: "answer"; readonly input: unknown; any: boolean }
  | { readonly kind: "server"; readonly place: number; readonly block: JsonObject; input: string };

export class AnthropicToChat implements ServiceStream {
  readonly #context: TranslationContext;
  readonly #answerTool: string | undefined;
  #id = "";
  #model = "";
  #started = false;
  #ended = false;
  readonly #open = new Map<unknown, OpenBlock>();
  /** All texts are one block in the chat form, where the first of them stands. */
  #place = 0;
  #calls = 0;
  #textLength = 0;
  /** Texts before the call that is the answer: they would break its JSON. */
  #heldText = "";
  #answered = false;
  #figures = noAnthropicFigures;
  #stopReason: unknown;
  #stopSequence: unknown;
  #stopDetails: unknown;

  constructor(chat: ChatRequest, context: TranslationContext) {
    this.#context = context;
    const format = answerFormatOf(chat, context.traits);
    this.#answerTool = format.kind === "tool" ? format.name : undefined;
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    if (this.#ended || name === "ping") return;
    if (name === "error") {
      this.#fail(readErrorEvent(data), sink);
      return;
    }
    const text = data.toString();
    let value: unknown;
    try {
      // Only the start of a block may hold numbers that a client gets to see.
      value = name === "content_block_start" ? parseExactJson(text) : JSON.parse(text);
    } catch {
      // Blank data is a ping of sorts.
      if (text.trim() !== "") this.#fail(invalidJsonError, sink);
      return;
    }
    // Services that imitate Anthropic may leave the event name out, but never the type.
    const type = textOf(value, "type") ?? name;
    if (type === "error") this.#fail(readErrorEvent(data), sink);
    else this.#read(type, value, sink);
  }

  #read(type: string, value: unknown, sink: ChunkSink): void {
    switch (type) {
      case "content_block_delta":
        this.#readDelta(this.#open.get(memberOf(value, "index")), memberOf(value, "delta"), sink);
        break;
      case "content_block_start":
        this.#openBlock(memberOf(value, "index"), memberOf(value, "content_block"), sink);
        break;
      case "content_block_stop":
        this.#closeBlock(memberOf(value, "index"), sink);
        break;
      case "message_start":
        this.#start(memberOf(value, "message"), sink);
        break;
      case "message_delta":
        this.#readEnd(value);
        break;
      case "message_stop":
        this.#finish(sink);
        break;
      default:
        // Pings and events to come.
        break;
    }
  }

  end(sink: ChunkSink): void {
    if (this.#ended) return;
    this.#fail(
      { status: 502, message: "The answer of the model service ended before it was complete." },
      sink,
    );
  }

  #fail(error: Parameters<ChunkSink["fail"]>[0], sink: ChunkSink): void {
    this.#ended = true;
    sink.fail(error);
  }

  /** A second start is the same message again, or another one put behind it: its blocks are new, its chunks are not. */
  #start(message: unknown, sink: ChunkSink): void {
    this.#figures = mergeAnthropicUsage(this.#figures, memberOf(message, "usage"));
    const id = textOf(message, "id");
    if (this.#started) {
      if (id !== this.#id) this.#open.clear();
      return;
    }
    this.#started = true;
    this.#id = id ?? `msg_${this.#context.newId()}`;
    this.#model = textOf(message, "model") ?? this.#context.model;
    this.#send({ role: "assistant", content: "" }, sink);
  }

  #send(delta: ChatDelta, sink: ChunkSink): void {
    if (!this.#started) this.#start(undefined, sink);
    sink.chunk(this.#chunk([{ index: 0, delta, finish_reason: null }]));
  }

  #chunk(choices: ChatChunk["choices"]): ChatChunk {
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#context.nowSeconds,
      model: this.#model,
      choices,
    };
  }

  #openBlock(index: unknown, block: unknown, sink: ChunkSink): void {
    if (!isJsonObject(block)) return;
    switch (block["type"]) {
      case "text":
        this.#open.set(index, { kind: "text", from: this.#textLength, citations: [] });
        this.#addText(block["text"], sink);
        break;
      case "thinking":
        this.#openThinking(index, block, sink);
        break;
      case "redacted_thinking":
        this.#openRedacted(block, sink);
        break;
      case "tool_use":
        this.#openCall(index, block, sink);
        break;
      default:
        this.#open.set(index, { kind: "server", place: this.#nextPlace(), block, input: "" });
    }
  }

  #nextPlace(): number {
    const place = this.#place;
    this.#place += 1;
    return place;
  }

  #openThinking(index: unknown, block: JsonObject, sink: ChunkSink): void {
    const place = this.#nextPlace();
    this.#open.set(index, { kind: "thinking", place });
    this.#addThinking(place, block["thinking"], sink);
    const signature = textOf(block, "signature");
    if (signature !== undefined) this.#sendDetail({ type: "thinking", index: place, signature }, sink);
  }

  #openRedacted(block: JsonObject, sink: ChunkSink): void {
    const index = this.#nextPlace();
    const data = textOf(block, "data");
    if (data !== undefined) this.#sendDetail({ type: "redacted_thinking", index, data }, sink);
  }

  #openCall(index: unknown, block: JsonObject, sink: ChunkSink): void {
    const name = textOf(block, "name") ?? "";
    if (name === this.#answerTool) {
      this.#heldText = "";
      this.#open.set(index, { kind: "answer", input: block["input"], any: false });
      return;
    }
    this.#place += 1;
    const call = this.#calls;
    this.#calls += 1;
    this.#open.set(index, { kind: "call", index: call, input: block["input"], any: false });
    const id = textOf(block, "id") ?? "";
    this.#send(
      { tool_calls: [{ index: call, id, type: "function", function: { name, arguments: "" } }] },
      sink,
    );
  }

  #readDelta(open: OpenBlock | undefined, delta: unknown, sink: ChunkSink): void {
    switch (memberOf(delta, "type")) {
      case "text_delta":
        this.#addText(memberOf(delta, "text"), sink);
        break;
      case "input_json_delta":
        this.#addInput(open, memberOf(delta, "partial_json"), sink);
        break;
      case "thinking_delta":
        if (open?.kind === "thinking") this.#addThinking(open.place, memberOf(delta, "thinking"), sink);
        break;
      case "signature_delta": {
        const signature = textOf(delta, "signature");
        if (open?.kind === "thinking" && signature !== undefined)
          this.#sendDetail({ type: "thinking", index: open.place, signature }, sink);
        break;
      }
      case "citations_delta":
        if (open?.kind === "text") open.citations.push(memberOf(delta, "citation"));
        break;
      default:
        // Deltas to come.
        break;
    }
  }

  #addText(text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text === "") return;
    if (this.#textLength === 0) this.#place += 1;
    this.#textLength += text.length;
    if (this.#answerTool === undefined) this.#send({ content: text }, sink);
    else if (!this.#answered) this.#heldText += text;
  }

  #addThinking(place: number, text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text === "") return;
    this.#send(
      {
        reasoning_content: text,
        reasoning_details: [{ type: "thinking", index: place, text, format: "anthropic" }],
      },
      sink,
    );
  }

  #sendDetail(detail: ReasoningDetail, sink: ChunkSink): void {
    this.#send({ reasoning_details: [{ ...detail, format: "anthropic" }] }, sink);
  }

  #addInput(open: OpenBlock | undefined, json: unknown, sink: ChunkSink): void {
    if (typeof json !== "string" || json === "" || open === undefined) return;
    if (open.kind === "call") {
      open.any = true;
      this.#send({ tool_calls: [{ index: open.index, function: { arguments: json } }] }, sink);
    } else if (open.kind === "answer") {
      open.any = true;
      this.#answer(json, sink);
    } else if (open.kind === "server") {
      open.input += json;
    }
  }

  #answer(json: string, sink: ChunkSink): void {
    this.#answered = true;
    this.#send({ content: json }, sink);
  }

  #closeBlock(index: unknown, sink: ChunkSink): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    this.#open.delete(index);
    switch (open.kind) {
      case "call":
        if (!open.any) {
          const text = argumentsText(open.input);
          this.#send({ tool_calls: [{ index: open.index, function: { arguments: text } }] }, sink);
        }
        break;
      case "answer":
        if (!open.any) this.#answer(argumentsText(open.input), sink);
        break;
      case "text":
        this.#cite(open.citations, open.from, sink);
        break;
      case "server":
        this.#sendServerBlock(open, sink);
        break;
      case "thinking":
        break;
    }
  }

  #cite(citations: readonly unknown[], from: number, sink: ChunkSink): void {
    const annotations: JsonObject[] = [];
    for (const citation of citations) {
      const annotation = annotationOf(citation, from, this.#textLength);
      if (annotation !== undefined) annotations.push(annotation);
    }
    if (annotations.length > 0) this.#send({ annotations }, sink);
  }

  #sendServerBlock({ place, block, input }: Extract<OpenBlock, { kind: "server" }>, sink: ChunkSink): void {
    const whole = input === "" ? block : { ...block, input: parsedOr(input) };
    this.#send({ server_blocks: [{ index: place, format: "anthropic", block: whole }] }, sink);
  }

  /** Figures are totals, never to be added; there may be several of these. */
  #readEnd(value: unknown): void {
    this.#figures = mergeAnthropicUsage(this.#figures, memberOf(value, "usage"));
    const delta = memberOf(value, "delta");
    this.#stopReason = memberOf(delta, "stop_reason") ?? this.#stopReason;
    this.#stopSequence = memberOf(delta, "stop_sequence") ?? this.#stopSequence;
    this.#stopDetails = memberOf(delta, "stop_details") ?? this.#stopDetails;
  }

  #finish(sink: ChunkSink): void {
    for (const index of this.#open.keys()) this.#closeBlock(index, sink);
    if (this.#heldText !== "") this.#send({ content: this.#heldText }, sink);
    const refusal = refusalOf(this.#stopReason, this.#stopDetails);
    if (refusal !== undefined) this.#send({ refusal }, sink);
    if (!this.#started) this.#start(undefined, sink);
    const stopSequence = this.#stopSequence;
    sink.chunk(
      this.#chunk([
        {
          index: 0,
          delta: {},
          finish_reason: finishReasonOf(this.#stopReason, this.#calls > 0),
          ...(typeof stopSequence === "string" && { stop_sequence: stopSequence }),
        },
      ]),
    );
    const usage = chatUsageOf(this.#figures);
    if (usage !== undefined) sink.chunk({ ...this.#chunk([]), usage });
    this.#ended = true;
  }
}

function parsedOr(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}
