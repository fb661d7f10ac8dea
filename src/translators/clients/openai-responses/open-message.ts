// The message of a Responses stream while it grows. Must not know the chat form.
import type { JsonObject } from "../../../lib/json-value.ts";
import { EventWriter } from "./event-writer.ts";
import { messageItem, refusalPart, textPart, type ItemStatus } from "./output-items.ts";
import type { StreamOutput } from "./stream-output.ts";

/** A part that grows. */
interface OpenPart {
  readonly kind: "text" | "refusal";
  readonly place: string;
  text: string;
  readonly annotations: JsonObject[];
  readonly logprobs: unknown[];
}

export class OpenMessage {
  readonly kind = "message";
  readonly #output: StreamOutput;
  readonly #id: string;
  readonly #index: number;
  readonly #parts: JsonObject[] = [];
  #part: OpenPart | undefined;

  constructor(output: StreamOutput) {
    this.#output = output;
    this.#id = `msg_${output.newId()}`;
    this.#index = output.nextIndex();
  }

  begin(): string {
    return this.#output.added(this.#index, messageItem(this.#id, "in_progress", []));
  }

  text(delta: string, logprobs: readonly unknown[]): string {
    const begin = this.#open("text");
    const part = this.#part;
    if (part === undefined) return begin;
    part.text += delta;
    if (logprobs.length > 0) part.logprobs.push(...logprobs);
    const list = logprobs.length === 0 ? "[]" : JSON.stringify(logprobs);
    const fields = `${part.place},"delta":${JSON.stringify(delta)},"logprobs":${list}`;
    return begin + this.#output.events.write("response.output_text.delta", fields);
  }

  refusal(delta: string): string {
    const begin = this.#open("refusal");
    const part = this.#part;
    if (part === undefined) return begin;
    part.text += delta;
    const fields = `${part.place},"delta":${JSON.stringify(delta)}`;
    return begin + this.#output.events.write("response.refusal.delta", fields);
  }

  annotation(annotation: JsonObject): string {
    const begin = this.#open("text");
    const part = this.#part;
    if (part === undefined) return begin;
    const index = part.annotations.push(annotation) - 1;
    const fields = `${part.place},"annotation_index":${index},"annotation":${JSON.stringify(annotation)}`;
    return begin + this.#output.events.write("response.output_text.annotation.added", fields);
  }

  end(status: ItemStatus): string {
    return this.#endPart() + this.#output.done(this.#index, messageItem(this.#id, status, this.#parts));
  }

  #open(kind: OpenPart["kind"]): string {
    if (this.#part?.kind === kind) return "";
    const ended = this.#endPart();
    const place = EventWriter.place(this.#id, this.#index, `"content_index":${this.#parts.length}`);
    this.#part = { kind, place, text: "", annotations: [], logprobs: [] };
    const empty = JSON.stringify(kind === "text" ? textPart("", [], []) : refusalPart(""));
    return ended + this.#output.events.write("response.content_part.added", `${place},"part":${empty}`);
  }

  #endPart(): string {
    const part = this.#part;
    if (part === undefined) return "";
    this.#part = undefined;
    const { kind, place, text } = part;
    const whole = kind === "text" ? textPart(text, part.annotations, part.logprobs) : refusalPart(text);
    this.#parts.push(whole);
    const { events } = this.#output;
    const said = JSON.stringify(text);
    const done =
      kind === "text"
        ? events.write(
            "response.output_text.done",
            `${place},"text":${said},"logprobs":${JSON.stringify(part.logprobs)}`,
          )
        : events.write("response.refusal.done", `${place},"refusal":${said}`);
    return done + events.write("response.content_part.done", `${place},"part":${JSON.stringify(whole)}`);
  }
}
