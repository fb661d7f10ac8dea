// DashScope's own text generation, in increments. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, listAt, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";

export const dashscopeText: Adapter = {
  headers: ({ stream }): Readonly<Record<string, string>> => (stream ? { "x-dashscope-sse": "enable" } : {}),
  body: ({ model, stream, system, messages, maxTokens, topP, temperature }) => ({
    model,
    input: {
      messages: [
        ...(system === "" ? [] : [{ role: "system", content: system }]),
        ...messages.map(({ role, text }) => ({ role, content: text })),
      ],
    },
    parameters: {
      result_format: "message",
      ...(stream ? { incremental_output: true } : {}),
      ...given("max_tokens", maxTokens),
      ...given("top_p", topP),
      ...given("temperature", temperature),
    },
  }),
  frame: (_event, data) => read(data),
  answer: read,
};

function read(data: unknown): readonly Piece[] {
  const choice = at(data, "output", "choices", 0);
  const message = at(choice, "message");
  const content = at(message, "content");
  const finish = textAt(choice, "finish_reason") || textAt(data, "output", "finish_reason");
  const code = textAt(data, "code");
  return [
    ...spoken("reasoning", textAt(message, "reasoning_content")),
    ...(Array.isArray(content)
      ? content.flatMap((part) => spoken("text", textAt(part, "text")))
      : spoken("text", textAt(message, "content") || textAt(data, "output", "text"))),
    ...listAt(message, "tool_calls").map((tool, position) => ({
      kind: "tool" as const,
      key: String(numberAt(tool, "index") ?? position),
      id: textAt(tool, "id"),
      name: textAt(tool, "function", "name"),
      input: textAt(tool, "function", "arguments"),
    })),
    ...(finish === "" || finish === "null" ? [] : [{ kind: "finish" as const, reason: finish }]),
    ...counted({
      input: numberAt(data, "usage", "input_tokens"),
      output: numberAt(data, "usage", "output_tokens"),
      cached: numberAt(data, "usage", "prompt_tokens_details", "cached_tokens"),
      reasoning: numberAt(data, "usage", "output_tokens_details", "reasoning_tokens"),
    }),
    ...(code === "" ? [] : [{ kind: "error" as const, code, message: textAt(data, "message") }]),
  ];
}
