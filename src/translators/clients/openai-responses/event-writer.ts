// Writes events of a Responses stream: numbers them, and writes texts that come often without building objects. Must not
// know what they are about.
import type { JsonObject } from "../../../lib/json-value.ts";

export class EventWriter {
  #sequence = 0;

  /** @param fields after type and number, as members of a JSON object without braces */
  write(type: string, fields: string): string {
    const sequence = this.#sequence;
    this.#sequence += 1;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence},${fields}}\n\n`;
  }

  /** Fields of an item's event. @param part where in the item, as members, or "" */
  static place(itemId: string, outputIndex: number, part = ""): string {
    return `"item_id":"${itemId}","output_index":${outputIndex}${part === "" ? "" : `,${part}`}`;
  }

  item(type: "added" | "done", outputIndex: number, json: string): string {
    return this.write(`response.output_item.${type}`, `"output_index":${outputIndex},"item":${json}`);
  }
}

/** Members of an object without its braces. */
export function membersOf(object: JsonObject): string {
  return JSON.stringify(object).slice(1, -1);
}
