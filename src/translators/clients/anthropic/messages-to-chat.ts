// System prompt and messages of an Anthropic request as messages of the chat form, and where each came from.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatMessage, ContentPart, TextPart, ToolMessage } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { assistantMessage } from "./assistant-to-chat.ts";
import { cacheControlOf, partOf, partsOf } from "./content-to-chat.ts";
import { fault, objectAt, optionalBoolean, optionalList, requiredString } from "./request-fault.ts";
import { fromToolUseId } from "./tool-use-id.ts";

export interface ReadMessages {
  readonly messages: readonly ChatMessage[];
  /** For each message its place in the client's list; -1 for the system prompt. */
  readonly places: readonly number[];
}

/** Claude Code begins its system prompt with a line that changes with every request: no cache would ever be hit. */
const volatileLine = "x-anthropic-billing-header";

export function messagesToChat(body: JsonObject, notes: TranslationNotes): ReadMessages {
  const messages: ChatMessage[] = [];
  const places: number[] = [];
  const system = systemParts(body["system"], "system", notes);
  if (system.length > 0) {
    messages.push({ role: "system", content: contentOf(system) });
    places.push(-1);
  }
  const list = optionalList(body, "messages");
  if (list === undefined) throw fault("messages", "is required and must be a list.");
  if (list.length === 0) throw fault("messages", "at least one message is required.");
  for (let index = 0; index < list.length; index++) {
    const path = `messages.${index}`;
    for (const message of readMessage(objectAt(list[index], path), path, notes)) {
      messages.push(message);
      places.push(index);
    }
  }
  return { messages, places };
}

function readMessage(message: JsonObject, path: string, notes: TranslationNotes): readonly ChatMessage[] {
  const role = requiredString(message, "role", path);
  const place = `${path}.content`;
  if (role === "system") {
    const parts = systemParts(message["content"], place, notes);
    return parts.length === 0 ? [] : [{ role, content: contentOf(parts) }];
  }
  if (role !== "user" && role !== "assistant")
    throw fault(`${path}.role`, "must be user, assistant or system.");
  const { content } = message;
  if (typeof content === "string") return [{ role, content }];
  if (!Array.isArray(content)) throw fault(place, "is required: a text, or a list of blocks.");
  if (role === "user") return userMessages(content, place, notes);
  const turn = assistantMessage(content, place);
  return turn === undefined ? [] : [turn];
}

/** Results of tools first, one message each; what else was said after them. */
function userMessages(
  content: readonly unknown[],
  path: string,
  notes: TranslationNotes,
): readonly ChatMessage[] {
  if (content.length === 0) throw fault(path, "must not be empty.");
  const messages: ChatMessage[] = [];
  const parts: ContentPart[] = [];
  for (let index = 0; index < content.length; index++) {
    const place = `${path}.${index}`;
    const block = objectAt(content[index], place);
    if (block["type"] === "tool_result") {
      messages.push(toolMessage(block, place, notes));
    } else {
      const part = partOf(block, place, notes);
      if (part !== undefined) parts.push(part);
    }
  }
  if (parts.length > 0) messages.push({ role: "user", content: contentOf(parts) });
  return messages;
}

function toolMessage(block: JsonObject, path: string, notes: TranslationNotes): ToolMessage {
  const { content } = block;
  return {
    role: "tool",
    tool_call_id: fromToolUseId(requiredString(block, "tool_use_id", path)),
    content: toolContent(content, path, notes),
    ...(optionalBoolean(block, "is_error", path) === true ? { is_error: true } : {}),
    ...cacheControlOf(block, path),
  };
}

function toolContent(
  content: unknown,
  path: string,
  notes: TranslationNotes,
): string | readonly ContentPart[] {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw fault(`${path}.content`, "must be a text or a list of blocks.");
  return contentOf(partsOf(content, `${path}.content`, notes));
}

/** One text without a mark is a plain text; none is an empty one. */
function contentOf<Part extends ContentPart>(parts: readonly Part[]): string | readonly Part[] {
  const [first] = parts;
  if (first === undefined) return "";
  const isPlain = parts.length === 1 && first.type === "text" && first.cache_control === undefined;
  return isPlain ? first.text : parts;
}

function systemParts(system: unknown, path: string, notes: TranslationNotes): readonly TextPart[] {
  if (system === undefined || system === null) return [];
  if (typeof system === "string") {
    const text = withoutVolatileLines(system);
    return text === "" ? [] : [{ type: "text", text }];
  }
  if (!Array.isArray(system)) throw fault(path, "must be a text or a list of text blocks.");
  return partsOf(system, path, notes).flatMap((part, index) => {
    if (part.type !== "text")
      throw fault(`${path}.${index}.type`, "only texts can stand in a system prompt.");
    if (!part.text.includes(volatileLine)) return [part];
    const text = withoutVolatileLines(part.text);
    return text === "" ? [] : [{ ...part, text }];
  });
}

function withoutVolatileLines(text: string): string {
  if (!text.includes(volatileLine)) return text;
  const lines = text.split("\n").filter((line) => !line.startsWith(volatileLine));
  return lines.join("\n").trimStart();
}
