// Reads a streamed answer of an OpenAI-compatible service as chunks of the chat form, whatever its dialect. How a choice
// ended is told last, so that nothing that comes behind it is lost. Must not know clients.
import {
  isJsonObject,
  listOf,
  memberOf,
  parseLenientJson,
  type JsonObject,
} from "../../../lib/json-value.ts";
import { invalidJsonError, readErrorEvent } from "../../../protocols/reported-error.ts";
import type { ChatChunk, ChatDelta, ChatUsage, FinishReason, ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import { errorIn, headOf } from "./answer-to-chat.ts";
import { exactEvent } from "./exact-event.ts";
import { failureOf, finishReasonOf, settledReason, stopSequenceOf } from "./finish-reason.ts";
import { spokenIn } from "./spoken-content.ts";
import { ToolCallPieces, type CallMaking } from "./tool-call-pieces.ts";
import { clientToolNames } from "./tool-names.ts";
import { usageToChat } from "./usage-to-chat.ts";

const doneMark = "[DONE]";
const cutShort = { status: 502, message: "The model service ended its answer before it was complete." };

/** One choice of the answer; nearly always there is one. */
interface Choice {
  readonly calls: ToolCallPieces;
  isBegun: boolean;
  hasSaid: boolean;
  finish: FinishReason | undefined;
  sequence: string | undefined;
}

export class OpenaiStream implements ServiceStream {
  readonly #context: TranslationContext;
  readonly #making: CallMaking;
  readonly #choices = new Map<number, Choice>();
  #head: Pick<ChatChunk, "id" | "created" | "model"> | undefined;
  #usage: ChatUsage | undefined;
  #closed = false;

  constructor(chat: ChatRequest, context: TranslationContext) {
    this.#context = context;
    this.#making = { newId: context.newId, nameOf: clientToolNames(chat) };
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    if (this.#closed) return;
    if (name === "error") {
      this.#closed = true;
      sink.fail(readErrorEvent(data));
      return;
    }
    const text = data.toString();
    const chunk = parseLenientJson(text);
    if (isJsonObject(chunk)) {
      this.#read(chunk, text, sink);
    } else if (text.trim() === doneMark) {
      this.#close(sink);
    } else if (chunk === undefined && text.trim() !== "") {
      this.#closed = true;
      sink.fail(invalidJsonError);
    }
  }

  end(sink: ChunkSink): void {
    if (this.#closed) return;
    const isComplete =
      this.#choices.size > 0 && [...this.#choices.values()].every(({ finish }) => finish !== undefined);
    if (isComplete) return this.#close(sink);
    this.#closed = true;
    sink.fail(cutShort);
  }

  #read(chunk: JsonObject, text: string, sink: ChunkSink): void {
    const choices = listOf(chunk, "choices");
    const error = errorIn(chunk) ?? choices.map(failureOf).find((found) => found !== undefined);
    if (error !== undefined) {
      this.#closed = true;
      sink.fail(error);
      return;
    }
    if (chunk["usage"] != null || chunk["x_groq"] != null) this.#usage = usageToChat(chunk) ?? this.#usage;
    if (choices.length === 0) return;
    this.#head ??= headOf(chunk, this.#context);
    for (const choice of exactEvent(choices, text)) if (isJsonObject(choice)) this.#readChoice(choice, sink);
  }

  #readChoice(told: JsonObject, sink: ChunkSink): void {
    const place = memberOf(told, "index");
    const index = typeof place === "number" && Number.isSafeInteger(place) && place >= 0 ? place : 0;
    const choice = this.#choiceAt(index);
    choice.finish = finishReasonOf(told) ?? choice.finish;
    choice.sequence = stopSequenceOf(told) ?? choice.sequence;
    const delta = memberOf(told, "delta") ?? memberOf(told, "message");
    const said = isJsonObject(delta) ? readDelta(delta, choice.calls) : {};
    const logprobs = told["logprobs"];
    const isSaid = Object.keys(said).length > 0;
    if (choice.isBegun && !isSaid && !isJsonObject(logprobs)) return;
    const begun: ChatDelta = choice.isBegun ? said : { role: "assistant", ...said };
    choice.isBegun = true;
    choice.hasSaid ||= isSaid;
    this.#give(index, begun, { finish: null, logprobs: isJsonObject(logprobs) ? logprobs : undefined }, sink);
  }

  #choiceAt(index: number): Choice {
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      const calls = new ToolCallPieces(this.#making);
      choice = { calls, isBegun: false, hasSaid: false, finish: undefined, sequence: undefined };
      this.#choices.set(index, choice);
    }
    return choice;
  }

  /** The end of the answer: how each choice ended, then what it consumed. */
  #close(sink: ChunkSink): void {
    this.#closed = true;
    for (const [index, choice] of this.#choices) {
      const rest = choice.calls.rest();
      // Neither words nor a reason: an empty answer, which must not look like one that has ended well.
      if (choice.finish === undefined && !choice.hasSaid && rest.length === 0) continue;
      const finish = settledReason(choice.finish, choice.calls.hasCalls);
      const delta = rest.length === 0 ? {} : { tool_calls: rest };
      this.#give(index, delta, { finish, sequence: choice.sequence }, sink);
    }
    if (this.#usage === undefined || this.#head === undefined) return;
    sink.chunk({ ...this.#head, object: "chat.completion.chunk", choices: [], usage: this.#usage });
  }

  #give(index: number, delta: ChatDelta, { finish, sequence, logprobs }: Ending, sink: ChunkSink): void {
    if (this.#head === undefined) return;
    const { id, created, model } = this.#head;
    const choice = {
      index,
      delta,
      finish_reason: finish,
      ...(logprobs === undefined ? {} : { logprobs }),
      ...(sequence === undefined ? {} : { stop_sequence: sequence }),
    };
    sink.chunk({ id, object: "chat.completion.chunk", created, model, choices: [choice] });
  }
}

interface Ending {
  readonly finish: FinishReason | null;
  readonly sequence?: string | undefined;
  readonly logprobs?: JsonObject | undefined;
}

function readDelta(delta: JsonObject, pieces: ToolCallPieces): ChatDelta {
  const { content, thoughts, refusal, details, annotations } = spokenIn(delta);
  const calls = callPieces(delta, pieces);
  return {
    ...(thoughts === "" ? {} : { reasoning_content: thoughts }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(content === "" ? {} : { content }),
    ...(refusal === "" ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(annotations.length === 0 ? {} : { annotations }),
  };
}

const noCalls: readonly ToolCallDelta[] = [];

function callPieces(delta: JsonObject, pieces: ToolCallPieces): readonly ToolCallDelta[] {
  const single = delta["function_call"];
  if (isJsonObject(single)) return allRead([{ index: 0, function: single }], pieces);
  const list = delta["tool_calls"];
  return Array.isArray(list) ? allRead(list, pieces) : noCalls;
}

function allRead(list: readonly unknown[], pieces: ToolCallPieces): readonly ToolCallDelta[] {
  return list.map((piece) => pieces.read(piece)).filter((piece) => piece !== undefined);
}
