// The blocks of an assistant's turn in their order, out of the chat form, which keeps thinking, text and calls apart.
import { numberIn } from "../../lib/exact-json.ts";
import type { JsonObject } from "../../lib/json-value.ts";
import type { AssistantMessage, ReasoningDetail, TextPart, ToolCall } from "./chat-request.ts";

export type AssistantBlock =
  | { readonly kind: "reasoning"; readonly detail: ReasoningDetail }
  | { readonly kind: "text"; readonly part: TextPart }
  | { readonly kind: "call"; readonly call: ToolCall }
  | { readonly kind: "server"; readonly format: string; readonly block: JsonObject };

/** Blocks with a place stand there; text, then calls, take the places that are left. Empty texts are no blocks. */
export function blocksOf(message: AssistantMessage): AssistantBlock[] {
  const placed = new Map<number, AssistantBlock>();
  for (const { index, format, block } of message.server_blocks ?? [])
    placed.set(index, { kind: "server", format, block });
  const details = (message.reasoning_details ?? []).toSorted((left, right) => placeOf(left) - placeOf(right));
  // A client may have numbered them all alike: each takes the next place that is free.
  let free = 0;
  for (const detail of details) {
    free = Math.max(free, placeOf(detail));
    while (placed.has(free)) free += 1;
    placed.set(free, { kind: "reasoning", detail });
  }
  const blocks: AssistantBlock[] = [];
  const takePlaced = (): void => {
    for (let block = placed.get(blocks.length); block !== undefined; block = placed.get(blocks.length)) {
      placed.delete(blocks.length);
      blocks.push(block);
    }
  };
  for (const block of [...textsOf(message), ...callsOf(message)]) {
    takePlaced();
    blocks.push(block);
  }
  takePlaced();
  // Places behind a gap: what stood in it was dropped by the client.
  const rest = [...placed].toSorted(([left], [right]) => left - right);
  return [...blocks, ...rest.map(([, block]) => block)];
}

function placeOf({ index }: ReasoningDetail): number {
  const place = numberIn(index) ?? 0;
  return Number.isSafeInteger(place) && place > 0 ? place : 0;
}

function textsOf({ content, refusal }: AssistantMessage): AssistantBlock[] {
  const parts: readonly TextPart[] =
    typeof content === "string"
      ? [{ type: "text", text: content }]
      : (content ?? []).map((part) => (part.type === "text" ? part : { type: "text", text: part.refusal }));
  const all: readonly TextPart[] =
    typeof refusal === "string" ? [...parts, { type: "text", text: refusal }] : parts;
  return all.filter(({ text }) => text !== "").map((part) => ({ kind: "text", part }));
}

function callsOf({ tool_calls: calls = [] }: AssistantMessage): AssistantBlock[] {
  return calls.map((call) => ({ kind: "call", call }));
}
