// Puts tool calls of a stream in order: one index for each, its id and name once. Must not know other content.
import { countOf, memberOf, textOf } from "../../../lib/json-value.ts";
import type { ToolCallDelta } from "../../chat/chat-answer.ts";
import type { TranslationContext } from "../../translation.ts";
import { GrowingText, type StreamManner } from "./growing-text.ts";

interface StreamedCall {
  readonly index: number;
  readonly arguments: GrowingText;
  /** Of DashScope; "" until it tells: later pieces bring an empty one. */
  id: string;
  name: string;
  /** Arguments that came before the name. */
  waiting: string;
  started: boolean;
}

export class StreamedCalls {
  readonly #manner: StreamManner;
  readonly #context: TranslationContext;
  readonly #calls: StreamedCall[] = [];
  /** By the index that the service gives, where it gives one. */
  readonly #byIndex = new Map<number, StreamedCall>();

  constructor(manner: StreamManner, context: TranslationContext) {
    this.#manner = manner;
    this.#context = context;
  }

  get any(): boolean {
    return this.#calls.length > 0;
  }

  next(pieces: readonly unknown[], isGrown: boolean | undefined, isLast: boolean): ToolCallDelta[] {
    const deltas: ToolCallDelta[] = [];
    const touched = new Set<StreamedCall>();
    for (const piece of pieces) {
      const call = this.#callOf(piece);
      touched.add(call);
      const text = textOf(memberOf(piece, "function"), "arguments") ?? "";
      this.#add(call, call.arguments.next(text, isGrown, isLast), isLast, deltas);
    }
    for (const call of this.#calls)
      if (!touched.has(call)) this.#add(call, call.arguments.next("", isGrown, isLast), isLast, deltas);
    return deltas;
  }

  #callOf(piece: unknown): StreamedCall {
    const id = textOf(piece, "id") ?? "";
    const call = this.#known(countOf(piece, "index"), id) ?? this.#create(countOf(piece, "index"));
    if (call.id === "") call.id = id;
    call.name ||= textOf(memberOf(piece, "function"), "name") ?? "";
    return call;
  }

  /** Without an index the id tells, and without both it is the call that is being written. */
  #known(index: number | undefined, id: string): StreamedCall | undefined {
    if (index !== undefined) return this.#byIndex.get(index);
    return id === "" ? this.#calls.at(-1) : this.#calls.find((call) => call.id === id);
  }

  #create(index: number | undefined): StreamedCall {
    const call: StreamedCall = {
      index: this.#calls.length,
      arguments: new GrowingText(this.#manner),
      id: "",
      name: "",
      waiting: "",
      started: false,
    };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }

  #add(call: StreamedCall, added: string, isLast: boolean, deltas: ToolCallDelta[]): void {
    if (call.started) {
      if (added !== "") deltas.push({ index: call.index, function: { arguments: added } });
      return;
    }
    call.waiting += added;
    if (call.name === "" && !isLast) return;
    call.started = true;
    if (call.id === "") call.id = `call_${this.#context.newId()}`;
    deltas.push({
      index: call.index,
      id: call.id,
      type: "function",
      function: { name: call.name, arguments: call.waiting },
    });
    call.waiting = "";
  }
}
