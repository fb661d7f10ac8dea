// One assistant's turn of the chat form, put together from the items of the Responses protocol that make it up.
// Must not know items.
import type {
  AssistantMessage,
  ReasoningDetail,
  RefusalPart,
  TextPart,
  ToolCall,
} from "../../chat/chat-request.ts";
import type { KeptState } from "./kept-state.ts";

export class AssistantTurn {
  readonly #parts: (TextPart | RefusalPart)[] = [];
  readonly #calls: ToolCall[] = [];
  readonly #details: ReasoningDetail[] = [];
  readonly #signatures = new Map<string, string>();
  #reasoning = "";
  /** Of the next block: see `reasoning_details[].index` of the chat form. */
  #place = 0;

  text(parts: readonly (TextPart | RefusalPart)[]): void {
    for (const part of parts) {
      this.#parts.push(part);
      if (part.type === "refusal" || part.text !== "") this.#place += 1;
    }
  }

  call(id: string, name: string, text: string): void {
    this.#calls.push({ id, type: "function", function: { name, arguments: text } });
    this.#place += 1;
  }

  /** @param state undefined: words alone, by which nobody can go on but whoever takes plain words back */
  reasoning(text: string, state: KeptState | undefined, id: string | undefined): void {
    this.#reasoning += text;
    if (state?.call !== undefined) this.#signatures.set(state.call.id, state.call.signature);
    if (state?.call !== undefined && state.data === undefined && state.signature === undefined) return;
    this.#details.push({
      type: state?.type ?? "thinking",
      index: this.#place,
      ...(text === "" ? {} : { text }),
      ...(state?.signature === undefined ? {} : { signature: state.signature }),
      ...(state?.data === undefined ? {} : { data: state.data }),
      ...(state?.format === undefined ? {} : { format: state.format }),
      ...(id === undefined ? {} : { id }),
    });
    this.#place += 1;
  }

  /** Undefined when it says nothing. */
  get message(): AssistantMessage | undefined {
    if (this.#parts.length === 0 && this.#calls.length === 0) return undefined;
    const [first] = this.#parts;
    const isPlain = this.#parts.length === 1 && first?.type === "text" && first.cache_control === undefined;
    return {
      role: "assistant",
      content: this.#parts.length === 0 ? null : isPlain ? first.text : this.#parts,
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls.map((call) => this.#signed(call)) }),
      ...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#details.length === 0 ? {} : { reasoning_details: this.#details }),
    };
  }

  #signed(call: ToolCall): ToolCall {
    const signature = this.#signatures.get(call.id);
    if (signature === undefined) return call;
    return { ...call, extra_content: { google: { thought_signature: signature } } };
  }
}
