// A streamed answer of the Responses protocol as chunks of a chat completion. Items are told apart by their place alone:
// some services change ids between events, leave deltas out, or tell everything at the end. Must not know clients.
import {
  countOf,
  isJsonObject,
  listOf,
  memberOf,
  parseJson,
  textOf,
  type JsonObject,
} from "../../../lib/json-value.ts";
import { openaiStatus } from "../../../protocols/openai-stream.ts";
import { invalidJsonError, isErrorValue, readErrorEvent } from "../../../protocols/reported-error.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatChunk, ChatDelta } from "../../chat/chat-answer.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import {
  annotationOf,
  argumentsOf,
  chatUsageOf,
  failureOf,
  finishReasonOf,
  isCall,
  thinkingOf,
} from "./meaning-of-response.ts";

/** What was told of an item so far. */
interface SeenItem {
  readonly kind: "message" | "reasoning" | "call" | "server";
  /** Of blocks of the chat form: see `reasoning_details[].index`. -1 until it says something. */
  place: number;
  /** Of a call, among all calls; -1 until it was begun. */
  callIndex: number;
  /** Characters of arguments or of thinking. */
  told: number;
  /** Characters of each part of a message. */
  readonly parts: Map<number, { told: number; readonly from: number }>;
  done: boolean;
}

export class ResponsesToChat implements ServiceStream {
  readonly #context: TranslationContext;
  readonly #items = new Map<number, SeenItem>();
  #id = "";
  #model: string;
  #created: number;
  #started = false;
  #ended = false;
  #place = 0;
  #calls = 0;
  #textLength = 0;

  constructor(context: TranslationContext) {
    this.#context = context;
    this.#model = context.model;
    this.#created = context.nowSeconds;
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    if (this.#ended) return;
    const text = data.toString();
    const value = parseJson(text);
    if (!isJsonObject(value)) {
      // Some services end as chat completions do.
      const isCalm = value !== undefined || text.trim() === "" || text.trim() === "[DONE]";
      if (!isCalm || name === "error")
        this.#fail(name === "error" ? readErrorEvent(data) : invalidJsonError, sink);
      return;
    }
    const type = textOf(value, "type") ?? name;
    if (type === "error" || isErrorValue(value["error"])) this.#fail(readErrorEvent(data), sink);
    else this.#read(type, value, sink);
  }

  end(sink: ChunkSink): void {
    if (this.#ended) return;
    this.#fail(
      { status: 502, message: "The answer of the model service ended before it was complete." },
      sink,
    );
  }

  #fail(error: ReportedError, sink: ChunkSink): void {
    this.#ended = true;
    sink.fail({ ...error, status: openaiStatus(error.status) });
  }

