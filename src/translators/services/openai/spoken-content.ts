// What a message or delta of an OpenAI-compatible service says, in all dialects: words, thoughts, refusal. Must not know
// tool calls, choices or streams.
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";

export interface Spoken {
  readonly content: string;
  readonly thoughts: string;
  readonly refusal: string;
  readonly details: readonly ReasoningDetail[];
  readonly annotations: readonly JsonObject[];
}

const nothing: readonly never[] = [];

export function spokenIn(message: JsonObject): Spoken {
  const { content, annotations } = message;
  const parts = Array.isArray(content) ? content : undefined;
  const list = message["reasoning_details"];
  const details = Array.isArray(list) ? list.flatMap(detailOf) : nothing;
  return {
    content: typeof content === "string" ? content : parts === undefined ? "" : textsOf(parts),
    thoughts: thoughtsIn(message) ?? (parts === undefined ? textOfDetails(details) : thinkingsOf(parts)),
    refusal: textOf(message, "refusal") ?? "",
    details,
    annotations: Array.isArray(annotations) ? annotations.filter(isJsonObject) : nothing,
  };
}

/** Snowflake says its thoughts nowhere else. */
function textOfDetails(details: readonly ReasoningDetail[]): string {
  let text = "";
  for (const detail of details) text += detail.text ?? "";
  return text;
}

/** DeepSeek, Qwen, GLM and Moonshot; Groq, OpenRouter and Ollama. Some send both, and say the same. */
function thoughtsIn(message: JsonObject): string | undefined {
  return textOf(message, "reasoning_content") ?? textOf(message, "reasoning");
}

/** Mistral's content in parts; others write texts so, too. */
function textsOf(parts: readonly unknown[]): string {
  return parts
    .map((part) => (typeof part === "string" ? part : isThinking(part) ? "" : (textOf(part, "text") ?? "")))
    .join("");
}

function thinkingsOf(parts: readonly unknown[]): string {
  return parts
    .filter(isThinking)
    .map((part) => textOf(part, "thinking") ?? textsOf(listOf(part, "thinking")))
    .join("");
}

function isThinking(part: unknown): boolean {
  return memberOf(part, "type") === "thinking";
}

/** OpenRouter's blocks of thinking, with the state of whichever service it asked. */
function detailOf(detail: unknown, place: number): readonly ReasoningDetail[] {
  const index = memberOf(detail, "index");
  const signature = textOf(detail, "signature");
  const data = textOf(detail, "data");
  const text = textOf(detail, "text") ?? textOf(detail, "summary");
  if (text === undefined && signature === undefined && data === undefined) return nothing;
  const format = formatOf(textOf(detail, "format"));
  const id = data === undefined ? undefined : textOf(detail, "id");
  return [
    {
      type: data === undefined ? "thinking" : "redacted_thinking",
      index: typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : place,
      ...(text === undefined ? {} : { text }),
      ...(signature === undefined ? {} : { signature }),
      ...(data === undefined ? {} : { data }),
      ...(id === undefined ? {} : { id }),
      ...(format === undefined ? {} : { format }),
    },
  ];
}

function formatOf(format: string | undefined): ReasoningDetail["format"] {
  if (format?.startsWith("anthropic") === true) return "anthropic";
  if (format?.startsWith("google") === true) return "gemini";
  return format?.startsWith("openai-responses") === true ? "responses" : undefined;
}
