// A streamed answer of Gemini's in chat form, event by event. Must not know how the events were found.
import { numberIn, parseExactJson } from "../../../lib/exact-json.ts";
import {
  isJsonObject,
  listOf,
  memberOf,
  parseJson,
  textOf,
  type JsonObject,
} from "../../../lib/json-value.ts";
import {
  invalidJsonError,
  isErrorValue,
  readError,
  readErrorEvent,
} from "../../../protocols/reported-error.ts";
import type { ChatChunk, ChatChunkChoice, ChatDelta, ChatUsage } from "../../chat/chat-answer.ts";
import type { ChunkSink, ServiceStream, TranslationContext } from "../../translation.ts";
import { blockOf, failedEnd, headOf } from "./answer-to-chat.ts";
import { AnswerParts, type SaidPart } from "./answer-parts.ts";
import { finishReasonOf, isFailedEnd } from "./finish-reason.ts";
import { annotationsOf } from "./grounding.ts";
import { logprobsOf } from "./logprobs.ts";
import { usageToChat } from "./usage-to-chat.ts";

/** One candidate of the answer. */
interface Candidate {
  readonly index: number;
  readonly parts: AnswerParts;
  /** For the places of what is cited. */
  text: string;
  /** The last one that was told: some models tell one with every event. */
  reason: string | undefined;
  /** What the last event says, for the message of an end that is an error. */
  last: unknown;
  begun: boolean;
}

const incomplete = { status: 502, message: "The model's answer ended before it was complete." };

export class GeminiToChatStream implements ServiceStream {
  readonly #context: TranslationContext;
  readonly #candidates = new Map<number, Candidate>();
  #head: Omit<ChatChunk, "choices" | "usage"> | undefined;
  /** Cumulative, and it may change between events: the last figures count. */
  #usage: ChatUsage | undefined;
  #blocked: ChatChunkChoice | undefined;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  event(name: string, data: Buffer, sink: ChunkSink): void {
    if (name === "error") return sink.fail(readErrorEvent(data));
    const text = data.toString();
    const event = parseEvent(text);
    if (!isJsonObject(event)) {
      if (event === undefined && text.trim() !== "" && text.trim() !== "[DONE]") sink.fail(invalidJsonError);
      return;
    }
    const error = memberOf(event, "error");
    if (isErrorValue(error)) return sink.fail(readError(error));
    this.#head ??= { ...headOf(event, this.#context), object: "chat.completion.chunk" };
    this.#usage = usageToChat(memberOf(event, "usageMetadata")) ?? this.#usage;
    this.#noteBlock(event);
    try {
      for (const [at, candidate] of listOf(event, "candidates").entries()) this.#read(candidate, at, sink);
    } catch (failure) {
      // Only unreadable arguments throw.
      if (!(failure instanceof TypeError)) throw failure;
      sink.fail({ status: 502, message: failure.message });
    }
  }

  end(sink: ChunkSink): void {
    const candidates = [...this.#candidates.values()];
    if (candidates.length === 0 && this.#blocked !== undefined) this.#send(this.#blocked, sink);
    else if (candidates.length === 0 || candidates.some(({ reason }) => reason === undefined)) {
      return sink.fail(incomplete);
    }
    for (const candidate of candidates) {
      const { reason = "STOP", parts, last } = candidate;
      if (isFailedEnd(reason) && !parts.spoke) return sink.fail(failedEnd(reason, last));
      const rest = parts.finish();
      if (rest.length > 0) this.#send(choiceOf(candidate, { tool_calls: rest }), sink);
      this.#send({ ...choiceOf(candidate, {}), finish_reason: finishReasonOf(reason, parts.called) }, sink);
    }
    if (this.#usage !== undefined && this.#head !== undefined)
      sink.chunk({ ...this.#head, choices: [], usage: this.#usage });
  }

  #noteBlock(event: JsonObject): void {
    const blocked = blockOf(event);
    if (blocked === undefined) return;
    const { refusal } = blocked.message;
    this.#blocked = {
      index: 0,
      delta: { role: "assistant", content: "", ...(typeof refusal === "string" && { refusal }) },
      finish_reason: blocked.finish_reason,
    };
  }

  #read(value: unknown, at: number, sink: ChunkSink): void {
    const candidate = this.#candidateOf(numberIn(memberOf(value, "index")) ?? at);
    candidate.reason = textOf(value, "finishReason") ?? candidate.reason;
    candidate.last = value;
    for (const part of listOf(memberOf(value, "content"), "parts")) {
      const said = candidate.parts.read(part);
      candidate.text += said.text ?? "";
      const delta = deltaOf(said);
      if (delta !== undefined) this.#send(choiceOf(candidate, delta), sink);
    }
    const annotations = annotationsOf(value, candidate.text);
    if (annotations.length > 0) this.#send(choiceOf(candidate, { annotations }), sink);
    const logprobs = logprobsOf(memberOf(value, "logprobsResult"));
    if (logprobs !== undefined) this.#send({ ...choiceOf(candidate, {}), logprobs }, sink);
  }

  #candidateOf(index: number): Candidate {
    const known = this.#candidates.get(index);
    if (known !== undefined) return known;
    const parts = new AnswerParts(this.#context.newId);
    const made = { index, parts, text: "", reason: undefined, last: undefined, begun: false };
    this.#candidates.set(index, made);
    return made;
  }

  #send(choice: ChatChunkChoice, sink: ChunkSink): void {
    if (this.#head !== undefined) sink.chunk({ ...this.#head, choices: [choice] });
  }
}

/** Only arguments of functions hold numbers whose digits matter. */
function parseEvent(text: string): unknown {
  if (!text.includes('"functionCall"')) return parseJson(text);
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function deltaOf({ text, detail, calls, annotation, serverBlock }: SaidPart): ChatDelta | undefined {
  const hasCalls = calls !== undefined && calls.length > 0;
  if (text === undefined && detail === undefined && !hasCalls && annotation === undefined && !serverBlock)
    return undefined;
  return {
    ...(detail?.text && { reasoning_content: detail.text }),
    ...(detail !== undefined && { reasoning_details: [detail] }),
    ...(text !== undefined && { content: text }),
    ...(hasCalls && { tool_calls: calls }),
    ...(annotation !== undefined && { annotations: [annotation] }),
    ...(serverBlock !== undefined && { server_blocks: [serverBlock] }),
  };
}

function choiceOf(candidate: Candidate, delta: ChatDelta): ChatChunkChoice {
  const isFirst = !candidate.begun;
  candidate.begun = true;
  return {
    index: candidate.index,
    delta: isFirst ? { role: "assistant", ...delta } : delta,
    finish_reason: null,
  };
}
