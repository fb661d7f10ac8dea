// The output of a Responses stream so far: numbers of items, and finished items as the JSON that ends the stream repeats.
// Must not know what items say.
import { EventWriter } from "./event-writer.ts";
import type { OutputItem } from "./output-items.ts";

export class StreamOutput {
  readonly events = new EventWriter();
  readonly newId: () => string;
  readonly #finished: string[] = [];
  #begun = 0;

  constructor(newId: () => string) {
    this.newId = newId;
  }

  /** The place of a new item. One item is open at a time. */
  nextIndex(): number {
    this.#begun += 1;
    return this.#begun - 1;
  }

  added(outputIndex: number, item: OutputItem): string {
    return this.events.item("added", outputIndex, JSON.stringify(item));
  }

  done(outputIndex: number, item: OutputItem): string {
    const json = JSON.stringify(item);
    this.#finished.push(json);
    return this.events.item("done", outputIndex, json);
  }

  /** All finished items, as one JSON list. */
  get json(): string {
    return `[${this.#finished.join(",")}]`;
  }
}
