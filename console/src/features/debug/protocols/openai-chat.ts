// OpenAI chat completions and what the many compatible services make of them. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, isObject, listAt, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";

export const openaiChat: Adapter = {
  body: ({ model, stream, system, messages, maxTokens, topP, temperature }) => ({
    model,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    stream,
    ...given("max_tokens", maxTokens),
    ...given("top_p", topP),
    ...given("temperature", temperature),
  }),
  frame: (_event, data) => read(data, "delta"),
  answer: (body) => read(body, "message"),
};

function read(data: unknown, part: "delta" | "message"): readonly Piece[] {
  const choice = at(data, "choices", 0);
  const said = at(choice, part);
  const finish = textAt(choice, "finish_reason");
  const model = textAt(data, "model");
  return [
    ...(model === "" ? [] : [{ kind: "model" as const, model }]),
    ...contentOf(said),
    ...toolsOf(said),
    ...(finish === "" ? [] : [{ kind: "finish" as const, reason: finish }]),
    ...usageOf(at(data, "usage")),
    ...errorOf(at(data, "error")),
  ];
}

function contentOf(said: unknown): readonly Piece[] {
  const content = at(said, "content");
  const images = listAt(said, "images").map((image) => textAt(image, "image_url", "url"));
  return [
    ...spoken("reasoning", textAt(said, "reasoning_content") || textAt(said, "reasoning")),
    ...(Array.isArray(content)
      ? content.flatMap(partOf)
      : spoken("text", typeof content === "string" ? content : "")),
    ...spoken("refusal", textAt(said, "refusal")),
    ...images.filter((url) => url !== "").map((url) => ({ kind: "image" as const, url })),
  ];
}

/** Mistral and some others answer with a list of parts. */
function partOf(part: unknown): readonly Piece[] {
  switch (textAt(part, "type")) {
    case "thinking": {
      const inner = listAt(part, "thinking").map((piece) => textAt(piece, "text"));
      return spoken("reasoning", inner.join("") || textAt(part, "thinking"));
    }
    case "image_url":
      return [{ kind: "image", url: textAt(part, "image_url", "url") || textAt(part, "image_url") }];
    default:
      return spoken("text", textAt(part, "text"));
  }
}

function toolsOf(said: unknown): readonly Piece[] {
  return listAt(said, "tool_calls").map((tool, position) => {
    const input = at(tool, "function", "arguments");
    return {
      kind: "tool",
      key: String(numberAt(tool, "index") ?? position),
      id: textAt(tool, "id"),
      name: textAt(tool, "function", "name"),
      input: typeof input === "string" ? input : input === undefined ? "" : JSON.stringify(input),
    };
  });
}

function usageOf(usage: unknown): readonly Piece[] {
  return counted({
    input: numberAt(usage, "prompt_tokens"),
    output: numberAt(usage, "completion_tokens"),
    cached: numberAt(usage, "prompt_tokens_details", "cached_tokens"),
    reasoning: numberAt(usage, "completion_tokens_details", "reasoning_tokens"),
  });
}

/** An error where an answer was expected, in the shapes that services give it. */
export function errorOf(error: unknown): readonly Piece[] {
  if (typeof error === "string") return [{ kind: "error", message: error, code: "" }];
  if (!isObject(error)) return [];
  const code = at(error, "code") ?? at(error, "type");
  const message = textAt(error, "message") || JSON.stringify(error);
  return [{ kind: "error", message, code: wordOf(code) }];
}

/** Some services number their errors. */
function wordOf(code: unknown): string {
  return typeof code === "string" ? code : typeof code === "number" ? String(code) : "";
}
