// Reads a recorded request as a conversation in words, of whatever protocol, so that it can be asked again. What is more
// than words cannot: images, tools, forms of answers. Knows no record and no service.
import { isJsonObject, memberOf, parseJson } from "../../lib/json-value.ts";

export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface Chat {
  readonly system: string;
  readonly messages: readonly ChatMessage[];
}

/** Fields whose answer is more than words, or depends on what is not there any more. */
const notWords = [
  "tools",
  "functions",
  "response_format",
  "output_config",
  "text",
  "previous_response_id",
  "conversation",
  "prompt",
  "cachedContent",
  "modalities",
  "audio",
] as const;
const textTypes = new Set<unknown>(["text", "input_text", "output_text", undefined]);
const systemRoles = new Set<unknown>(["system", "developer"]);
const modelRoles = new Set<unknown>(["assistant", "model"]);

/** Undefined: something else than words, or no conversation whose last word is the client's. */
export function recordedChat(content: string): Chat | undefined {
  const body = parseJson(content);
  if (!isJsonObject(body) || notWords.some((name) => memberOf(body, name) !== undefined)) return undefined;
  const parameters = memberOf(body, "parameters");
  if (memberOf(parameters, "tools") !== undefined || memberOf(parameters, "response_format") !== undefined)
    return undefined;
  const generation = memberOf(body, "generationConfig");
  if (
    memberOf(generation, "responseSchema") !== undefined ||
    memberOf(generation, "responseMimeType") !== undefined
  )
    return undefined;
  const outside = systemOf(body);
  const turns = turnsOf(body);
  if (outside === undefined || turns === undefined) return undefined;
  const system = [outside, ...turns.filter(({ role }) => role === "system").map(({ text }) => text)];
  const messages = turns.flatMap(({ role, text }) => (role === "system" ? [] : [{ role, text }]));
  if (messages.at(-1)?.role !== "user" || messages.some(({ text }) => text === "")) return undefined;
  return { system: system.filter((text) => text !== "").join("\n\n"), messages };
}

/** What stands beside the messages, as Anthropic, Gemini and Responses have it; undefined: more than words. */
function systemOf(body: unknown): string | undefined {
  const given =
    memberOf(body, "system") ??
    memberOf(body, "instructions") ??
    memberOf(body, "systemInstruction") ??
    memberOf(body, "system_instruction");
  if (given === undefined || given === null) return "";
  return wordsOf(memberOf(given, "parts") ?? given);
}

interface Turn {
  readonly role: "user" | "assistant" | "system";
  readonly text: string;
}

function turnsOf(body: unknown): readonly Turn[] | undefined {
  const input = memberOf(body, "input");
  if (typeof input === "string") return [{ role: "user", text: input }];
  const list =
    memberOf(body, "messages") ?? memberOf(body, "contents") ?? memberOf(input, "messages") ?? input;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const turns = list.map(turnOf);
  const whole = turns.filter((turn) => turn !== undefined);
  return whole.length === turns.length ? whole : undefined;
}

function turnOf(message: unknown): Turn | undefined {
  const given = memberOf(message, "role") ?? "user";
  const role = systemRoles.has(given)
    ? "system"
    : modelRoles.has(given)
      ? "assistant"
      : given === "user"
        ? "user"
        : undefined;
  const type = memberOf(message, "type");
  const callsTools =
    memberOf(message, "tool_calls") !== undefined || memberOf(message, "function_call") !== undefined;
  if (role === undefined || callsTools || (type !== undefined && type !== "message")) return undefined;
  const text = wordsOf(memberOf(message, "content") ?? memberOf(message, "parts"));
  return text === undefined ? undefined : { role, text };
}

/** A text, or parts that are all texts; undefined: something else. */
function wordsOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts: string[] = [];
  for (const part of content) {
    const text = typeof part === "string" ? part : memberOf(part, "text");
    if (typeof text !== "string" || !textTypes.has(memberOf(part, "type"))) return undefined;
    texts.push(text);
  }
  return texts.join("\n");
}