  #read(type: string, event: JsonObject, sink: ChunkSink): void {
    switch (type) {
      case "response.output_text.delta":
        return this.#text(event, memberOf(event, "delta"), sink);
      case "response.function_call_arguments.delta":
        return this.#arguments(event, sink);
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        return this.#thinking(this.#item(event, "reasoning"), memberOf(event, "delta"), sink);
      case "response.reasoning_summary_part.added":
        return this.#nextSummary(event, sink);
      case "response.refusal.delta":
        return this.#refusal(event, memberOf(event, "delta"), sink);
      case "response.output_text.annotation.added":
        return this.#annotation(event, sink);
      case "response.output_text.done":
        return this.#restOfText(event, memberOf(event, "text"), sink);
      case "response.refusal.done":
        return this.#restOfRefusal(event, sink);
      case "response.function_call_arguments.done":
        return this.#restOfArguments(this.#item(event, "call"), memberOf(event, "arguments"), sink);
      case "response.output_item.added":
        return this.#added(event, sink);
      case "response.output_item.done":
        return this.#done(event, memberOf(event, "item"), sink);
      case "response.created":
      case "response.in_progress":
      case "response.queued":
        return this.#start(memberOf(event, "response"), sink);
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        return this.#finish(memberOf(event, "response"), sink);
      default:
        // Ends of parts say nothing new; tools of the service stand in their items; events to come.
        return undefined;
    }
  }

  #start(response: unknown, sink: ChunkSink): void {
    if (this.#started) return;
    this.#started = true;
    this.#id = textOf(response, "id") ?? `resp_${this.#context.newId()}`;
    this.#model = textOf(response, "model") ?? this.#model;
    this.#created = countOf(response, "created_at") ?? this.#created;
    this.#send({ role: "assistant" }, sink);
  }

  #chunk(choices: ChatChunk["choices"]): ChatChunk {
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#created,
      model: this.#model,
      choices,
    };
  }

  #send(delta: ChatDelta, sink: ChunkSink, logprobs?: JsonObject): void {
    if (!this.#started) this.#start(undefined, sink);
    const choice = { index: 0, delta, finish_reason: null, ...(logprobs === undefined ? {} : { logprobs }) };
    sink.chunk(this.#chunk([choice]));
  }

  /** By place: ids may change. Services that leave places out write one item at a time. */
  #item(event: JsonObject, kind: SeenItem["kind"]): SeenItem {
    const at = countOf(event, "output_index") ?? Math.max(0, this.#items.size - 1);
    let item = this.#items.get(at);
    if (item === undefined) {
      item = { kind, place: -1, callIndex: -1, told: 0, parts: new Map(), done: false };
      this.#items.set(at, item);
    }
    return item;
  }

  #part(item: SeenItem, event: JsonObject): { told: number; readonly from: number } {
    const at = countOf(event, "content_index") ?? 0;
    let part = item.parts.get(at);
    if (part === undefined) {
      part = { told: 0, from: this.#textLength };
      item.parts.set(at, part);
    }
    return part;
  }

  #text(event: JsonObject, text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text === "") return;
    this.#part(this.#item(event, "message"), event).told += text.length;
    if (this.#textLength === 0) this.#place += 1;
    this.#textLength += text.length;
    const logprobs = listOf(event, "logprobs");
    this.#send({ content: text }, sink, logprobs.length === 0 ? undefined : { content: logprobs });
  }

  #restOfText(event: JsonObject, text: unknown, sink: ChunkSink): void {
    const { told } = this.#part(this.#item(event, "message"), event);
    if (typeof text === "string" && text.length > told) this.#text(event, text.slice(told), sink);
  }

  #refusal(event: JsonObject, text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text === "") return;
    this.#part(this.#item(event, "message"), event).told += text.length;
    this.#send({ refusal: text }, sink);
  }

  #restOfRefusal(event: JsonObject, sink: ChunkSink): void {
    const text = memberOf(event, "refusal");
    const { told } = this.#part(this.#item(event, "message"), event);
    if (typeof text === "string" && text.length > told) this.#refusal(event, text.slice(told), sink);
  }

  #annotation(event: JsonObject, sink: ChunkSink): void {
    const { from } = this.#part(this.#item(event, "message"), event);
    const annotation = annotationOf(memberOf(event, "annotation"), from);
    if (annotation !== undefined) this.#send({ annotations: [annotation] }, sink);
  }

  #placeOf(item: SeenItem): number {
    if (item.place === -1) {
      item.place = this.#place;
      this.#place += 1;
    }
    return item.place;
  }

  #thinking(item: SeenItem, text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text === "") return;
    item.told += text.length;
    const detail = { type: "thinking", index: this.#placeOf(item), text, format: "responses" } as const;
    this.#send({ reasoning_content: text, reasoning_details: [detail] }, sink);
  }

  /** A summary is of several paragraphs. */
  #nextSummary(event: JsonObject, sink: ChunkSink): void {
    const item = this.#item(event, "reasoning");
    if (item.told > 0) this.#thinking(item, "\n\n", sink);
  }

  #added(event: JsonObject, sink: ChunkSink): void {
    const added = memberOf(event, "item");
    const type = textOf(added, "type") ?? "";
    if (type === "message") this.#item(event, "message");
    else if (type === "reasoning") this.#item(event, "reasoning");
    else if (isCall(added)) this.#beginCall(this.#item(event, "call"), added, sink);
    else this.#item(event, "server");
  }

  #beginCall(item: SeenItem, call: unknown, sink: ChunkSink): void {
    if (item.callIndex !== -1) return;
    this.#placeOf(item);
    item.callIndex = this.#calls;
    this.#calls += 1;
    const id = textOf(call, "call_id") ?? textOf(call, "id") ?? `call_${this.#context.newId()}`;
    const made = { name: textOf(call, "name") ?? "", arguments: "" };
    this.#send({ tool_calls: [{ index: item.callIndex, id, type: "function", function: made }] }, sink);
  }

  #arguments(event: JsonObject, sink: ChunkSink): void {
    const text = memberOf(event, "delta");
    const item = this.#item(event, "call");
    if (typeof text !== "string" || text === "" || item.callIndex === -1) return;
    item.told += text.length;
    this.#send({ tool_calls: [{ index: item.callIndex, function: { arguments: text } }] }, sink);
  }

  #restOfArguments(item: SeenItem, text: unknown, sink: ChunkSink): void {
    if (typeof text !== "string" || text.length <= item.told || item.callIndex === -1) return;
    const rest = text.slice(item.told);
    item.told = text.length;
    this.#send({ tool_calls: [{ index: item.callIndex, function: { arguments: rest } }] }, sink);
  }

  /** The whole item: what its events left out is told now. */
  #done(event: JsonObject, done: unknown, sink: ChunkSink): void {
    if (!isJsonObject(done)) return;
    if (done["type"] === "message") this.#messageDone(event, done, sink);
    else if (done["type"] === "reasoning") this.#reasoningDone(this.#item(event, "reasoning"), done, sink);
    else if (isCall(done)) this.#callDone(this.#item(event, "call"), done, sink);
    else this.#serverDone(this.#item(event, "server"), done, sink);
  }

  #messageDone(event: JsonObject, message: JsonObject, sink: ChunkSink): void {
    const item = this.#item(event, "message");
    if (item.done) return;
    item.done = true;
    for (const [index, part] of listOf(message, "content").entries()) {
      const place = { output_index: event["output_index"], content_index: index };
      const isNew = !item.parts.has(index);
      if (memberOf(part, "type") === "refusal")
        this.#restOfRefusal({ ...place, refusal: memberOf(part, "refusal") }, sink);
      else this.#restOfText({ ...place, logprobs: memberOf(part, "logprobs") }, memberOf(part, "text"), sink);
      if (isNew)
        for (const annotation of listOf(part, "annotations"))
          this.#annotation({ ...place, annotation }, sink);
    }
  }

  #reasoningDone(item: SeenItem, reasoning: JsonObject, sink: ChunkSink): void {
    if (item.done) return;
    item.done = true;
    if (item.told === 0) this.#thinking(item, thinkingOf(reasoning), sink);
    const data = textOf(reasoning, "encrypted_content");
    if (item.place === -1 && data === undefined) return;
    const id = textOf(reasoning, "id");
    const detail = {
      type: "thinking",
      index: this.#placeOf(item),
      ...(data === undefined ? {} : { data }),
      ...(id === undefined ? {} : { id }),
      format: "responses",
    } as const;
    this.#send({ reasoning_details: [detail] }, sink);
  }

  #callDone(item: SeenItem, call: JsonObject, sink: ChunkSink): void {
    if (item.done) return;
    item.done = true;
    this.#beginCall(item, call, sink);
    this.#restOfArguments(item, argumentsOf(call) || "{}", sink);
  }

  #serverDone(item: SeenItem, block: JsonObject, sink: ChunkSink): void {
    if (item.done) return;
    item.done = true;
    this.#send({ server_blocks: [{ index: this.#placeOf(item), format: "responses", block }] }, sink);
  }

  #finish(response: unknown, sink: ChunkSink): void {
    const failure = failureOf(response);
    if (failure !== undefined) return this.#fail(failure, sink);
    this.#start(response, sink);
    // What was told item by item is not told again, even where the places of the whole answer differ.
    const toldNothing = this.#items.size === 0;
    for (const [index, item] of listOf(response, "output").entries())
      if (toldNothing || this.#items.get(index)?.done === false)
        this.#done({ output_index: index }, item, sink);
    this.#ended = true;
    const finish = finishReasonOf(response, this.#calls > 0);
    sink.chunk(this.#chunk([{ index: 0, delta: {}, finish_reason: finish }]));
    const usage = chatUsageOf(memberOf(response, "usage"));
    if (usage !== undefined) sink.chunk({ ...this.#chunk([]), usage });
  }
}
