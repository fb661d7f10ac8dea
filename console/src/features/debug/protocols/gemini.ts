// Gemini's generateContent. Knows no transport.
import type { Piece } from "../answer.ts";
import { at, listAt, numberAt, textAt } from "../json.ts";
import { counted, given, spoken, type Adapter } from "./adapter.ts";
import { errorOf } from "./openai-chat.ts";

export const gemini: Adapter = {
  path: ({ model, stream }) =>
    `/v1beta/models/${encodeURIComponent(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  body: ({ system, messages, maxTokens, topP, temperature }) => ({
    ...(system === "" ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    contents: messages.map(({ role, text }) => ({
      role: role === "assistant" ? "model" : "user",
      parts: [{ text }],
    })),
    generationConfig: {
      ...given("maxOutputTokens", maxTokens),
      ...given("topP", topP),
      ...given("temperature", temperature),
    },
  }),
  frame: (_event, data) => read(data),
  answer: read,
};

function read(data: unknown): readonly Piece[] {
  const finish = textAt(data, "candidates", 0, "finishReason");
  const blocked = textAt(data, "promptFeedback", "blockReason");
  const model = textAt(data, "modelVersion");
  return [
    ...(model === "" ? [] : [{ kind: "model" as const, model }]),
    ...listAt(data, "candidates", 0, "content", "parts").flatMap(partOf),
    ...spoken("refusal", blocked),
    ...(finish === "" ? [] : [{ kind: "finish" as const, reason: finish }]),
    ...counted({
      input: numberAt(data, "usageMetadata", "promptTokenCount"),
      output: numberAt(data, "usageMetadata", "candidatesTokenCount"),
      cached: numberAt(data, "usageMetadata", "cachedContentTokenCount"),
      reasoning: numberAt(data, "usageMetadata", "thoughtsTokenCount"),
    }),
    ...errorOf(at(data, "error")),
  ];
}

function partOf(part: unknown): readonly Piece[] {
  const call = at(part, "functionCall");
  if (call !== undefined) {
    const name = textAt(call, "name");
    const input = JSON.stringify(at(call, "args") ?? {});
    // A call comes whole; two calls of one answer differ in name or arguments.
    return [{ kind: "tool", key: textAt(call, "id") || `${name} ${input}`, name, input }];
  }
  const type = textAt(part, "inlineData", "mimeType");
  if (type !== "") {
    return [{ kind: "image", url: `data:${type};base64,${textAt(part, "inlineData", "data")}` }];
  }
  return spoken(at(part, "thought") === true ? "reasoning" : "text", textAt(part, "text"));
}
