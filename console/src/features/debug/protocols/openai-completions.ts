// OpenAI's older completions: one text in, one text out. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";
import { errorOf } from "./openai-chat.ts";

export const openaiCompletions: Adapter = {
  body: ({ model, stream, system, messages, maxTokens, topP, temperature }) => ({
    model,
    prompt: [system, messages.at(-1)?.text ?? ""].filter((text) => text !== "").join("\n\n"),
    stream,
    ...given("max_tokens", maxTokens),
    ...given("top_p", topP),
    ...given("temperature", temperature),
  }),
  frame: (_event, data) => read(data),
  answer: read,
};

function read(data: unknown): readonly Piece[] {
  const finish = textAt(data, "choices", 0, "finish_reason");
  const model = textAt(data, "model");
  return [
    ...(model === "" ? [] : [{ kind: "model" as const, model }]),
    ...spoken("text", textAt(data, "choices", 0, "text")),
    ...(finish === "" ? [] : [{ kind: "finish" as const, reason: finish }]),
    ...counted({
      input: numberAt(data, "usage", "prompt_tokens"),
      output: numberAt(data, "usage", "completion_tokens"),
      cached: numberAt(data, "usage", "prompt_tokens_details", "cached_tokens"),
      reasoning: null,
    }),
    ...errorOf(at(data, "error")),
  ];
}
