// A block of thinking in a Responses stream while it grows. Must not know services.
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import { EventWriter } from "./event-writer.ts";
import { reasoningItem, stateOfDetail, summaryPart } from "./output-items.ts";
import type { StreamOutput } from "./stream-output.ts";

export class OpenReasoning {
  readonly kind = "reasoning";
  readonly #output: StreamOutput;
  readonly #id: string;
  readonly #index: number;
  readonly #place: string;
  #detail: ReasoningDetail | undefined;
  #text = "";
  #hasPart = false;

  constructor(output: StreamOutput) {
    this.#output = output;
    this.#id = `rs_${output.newId()}`;
    this.#index = output.nextIndex();
    this.#place = EventWriter.place(this.#id, this.#index, '"summary_index":0');
  }

  begin(): string {
    return this.#output.added(this.#index, reasoningItem(this.#id, "", undefined));
  }

  /** Whether a piece goes on with this block. State without words may belong to words that came without a place. */
  takes(detail: ReasoningDetail): boolean {
    if (this.#detail !== undefined) return this.#detail.index === detail.index;
    return detail.text === undefined || this.#text === "";
  }

  detail(piece: ReasoningDetail): string {
    this.#detail = { ...this.#detail, ...piece };
    return piece.text === undefined || piece.text === "" ? "" : this.words(piece.text);
  }

  words(delta: string): string {
    const { events } = this.#output;
    const begin = this.#hasPart
      ? ""
      : events.write(
          "response.reasoning_summary_part.added",
          `${this.#place},"part":${JSON.stringify(summaryPart(""))}`,
        );
    this.#hasPart = true;
    this.#text += delta;
    const fields = `${this.#place},"delta":${JSON.stringify(delta)}`;
    return begin + events.write("response.reasoning_summary_text.delta", fields);
  }

  end(): string {
    const state = this.#detail && stateOfDetail(this.#detail);
    return this.#endPart() + this.#output.done(this.#index, reasoningItem(this.#id, this.#text, state));
  }

  #endPart(): string {
    if (!this.#hasPart) return "";
    const { events } = this.#output;
    const part = JSON.stringify(summaryPart(this.#text));
    return (
      events.write(
        "response.reasoning_summary_text.done",
        `${this.#place},"text":${JSON.stringify(this.#text)}`,
      ) + events.write("response.reasoning_summary_part.done", `${this.#place},"part":${part}`)
    );
  }
}
