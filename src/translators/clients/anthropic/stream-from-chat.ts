// Writes a streamed answer as Anthropic events: one message_start, blocks one after the other, each opened with its type
// and closed, usage held back until it is known. Must not know services.
import { anthropicWire } from "../../../protocols/anthropic.ts";
import type { ErrorView } from "../../../protocols/wire.ts";
import type { ChatChunk, ChatDelta, ChatUsage, FinishReason, ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import type { ClientStream, TranslationContext } from "../../translation.ts";
import { messageId, redactedData, stopReasonOf, usageOf } from "./answer-from-chat.ts";
import { citationsOf } from "./citations.ts";
import { JsonEnd } from "../../chat/json-end.ts";
import { packSignature } from "./thinking-signature.ts";
import { toToolUseId } from "./tool-use-id.ts";

/** A call that waits until those before it are closed, or is being written. */
interface Call {
  readonly id: string;
  readonly name: string;
  /** What was not written yet. */
  waiting: string;
  readonly end: JsonEnd;
}

/** A block of thinking that is open, with the state that came for it. */
interface Thinking {
  readonly index: number | undefined;
  state: ReasoningDetail | undefined;
}

type Open =
  | { readonly kind: "text" }
  | { readonly kind: "thinking"; readonly thinking: Thinking }
  | { readonly kind: "call"; readonly call: Call };

export class AnthropicStream implements ClientStream {
  readonly #context: TranslationContext;
  #started = false;
  #index = -1;
  #open: Open | undefined;
  /** Calls by their place in the turn; a written one is let go. */
  readonly #calls = new Map<number, Call>();
  #nextCall = 0;
  #hasCalls = false;
  /** Words and thoughts that came while a call was not complete: they are said behind it. */
  readonly #late: ChatDelta[] = [];
  #finish: FinishReason | undefined;
  #sequence: string | null = null;
  #usage: ChatUsage | undefined;
  #ended = false;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  chunk({ model, choices, usage }: ChatChunk): string {
    if (this.#ended) return "";
    let text = this.#started ? "" : this.#start(model);
    for (const { index, delta, finish_reason: finish, stop_sequence: sequence } of choices) {
      if (index !== 0) continue;
      text += this.#delta(delta);
      this.#finish = finish ?? this.#finish;
      this.#sequence = sequence ?? this.#sequence;
    }
    if (usage === undefined) return text;
    this.#usage = usage;
    return this.#finish === undefined ? text : text + this.end();
  }

  end(): string {
    if (this.#ended) return "";
    this.#ended = true;
    const text = this.#started ? this.#closeAll() : this.#start("");
    // Nothing was said, and not why: an empty answer, which must not look like one that is none.
    const told = this.#finish === undefined && this.#index === -1 ? "" : this.#messageDelta();
    return `${text}${told}event: message_stop\ndata: {"type":"message_stop"}\n\n`;
  }

  fail(error: ErrorView): string {
    if (this.#ended) return "";
    this.#ended = true;
    return anthropicWire.streamError(error);
  }

  #start(model: string): string {
    this.#started = true;
    const message = {
      id: messageId(this.#context),
      type: "message",
      role: "assistant",
      model: model === "" ? this.#context.model : model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: usageOf(undefined),
    };
    return event("message_start", { type: "message_start", message });
  }

  #messageDelta(): string {
    const finish = this.#finish ?? "stop";
    const reason = stopReasonOf(finish, this.#hasCalls, this.#sequence);
    const delta = {
      stop_reason: reason,
      stop_sequence: reason === "stop_sequence" ? this.#sequence : null,
    };
    return event("message_delta", { type: "message_delta", delta, usage: usageOf(this.#usage) });
  }

  #delta(delta: ChatDelta): string {
    let text = this.#late.length > 0 && !this.#callPending() ? this.#sayLate() : "";
    text += this.#thoughts(delta);
    if (delta.content !== undefined && delta.content !== "") text += this.#words(delta.content);
    if (typeof delta.refusal === "string" && delta.refusal !== "") text += this.#words(delta.refusal);
    if (delta.server_blocks !== undefined) text += this.#serverBlocks(delta.server_blocks);
    if (delta.annotations !== undefined) text += this.#citations(delta);
    if (delta.tool_calls !== undefined) for (const piece of delta.tool_calls) text += this.#piece(piece);
    return text;
  }

  /** Details say everything where they hold texts; else the plain text counts, and details are its state. */
  #thoughts({ reasoning_details: details, reasoning_content: plain }: ChatDelta): string {
    const hasTexts = details?.some(({ text }) => text !== undefined && text !== "") ?? false;
    let text = hasTexts || plain === undefined || plain === "" ? "" : this.#thought(plain, undefined);
    if (details !== undefined) for (const detail of details) text += this.#detail(detail);
    return text;
  }

  #detail(detail: ReasoningDetail): string {
    if (this.#callPending()) return this.#later({ reasoning_details: [detail] });
    if (detail.type === "redacted_thinking") {
      const block = JSON.stringify({ type: detail.type, data: redactedData(detail) });
      return this.#close() + this.#begin(block) + this.#stop();
    }
    const text = this.#thought(detail.text ?? "", detail.index);
    const open = this.#open;
    const hasState = detail.signature !== undefined || detail.data !== undefined || detail.id !== undefined;
    if (hasState && open?.kind === "thinking") {
      open.thinking.state = { ...open.thinking.state, ...detail };
    }
    return text;
  }

  #thought(text: string, index: number | undefined): string {
    if (this.#callPending()) return this.#later({ reasoning_content: text });
    const open = this.#open;
    const isSame =
      open?.kind === "thinking" &&
      (index === undefined || open.thinking.index === undefined || open.thinking.index === index);
    let events = "";
    if (!isSame) {
      events = this.#close() + this.#begin('{"type":"thinking","thinking":"","signature":""}');
      this.#open = { kind: "thinking", thinking: { index, state: undefined } };
    }
    return text === "" ? events : events + this.#deltaEvent("thinking_delta", "thinking", text);
  }

  #words(text: string): string {
    if (this.#callPending()) return this.#later({ content: text });
    const opened = this.#openText();
    return opened + this.#deltaEvent("text_delta", "text", text);
  }

  #openText(): string {
    if (this.#open?.kind === "text") return "";
    const events = this.#close() + this.#begin('{"type":"text","text":""}');
    this.#open = { kind: "text" };
    return events;
  }

  /** Only Anthropic's own mean anything to its clients. */
  #serverBlocks(blocks: NonNullable<ChatDelta["server_blocks"]>): string {
    if (this.#callPending()) return this.#later({ server_blocks: blocks });
    let text = "";
    for (const { format, block } of blocks)
      if (format === "anthropic") text += this.#close() + this.#begin(JSON.stringify(block)) + this.#stop();
    return text;
  }

  #citations({ annotations }: ChatDelta): string {
    if (this.#open?.kind !== "text") return "";
    return citationsOf(annotations, "")
      .map((citation) =>
        event("content_block_delta", {
          type: "content_block_delta",
          index: this.#index,
          delta: { type: "citations_delta", citation },
        }),
      )
      .join("");
  }

  #later(delta: ChatDelta): string {
    this.#late.push(delta);
    return "";
  }

  /** A call has begun and is not complete, or another waits for its turn. */
  #callPending(): boolean {
    if (this.#calls.size > 0) return true;
    return this.#open?.kind === "call" && !this.#open.call.end.reached;
  }

  #piece({ index, id, function: called }: ToolCallDelta): string {
    const open = this.#open?.kind === "call" ? this.#open.call : undefined;
    const isOpen = open !== undefined && index === this.#nextCall - 1;
    let call = isOpen ? open : this.#calls.get(index);
    if (call === undefined) {
      // Closed already: what follows a complete JSON text is nothing.
      if (index < this.#nextCall) return "";
      call = { id: id ?? "", name: called?.name ?? "", waiting: "", end: new JsonEnd() };
      this.#calls.set(index, call);
      this.#hasCalls = true;
    }
    const piece = called?.arguments ?? "";
    call.end.feed(piece);
    if (!isOpen) call.waiting += piece;
    const text = isOpen && piece !== "" ? this.#deltaEvent("input_json_delta", "partial_json", piece) : "";
    return text + this.#advance();
  }

  /** Opens the next call once the one before it is complete. */
  #advance(): string {
    let text = "";
    while (this.#calls.size > 0 && !(this.#open?.kind === "call" && !this.#open.call.end.reached)) {
      const next = this.#calls.get(this.#nextCall);
      if (next === undefined) break;
      text += this.#openCall(next);
    }
    return text;
  }

  #openCall(call: Call): string {
    this.#calls.delete(this.#nextCall);
    this.#nextCall += 1;
    const id = JSON.stringify(toToolUseId(call.id));
    const name = JSON.stringify(call.name);
    const block = `{"type":"tool_use","id":${id},"name":${name},"input":{}}`;
    const text = this.#close() + this.#begin(block);
    this.#open = { kind: "call", call };
    const { waiting } = call;
    call.waiting = "";
    return waiting === "" ? text : text + this.#deltaEvent("input_json_delta", "partial_json", waiting);
  }

  /** Calls that still wait, in their order, and what came behind them. */
  #closeAll(): string {
    let text = "";
    for (const index of [...this.#calls.keys()].toSorted((left, right) => left - right)) {
      const call = this.#calls.get(index);
      if (call === undefined) continue;
      this.#nextCall = index;
      text += this.#openCall(call);
    }
    text += this.#close();
    return text + this.#sayLate() + this.#close();
  }

  #sayLate(): string {
    let text = "";
    for (const late of this.#late.splice(0)) text += this.#delta(late);
    return text;
  }

  #begin(block: string): string {
    this.#index += 1;
    return `event: content_block_start\ndata: {"type":"content_block_start","index":${this.#index},"content_block":${block}}\n\n`;
  }

  #close(): string {
    const open = this.#open;
    if (open === undefined) return "";
    const state = open.kind === "thinking" ? open.thinking.state : undefined;
    const signature = state === undefined ? "" : packSignature(state);
    const signed = signature === "" ? "" : this.#deltaEvent("signature_delta", "signature", signature);
    return signed + this.#stop();
  }

  #stop(): string {
    this.#open = undefined;
    return `event: content_block_stop\ndata: {"type":"content_block_stop","index":${this.#index}}\n\n`;
  }

  #deltaEvent(type: string, member: string, text: string): string {
    return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.#index},"delta":{"type":"${type}","${member}":${JSON.stringify(text)}}}\n\n`;
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
