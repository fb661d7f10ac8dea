// Puts the chunks of a streamed answer together, as a client's library would. Must not know who made them.
import type { JsonObject } from "../../lib/json-value.ts";
import type {
  ChatAnswer,
  ChatChoice,
  ChatChunk,
  ChatChunkChoice,
  ChatDelta,
  ChatUsage,
  FinishReason,
  ToolCallDelta,
} from "./chat-answer.ts";
import type { ReasoningDetail, ToolCall } from "./chat-request.ts";

interface OpenCall {
  id: string;
  name: string;
  arguments: string;
  extra: ToolCall["extra_content"];
}

/** One choice while it grows. */
class GatheredChoice {
  content: string | null = null;
  refusal: string | null = null;
  reasoning: string | undefined;
  finish: FinishReason | null = null;
  stopSequence: string | null | undefined;
  readonly calls = new Map<number, OpenCall>();
  readonly details = new Map<number, ReasoningDetail>();
  readonly annotations: JsonObject[] = [];
  readonly serverBlocks: NonNullable<ChatDelta["server_blocks"]>[number][] = [];
  logprobs: Record<string, unknown[]> | undefined;

  add({ delta, finish_reason: finish, logprobs, stop_sequence: stopSequence }: ChatChunkChoice): void {
    this.#addDelta(delta);
    if (finish !== null) this.finish = finish;
    if (stopSequence !== undefined) this.stopSequence = stopSequence;
    for (const [name, list] of Object.entries(logprobs ?? {})) {
      if (!Array.isArray(list)) continue;
      this.logprobs ??= {};
      (this.logprobs[name] ??= []).push(...list);
    }
  }

  #addDelta(delta: ChatDelta): void {
    if (delta.content !== undefined) this.content = (this.content ?? "") + delta.content;
    if (delta.refusal !== undefined) this.refusal = (this.refusal ?? "") + delta.refusal;
    if (delta.reasoning_content !== undefined)
      this.reasoning = (this.reasoning ?? "") + delta.reasoning_content;
    for (const call of delta.tool_calls ?? []) this.#addCall(call);
    for (const detail of delta.reasoning_details ?? []) joinDetail(this.details, detail);
    for (const annotation of delta.annotations ?? []) this.annotations.push(annotation);
    for (const block of delta.server_blocks ?? []) this.serverBlocks.push(block);
  }

  #addCall({ index, id, function: piece, extra_content: extra }: ToolCallDelta): void {
    let call = this.calls.get(index);
    if (call === undefined) {
      call = { id: "", name: "", arguments: "", extra: undefined };
      this.calls.set(index, call);
    }
    if (id !== undefined && id !== "") call.id = id;
    if (piece?.name !== undefined && piece.name !== "") call.name = piece.name;
    call.arguments += piece?.arguments ?? "";
    call.extra = extra ?? call.extra;
  }

  get toolCalls(): ToolCall[] {
    return [...this.calls.entries()]
      .toSorted(([left], [right]) => left - right)
      .map(([, { id, name, arguments: text, extra }]) => ({
        id,
        type: "function",
        function: { name, arguments: text },
        ...(extra === undefined ? {} : { extra_content: extra }),
      }));
  }

  get reasoningDetails(): ReasoningDetail[] {
    return [...this.details.values()].toSorted((left, right) => left.index - right.index);
  }

  choice(index: number): ChatChoice {
    const calls = this.toolCalls;
    const details = this.reasoningDetails;
    return {
      index,
      message: {
        role: "assistant",
        content: this.content,
        ...(this.refusal === null ? {} : { refusal: this.refusal }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
        ...(this.reasoning === undefined ? {} : { reasoning_content: this.reasoning }),
        ...(details.length === 0 ? {} : { reasoning_details: details }),
        ...(this.annotations.length === 0 ? {} : { annotations: this.annotations }),
        ...(this.serverBlocks.length === 0 ? {} : { server_blocks: this.serverBlocks }),
      },
      finish_reason: this.finish ?? (calls.length > 0 ? "tool_calls" : "stop"),
      ...(this.logprobs === undefined ? {} : { logprobs: this.logprobs }),
      ...(this.stopSequence === undefined ? {} : { stop_sequence: this.stopSequence }),
    };
  }
}

/** Pieces with one index join: `text` is appended, the rest replaced. */
export function joinDetail(details: Map<number, ReasoningDetail>, piece: ReasoningDetail): void {
  const known = details.get(piece.index);
  const text = (known?.text ?? "") + (piece.text ?? "");
  const hasText = known?.text !== undefined || piece.text !== undefined;
  details.set(piece.index, { ...known, ...piece, ...(hasText ? { text } : {}) });
}

/** The whole answer that a stream of chunks says. */
export class GatheredAnswer {
  readonly #choices = new Map<number, GatheredChoice>();
  #first: ChatChunk | undefined;
  #usage: ChatUsage | undefined;

  add(chunk: ChatChunk): void {
    this.#first ??= chunk;
    if (chunk.usage !== undefined) this.#usage = chunk.usage;
    for (const choice of chunk.choices) {
      let gathered = this.#choices.get(choice.index);
      if (gathered === undefined) {
        gathered = new GatheredChoice();
        this.#choices.set(choice.index, gathered);
      }
      gathered.add(choice);
    }
  }

  /** Undefined before the first chunk. */
  get answer(): ChatAnswer | undefined {
    if (this.#first === undefined) return undefined;
    const { id, created, model } = this.#first;
    const choices = [...this.#choices].toSorted(([left], [right]) => left - right);
    return {
      id,
      object: "chat.completion",
      created,
      model,
      choices: choices.map(([index, gathered]) => gathered.choice(index)),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
    };
  }
}
