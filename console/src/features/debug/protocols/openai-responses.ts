// OpenAI responses. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, listAt, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";
import { errorOf } from "./openai-chat.ts";

export const openaiResponses: Adapter = {
  body: ({ model, stream, system, messages, maxTokens, topP, temperature }) => ({
    model,
    ...given("instructions", system),
    input: messages.map(({ role, text }) => ({ role, content: text })),
    stream,
    ...given("max_output_tokens", maxTokens),
    ...given("top_p", topP),
    ...given("temperature", temperature),
  }),
  frame: (_event, data) => readEvent(data),
  answer: (body) => [
    ...listAt(body, "output").flatMap((item, index) => readItem(item, String(index))),
    ...readEnd(body),
  ],
};

function readEvent(data: unknown): readonly Piece[] {
  const key = String(numberAt(data, "output_index") ?? 0);
  switch (textAt(data, "type")) {
    case "response.output_text.delta":
      return spoken("text", textAt(data, "delta"));
    case "response.reasoning_text.delta":
    case "response.reasoning_summary_text.delta":
      return spoken("reasoning", textAt(data, "delta"));
    case "response.refusal.delta":
      return spoken("refusal", textAt(data, "delta"));
    case "response.function_call_arguments.delta":
      return [{ kind: "tool", key, input: textAt(data, "delta") }];
    case "response.output_item.added":
      return startOf(at(data, "item"), key);
    case "response.output_item.done":
      return imageOf(at(data, "item"));
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return readEnd(at(data, "response"));
    case "error":
      return errorOf(at(data, "error") ?? data);
    default:
      return [];
  }
}

function startOf(item: unknown, key: string): readonly Piece[] {
  if (textAt(item, "type") !== "function_call") return [];
  return [{ kind: "tool", key, id: textAt(item, "call_id"), name: textAt(item, "name") }];
}

function imageOf(item: unknown): readonly Piece[] {
  if (textAt(item, "type") !== "image_generation_call") return [];
  return [{ kind: "image", url: `data:image/png;base64,${textAt(item, "result")}` }];
}

function readItem(item: unknown, key: string): readonly Piece[] {
  switch (textAt(item, "type")) {
    case "message":
      return listAt(item, "content").flatMap((part) => [
        ...spoken("text", textAt(part, "text")),
        ...spoken("refusal", textAt(part, "refusal")),
      ]);
    case "reasoning":
      return [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) =>
        spoken("reasoning", textAt(part, "text")),
      );
    case "function_call":
      return [...startOf(item, key), { kind: "tool", key, input: textAt(item, "arguments") }];
    default:
      return imageOf(item);
  }
}

function readEnd(response: unknown): readonly Piece[] {
  const model = textAt(response, "model");
  const reason = textAt(response, "incomplete_details", "reason") || textAt(response, "status");
  return [
    ...(model === "" ? [] : [{ kind: "model" as const, model }]),
    ...(reason === "" ? [] : [{ kind: "finish" as const, reason }]),
    ...counted({
      input: numberAt(response, "usage", "input_tokens"),
      output: numberAt(response, "usage", "output_tokens"),
      cached: numberAt(response, "usage", "input_tokens_details", "cached_tokens"),
      reasoning: numberAt(response, "usage", "output_tokens_details", "reasoning_tokens"),
    }),
    ...errorOf(at(response, "error")),
  ];
}
