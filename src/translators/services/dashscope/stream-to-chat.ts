// Turns the events of DashScope's native generation into chat chunks. Must not know connections.
import { countOf, isJsonObject, listOf, parseJson, textOf } from "../../../lib/json-value.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import { dashscopeErrorOf } from "../../../protocols/dashscope-output.ts";
import { invalidJsonError, readErrorEvent } from "../../../protocols/reported-error.ts";
import type { ChatChunk, ChatDelta, ChatUsage, FinishReason } from "../../chat/chat-answer.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import { GrowingText, type StreamManner } from "./growing-text.ts";
import { choicesOf, citationsOf, usageToChat, type OutputChoice } from "./output-to-chat.ts";
import { StreamedCalls } from "./streamed-calls.ts";

export class DashscopeChatStream implements ServiceStream {
  readonly #context: TranslationContext;
  readonly #manner: StreamManner = { manner: "unknown" };
  readonly #choices = new Map<number, StreamedChoice>();
  #id = "";
  #model: string;
  #usage: ChatUsage | undefined;
  #hasCited = false;
  #failed = false;

  constructor(context: TranslationContext) {
    this.#context = context;
    this.#model = context.model;
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    if (this.#failed) return;
    if (name === "error") return this.#fail(sink, readErrorEvent(data));
    const text = data.toString();
    const value = parseJson(text);
    if (!isJsonObject(value)) {
      if (text.trim() !== "" && text.trim() !== "[DONE]") this.#fail(sink, invalidJsonError);
      return;
    }
    const error = dashscopeErrorOf(value);
    if (error !== undefined) return this.#fail(sink, error);
    this.#read(value, sink);
  }

  end(sink: ChunkSink): void {
    if (this.#failed) return;
    const isComplete =
      this.#choices.size > 0 && [...this.#choices.values()].every((choice) => choice.finished);
    if (!isComplete)
      return this.#fail(sink, {
        status: 502,
        message: "The model service broke off in the middle of its answer.",
      });
    if (this.#usage !== undefined) sink.chunk({ ...this.#chunk([]), usage: this.#usage });
  }

  #fail(sink: ChunkSink, error: Parameters<ChunkSink["fail"]>[0]): void {
    this.#failed = true;
    sink.fail(error);
  }

  #read(value: JsonObject, sink: ChunkSink): void {
    if (this.#id === "") this.#id = textOf(value, "request_id") ?? `chatcmpl-${this.#context.newId()}`;
    const output = value["output"];
    const usage = value["usage"];
    const before = this.#usage?.completion_tokens;
    // Each event tells what the whole answer has used so far.
    this.#usage = usageToChat(usage) ?? this.#usage;
    const isGrown = before === undefined ? undefined : before !== countOf(usage, "output_tokens");
    this.#model = textOf(output, "model_name") ?? this.#model;
    const citations = this.#hasCited ? [] : citationsOf(output);
    for (const choice of choicesOf(output)) {
      const streamed = this.#choice(choice.index);
      const delta = streamed.read(choice, isGrown);
      if (delta === undefined) continue;
      const cited = citations.length > 0 && !this.#hasCited;
      if (cited) this.#hasCited = true;
      sink.chunk(
        this.#chunk([
          {
            index: choice.index,
            delta: cited ? { ...delta, annotations: citations } : delta,
            finish_reason: streamed.reason,
            ...(choice.logprobs === undefined ? {} : { logprobs: choice.logprobs }),
          },
        ]),
      );
    }
  }

  #choice(index: number): StreamedChoice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const made = new StreamedChoice(this.#manner, this.#context);
    this.#choices.set(index, made);
    return made;
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
}

class StreamedChoice {
  finished = false;
  /** Of the chunk read last. */
  reason: FinishReason | null = null;
  readonly #content: GrowingText;
  readonly #reasoning: GrowingText;
  readonly #calls: StreamedCalls;
  #started = false;

  constructor(manner: StreamManner, context: TranslationContext) {
    this.#content = new GrowingText(manner);
    this.#reasoning = new GrowingText(manner);
    this.#calls = new StreamedCalls(manner, context);
  }

  /** Undefined when the event says nothing new of this choice. */
  read({ message, text, finish }: OutputChoice, isGrown: boolean | undefined): ChatDelta | undefined {
    if (this.finished) return undefined;
    const isLast = finish !== undefined;
    const reasoning = this.#reasoning.next(textOf(message, "reasoning_content") ?? "", isGrown, isLast);
    const content = this.#content.next(text, isGrown, isLast);
    const calls = this.#calls.next(listOf(message, "tool_calls"), isGrown, isLast);
    if (isLast) this.#finish(finish);
    if (!isLast && this.#started && reasoning === "" && content === "" && calls.length === 0)
      return undefined;
    const role = this.#started ? {} : ({ role: "assistant" } as const);
    this.#started = true;
    return {
      ...role,
      ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
      ...(content === "" ? {} : { content }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  }

  #finish(finish: FinishReason): void {
    this.finished = true;
    // Some models say `stop` although they call a tool.
    this.reason = finish === "stop" && this.#calls.any ? "tool_calls" : finish;
  }
}
