// Reads a conversation from what was recorded of an exchange, whatever its protocol. Shows nothing; everything stays text.
import { addPieces, emptyAnswer, type Answer } from "../debug/answer.ts";
import { at, isObject, listAt, parseJson, textAt } from "../debug/json.ts";
import type { Adapter } from "../debug/protocols/adapter.ts";
import { anthropicMessages } from "../debug/protocols/anthropic.ts";
import { dashscopeText } from "../debug/protocols/dashscope.ts";
import { gemini } from "../debug/protocols/gemini.ts";
import { openaiChat } from "../debug/protocols/openai-chat.ts";
import { openaiCompletions } from "../debug/protocols/openai-completions.ts";
import { openaiResponses } from "../debug/protocols/openai-responses.ts";
import { createSseDecoder } from "../debug/sse-decoder.ts";

/** One thing that was said before the answer. */
export interface Said {
  /** As the protocol names it. */
  readonly role: string;
  readonly text: string;
}

/** What was asked, in order; empty when nothing can be read from it. */
export function messagesOf(request: string): Said[] {
  const body = parseJson(request);
  if (!isObject(body)) return [];
  const system = textOf(
    body["system"] ?? body["instructions"] ?? at(body, "systemInstruction") ?? at(body, "system_instruction"),
  );
  const list = [body["messages"], at(body, "input", "messages"), body["contents"], body["input"]].find(
    (each) => Array.isArray(each) && each.some(isObject),
  );
  const said = Array.isArray(list)
    ? list.map(messageOf)
    : [body["prompt"], at(body, "input", "prompt"), body["input"], body["query"], at(body, "input", "text")]
        .map(textOf)
        .filter((text) => text !== "")
        .slice(0, 1)
        .map((text) => ({ role: "input", text }));
  return [...(system === "" ? [] : [{ role: "system", text: system }]), ...said].filter(
    ({ text }) => text !== "",
  );
}

function messageOf(message: unknown): Said {
  const role = textAt(message, "role") || textAt(message, "type") || "user";
  const calls = listAt(message, "tool_calls").map((call) => JSON.stringify(at(call, "function") ?? call));
  const content = at(message, "content") ?? at(message, "parts");
  // A call of a tool stands in a list of inputs without content.
  const isBare = isObject(message) && !("content" in message) && !("parts" in message);
  const text = isBare ? textOf(message) : textOf(content);
  return { role: role === "model" ? "assistant" : role, text: [text, ...calls].filter(Boolean).join("\n") };
}

/** Text of a content in any shape; parts that are none as their JSON, pictures by their kind alone. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join("\n");
  if (!isObject(content)) return "";
  if (Array.isArray(content["parts"])) return textOf(content["parts"]);
  if (typeof content["text"] === "string") return content["text"];
  const type = textAt(content, "type");
  if (/image|audio|video|file/u.test(type)) return `[${type}]`;
  const inner = content["content"];
  if (typeof inner === "string" || Array.isArray(inner)) return `[${type}] ${textOf(inner)}`;
  return JSON.stringify(content);
}

const adapters: Readonly<Record<string, readonly Adapter[]>> = {
  openai: [openaiChat, openaiResponses, openaiCompletions],
  anthropic: [anthropicMessages],
  gemini: [gemini],
  dashscope: [dashscopeText, openaiChat],
};
const everyAdapter = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  anthropicMessages,
  gemini,
  dashscopeText,
];

/** What the model returned; null when nothing can be read from it. @param protocol of the client */
export function answerOf(response: string, protocol: string): Answer | null {
  if (response === "") return null;
  for (const adapter of adapters[protocol] ?? everyAdapter) {
    const answer = read(response, adapter);
    if (hasContent(answer)) return answer;
  }
  return null;
}

function read(response: string, adapter: Adapter): Answer {
  const body = parseJson(response);
  if (body !== undefined) return addPieces(emptyAnswer, adapter.answer(body));
  const decoder = createSseDecoder();
  return [...decoder.push(response), ...decoder.end()].reduce((answer, { event, data }) => {
    const parsed = data === undefined ? undefined : parseJson(data);
    return parsed === undefined ? answer : addPieces(answer, adapter.frame(event, parsed));
  }, emptyAnswer);
}

function hasContent({ text, reasoning, refusal, tools, images, error }: Answer): boolean {
  return (
    text !== "" ||
    reasoning !== "" ||
    refusal !== "" ||
    tools.length > 0 ||
    images.length > 0 ||
    error !== null
  );
}
