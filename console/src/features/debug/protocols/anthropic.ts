// Anthropic messages. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, listAt, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";
import { errorOf } from "./openai-chat.ts";

export const anthropicMessages: Adapter = {
  headers: () => ({ "anthropic-version": "2023-06-01" }),
  body: ({ model, stream, system, messages, maxTokens, topP, temperature }) => ({
    model,
    ...given("system", system),
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    ...given("max_tokens", maxTokens),
    stream,
    ...given("top_p", topP),
    ...given("temperature", temperature),
  }),
  frame: (_event, data) => readEvent(data),
  answer: (body) => [
    ...modelOf(body),
    ...listAt(body, "content").flatMap((block, index) => [
      ...readBlock(block, String(index)),
      ...inputOf(block, String(index)),
    ]),
    ...finishOf(body),
    ...usageOf(at(body, "usage")),
    ...errorOf(at(body, "error")),
  ],
};

function readEvent(data: unknown): readonly Piece[] {
  const key = String(numberAt(data, "index") ?? 0);
  switch (textAt(data, "type")) {
    case "message_start":
      return [...modelOf(at(data, "message")), ...usageOf(at(data, "message", "usage"))];
    case "content_block_start":
      return readBlock(at(data, "content_block"), key);
    case "content_block_delta":
      return readDelta(at(data, "delta"), key);
    case "message_delta":
      return [...finishOf(at(data, "delta")), ...usageOf(at(data, "usage"))];
    case "error":
      return errorOf(at(data, "error"));
    default:
      return [];
  }
}

function readBlock(block: unknown, key: string): readonly Piece[] {
  switch (textAt(block, "type")) {
    case "text":
      return spoken("text", textAt(block, "text"));
    case "thinking":
      return spoken("reasoning", textAt(block, "thinking"));
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return [{ kind: "tool", key, id: textAt(block, "id"), name: textAt(block, "name") }];
    default:
      return [];
  }
}

/** Arguments of a tool call that stand whole in a plain answer; a stream sends them as text after an empty object. */
function inputOf(block: unknown, key: string): readonly Piece[] {
  const input = at(block, "input");
  return input === undefined ? [] : [{ kind: "tool", key, input: JSON.stringify(input) }];
}

function readDelta(delta: unknown, key: string): readonly Piece[] {
  switch (textAt(delta, "type")) {
    case "text_delta":
      return spoken("text", textAt(delta, "text"));
    case "thinking_delta":
      return spoken("reasoning", textAt(delta, "thinking"));
    case "input_json_delta":
      return [{ kind: "tool", key, input: textAt(delta, "partial_json") }];
    default:
      return [];
  }
}

function modelOf(message: unknown): readonly Piece[] {
  const model = textAt(message, "model");
  return model === "" ? [] : [{ kind: "model", model }];
}

function finishOf(message: unknown): readonly Piece[] {
  const reason = textAt(message, "stop_reason");
  if (reason === "") return [];
  const said = reason === "refusal" ? textAt(message, "stop_details", "explanation") || reason : "";
  return [...spoken("refusal", said), { kind: "finish", reason }];
}

/** Input tokens are those that were neither read from a cache nor written to one: together they are the input. */
function usageOf(usage: unknown): readonly Piece[] {
  const input = numberAt(usage, "input_tokens");
  const cached = numberAt(usage, "cache_read_input_tokens");
  const written = numberAt(usage, "cache_creation_input_tokens");
  return counted({
    input: input === null ? null : input + (cached ?? 0) + (written ?? 0),
    output: numberAt(usage, "output_tokens"),
    cached,
    reasoning: null,
  });
}
