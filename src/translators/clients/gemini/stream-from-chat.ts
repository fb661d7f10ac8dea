// Writes chunks of the chat form as Gemini's stream: events, or one JSON list where the client asked for none. Must not
// know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import { geminiWire } from "../../../protocols/gemini.ts";
import type { ErrorView } from "../../../protocols/wire.ts";
import type { ChatChunk, ChatChunkChoice, FinishReason, ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ToolCall } from "../../chat/chat-request.ts";
import type { ClientRequest, ClientStream } from "../../translation.ts";
import { callPart, finishReasonOf, groundingOf, logprobsOf, usageMetadataOf } from "./answer-from-chat.ts";
import { wantsThoughts } from "./generation-to-chat.ts";
import { spelled } from "./spelling.ts";

/** Gemini gives calls whole: they are collected until the choice ends. */
interface OpenCall {
  id: string;
  name: string;
  text: string;
  extra: ToolCall["extra_content"];
}

interface Ended {
  readonly index: number;
  readonly finish: FinishReason;
}

/** Whether a stream is asked for as events; else it is one JSON list. */
export function asksForEvents({ query = "" }: ClientRequest): boolean {
  return new URLSearchParams(query).get("alt") === "sse";
}

export class GeminiClientStream implements ClientStream {
  readonly #showsThoughts: boolean;
  readonly #events: boolean;
  readonly #calls = new Map<number, Map<number, OpenCall>>();
  /** Ends are told last, together with the usage. */
  readonly #ended: Ended[] = [];
  #usage: object | undefined;
  #head: { readonly modelVersion: string; readonly responseId: string } | undefined;
  #begun = false;

  constructor(request: ClientRequest) {
    this.#showsThoughts = wantsThoughts(spelled(request.body, "body"));
    this.#events = asksForEvents(request);
  }

  chunk({ id, model, choices, usage }: ChatChunk): string {
    this.#head ??= { modelVersion: model, responseId: id };
    if (usage !== undefined) this.#usage = usageMetadataOf(usage);
    let text = "";
    for (const choice of choices) {
      const parts = this.#partsOf(choice);
      const extra = { ...groundingOf(choice.delta.annotations ?? []), ...logprobsOf(choice.logprobs) };
      if (parts.length > 0 || Object.keys(extra).length > 0)
        text += this.#item({ candidates: [candidateOf(choice.index, parts, extra)] });
      if (choice.finish_reason !== null)
        this.#ended.push({ index: choice.index, finish: choice.finish_reason });
    }
    return text;
  }

  end(): string {
    if (this.#head === undefined) return this.#events ? "" : "[]";
    const candidates = this.#ended.map(({ index, finish }) =>
      candidateOf(index, [{ text: "" }], { finishReason: finishReasonOf(finish) }),
    );
    const last = this.#item({ candidates, ...(this.#usage !== undefined && { usageMetadata: this.#usage }) });
    return this.#events ? last : `${last}\r\n]`;
  }

  fail(error: ErrorView): string {
    if (this.#events) return geminiWire.streamError(error);
    return `${this.#begun ? ",\r\n" : "["}${geminiWire.errorBody(error)}\r\n]`;
  }

  #partsOf({ index, delta, finish_reason: finish }: ChatChunkChoice): object[] {
    const parts: object[] = [];
    if (this.#showsThoughts && delta.reasoning_content)
      parts.push({ text: delta.reasoning_content, thought: true });
    if (delta.content) parts.push({ text: delta.content });
    if (delta.refusal) parts.push({ text: delta.refusal });
    if (delta.tool_calls !== undefined) for (const call of delta.tool_calls) this.#collect(index, call);
    if (finish !== null) parts.push(...this.#callsOf(index));
    return parts;
  }

  #collect(choice: number, { index, id, function: piece, extra_content: extra }: ToolCallDelta): void {
    let calls = this.#calls.get(choice);
    if (calls === undefined) this.#calls.set(choice, (calls = new Map()));
    let call = calls.get(index);
    if (call === undefined) calls.set(index, (call = { id: "", name: "", text: "", extra: undefined }));
    if (id) call.id = id;
    if (piece?.name) call.name = piece.name;
    call.text += piece?.arguments ?? "";
    call.extra = extra ?? call.extra;
  }

  #callsOf(choice: number): object[] {
    const calls = [...(this.#calls.get(choice) ?? [])].toSorted(([left], [right]) => left - right);
    return calls.map(([, { id, name, text, extra }]) =>
      callPart({
        id,
        type: "function",
        function: { name, arguments: text },
        ...(extra !== undefined && { extra_content: extra }),
      }),
    );
  }

  #item(said: JsonObject): string {
    const text = JSON.stringify({ ...said, ...this.#head });
    if (this.#events) return `data: ${text}\r\n\r\n`;
    const before = this.#begun ? ",\r\n" : "[";
    this.#begun = true;
    return before + text;
  }
}

function candidateOf(index: number, parts: readonly object[], extra: object): object {
  return { content: { ...(parts.length > 0 && { parts }), role: "model" }, ...extra, index };
}
