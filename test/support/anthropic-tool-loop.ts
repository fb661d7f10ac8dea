// A conversation of five turns with thinking and tools, as Anthropic answers it, whole and streamed. Must not know who asks.

export interface LoopBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

const thinking = (turn: number, place: number): LoopBlock => ({
  type: "thinking",
  thinking: `Turn ${turn}, thought ${place}: größer als π 🙂`,
  signature: `c2lnbmF0dXJl${turn}${place}==`,
});
const sealed = (turn: number): LoopBlock => ({ type: "redacted_thinking", data: `c2VhbGVk${turn}` });
const text = (turn: number): LoopBlock => ({ type: "text", text: `Step ${turn}.` });
const call = (turn: number, name: string, input: object): LoopBlock => ({
  type: "tool_use",
  id: `toolu_${turn}_${name}`,
  name,
  input,
});

/** Blocks of the assistant's turns: each but the last calls tools. */
export const loopTurns: readonly (readonly LoopBlock[])[] = [
  [thinking(0, 0), text(0), call(0, "look", { path: "a" })],
  [thinking(1, 0), sealed(1), call(1, "look", { path: "b" }), call(1, "count", {})],
  [sealed(2), text(2), thinking(2, 2), call(2, "count", { of: ["x", 1.5, null] })],
  [thinking(3, 0), call(3, "look", { path: "ü" })],
  [thinking(4, 0), text(4)],
];

/** Tools as an OpenAI client offers them. */
export const loopTools = ["look", "count"].map((name) => ({
  type: "function" as const,
  function: { name, parameters: { type: "object", properties: {} } },
}));

export const loopUsage = { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 7 };

function stopReason(turn: number): string {
  return turn === loopTurns.length - 1 ? "end_turn" : "tool_use";
}

function head(turn: number): object {
  return { id: `msg_${turn}`, type: "message", role: "assistant", model: "claude-loop", stop_sequence: null };
}

/** A turn as a whole answer. */
export function loopMessage(turn: number): Buffer {
  const content = loopTurns[turn] ?? [];
  return Buffer.from(
    JSON.stringify({ ...head(turn), content, stop_reason: stopReason(turn), usage: loopUsage }),
  );
}

/** A turn as a stream. */
export function loopStream(turn: number): Buffer {
  const message = { ...head(turn), content: [], usage: { ...loopUsage, output_tokens: 1 } };
  const events: LoopBlock[] = [{ type: "message_start", message }, { type: "ping" }];
  for (const [index, block] of (loopTurns[turn] ?? []).entries()) events.push(...blockEvents(index, block));
  const delta = { stop_reason: stopReason(turn), stop_sequence: null };
  events.push({ type: "message_delta", delta, usage: { output_tokens: 7 } }, { type: "message_stop" });
  return Buffer.from(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
  );
}

function blockEvents(index: number, block: LoopBlock): LoopBlock[] {
  const open = (content: object) => ({ type: "content_block_start", index, content_block: content });
  const piece = (delta: object) => ({ type: "content_block_delta", index, delta });
  const close = { type: "content_block_stop", index };
  const halves = (words: unknown): [string, string] => {
    const all = String(words);
    return [all.slice(0, 4), all.slice(4)];
  };
  switch (block.type) {
    case "thinking":
      return [
        open({ type: "thinking", thinking: "", signature: "" }),
        ...halves(block["thinking"]).map((half) => piece({ type: "thinking_delta", thinking: half })),
        piece({ type: "signature_delta", signature: block["signature"] }),
        close,
      ];
    case "text":
      return [
        open({ type: "text", text: "" }),
        ...halves(block["text"]).map((half) => piece({ type: "text_delta", text: half })),
        close,
      ];
    case "tool_use":
      return [
        open({ ...block, input: {} }),
        ...halves(JSON.stringify(block["input"])).map((half) =>
          piece({ type: "input_json_delta", partial_json: half }),
        ),
        close,
      ];
    default:
      return [open(block), close];
  }
}
