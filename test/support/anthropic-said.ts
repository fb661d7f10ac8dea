// What recorded answers of Anthropic say, read naively and without a line of the program: what translations are held
// against. Must not know the gateway.
import type { Recording } from "./recordings.ts";

/** What an answer says, however it was framed. */
export interface Said {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly thinking: string;
  readonly signatures: readonly string[];
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly serverBlocks: readonly string[];
  readonly citations: number;
  readonly finish: string;
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly written: number;
  readonly reasoning: number;
}

const finishes: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

// What the recordings hold is known; these shapes are only for reading them, without a line of the code under test.
interface Block {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  data?: string;
  id?: string;
  name?: string;
  input?: unknown;
  citations?: unknown[] | null;
}
export interface Message {
  id: string;
  model: string;
  content: Block[];
  stop_reason: string;
  usage: Record<string, number> & { output_tokens_details?: { thinking_tokens?: number } };
}

interface StreamEvent {
  type: string;
  message: Message;
  index: number;
  content_block: Block;
  delta: Block & { stop_reason: string; partial_json: string; citation: unknown };
  usage: Message["usage"];
}

/** A naive reading of a stream: every event is laid upon one message. */
export function streamedMessage({ body }: Recording): Message {
  const lines = body.toString().split("\n");
  const events = lines
    .filter((line) => line.startsWith("data:"))
    // As above: what the recordings hold is known.
    .map((line) => JSON.parse(line.slice(5)) as StreamEvent);
  const first = events.find(({ type }) => type === "message_start");
  if (first === undefined) throw new Error("no message_start");
  const message = structuredClone(first.message);
  const inputs: string[] = [];
  for (const { type, index, content_block: block, delta, usage } of events) {
    if (type === "content_block_start") message.content[index] = structuredClone(block);
    const at = message.content[index] ?? { type: "none" };
    if (type === "content_block_delta") {
      if (delta.type === "text_delta") at.text = `${at.text}${delta.text}`;
      if (delta.type === "thinking_delta") at.thinking = `${at.thinking}${delta.thinking}`;
      if (delta.type === "signature_delta") at.signature = delta.signature ?? "";
      if (delta.type === "citations_delta") (at.citations ??= []).push(delta.citation);
      if (delta.type === "input_json_delta") inputs[index] = (inputs[index] ?? "") + delta.partial_json;
    }
    if (type === "message_delta") {
      message.stop_reason = delta.stop_reason;
      Object.assign(message.usage, usage);
    }
  }
  for (const [index, json] of inputs.entries()) {
    const block = message.content[index];
    if (json && block !== undefined) block.input = JSON.parse(json);
  }
  return message;
}

export function saidBy({ id, model, content, stop_reason: stop, usage }: Message): Said {
  const own = new Set(["text", "thinking", "redacted_thinking", "tool_use"]);
  const cached = usage["cache_read_input_tokens"] ?? 0;
  const written = usage["cache_creation_input_tokens"] ?? 0;
  return {
    id,
    model,
    text: content.map(({ type, text }) => (type === "text" ? text : "")).join(""),
    thinking: content.map(({ thinking }) => thinking ?? "").join(""),
    signatures: content.flatMap(({ signature, data }) => signature ?? data ?? []),
    calls: content
      .filter(({ type }) => type === "tool_use")
      .map(({ id: call = "", name = "", input }) => ({ id: call, name, input })),
    serverBlocks: content.filter(({ type }) => !own.has(type)).map((block) => JSON.stringify(block)),
    citations: content.reduce((sum, { citations }) => sum + (citations?.length ?? 0), 0),
    finish: finishes[stop] ?? stop,
    prompt: (usage["input_tokens"] ?? 0) + cached + written,
    completion: usage["output_tokens"] ?? 0,
    cached,
    written,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
