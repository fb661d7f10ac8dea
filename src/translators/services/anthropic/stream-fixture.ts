// Events of Anthropic's streams, for tests. Only for tests.

export type Event = Readonly<Record<string, unknown>> & { readonly type: string };

export function sse(events: readonly Event[], named = true): Buffer {
  const lines = events.map(
    (event) => `${named ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`,
  );
  return Buffer.from(lines.join(""));
}

export const start = (id = "msg_1", usage: object = { input_tokens: 5, output_tokens: 1 }): Event => ({
  type: "message_start",
  message: { id, model: "claude-y", content: [], usage },
});
export const open = (index: number, block: object): Event => ({
  type: "content_block_start",
  index,
  content_block: block,
});
export const delta = (index: number, piece: object): Event => ({
  type: "content_block_delta",
  index,
  delta: piece,
});
export const text = (index: number, words: string): Event =>
  delta(index, { type: "text_delta", text: words });
export const json = (index: number, piece: string): Event =>
  delta(index, { type: "input_json_delta", partial_json: piece });
export const close = (index: number): Event => ({ type: "content_block_stop", index });
export const end = (reason: string, usage: object = { output_tokens: 7 }, more: object = {}): Event => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null, ...more },
  usage,
});
export const stop: Event = { type: "message_stop" };
export const emptyText = { type: "text", text: "" };
export const toolUse = (name: string, id = "toolu_1", input: object = {}) => ({
  type: "tool_use",
  id,
  name,
  input,
});
