// Reads the messages of an OpenAI chat completion. They are of the chat form already where nothing is old or foreign in
// them: those are handed on as they are. Must not know other fields of the request.
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ContentPart,
  ReasoningDetail,
  RefusalPart,
  SystemMessage,
  TextPart,
  ToolCall,
  ToolMessage,
  UserMessage,
} from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { fault, isObject, listAt, objectAt, optionalText, own, textAt } from "./field-faults.ts";
import { withoutNulls } from "./null-members.ts";
import { serverBlocks } from "./server-blocks.ts";

export function readMessages(body: JsonObject, notes: TranslationNotes): ChatMessage[] {
  const messages = listAt(own(body, "messages"), "messages");
  if (messages.length === 0) throw fault("messages", "must not be empty");
  const reading = { notes, legacy: new LegacyCalls() };
  return messages.map((message, index) =>
    readMessage(objectAt(message, `messages.${index}`), `messages.${index}`, reading),
  );
}

/** Ids for calls in the form before tools, which had none: a result belongs to the last call of its name. */
class LegacyCalls {
  readonly #made = new Map<string, number>();

  made(name: string): string {
    this.#made.set(name, (this.#made.get(name) ?? 0) + 1);
    return this.last(name);
  }

  last(name: string): string {
    return `call_${name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 40)}_${this.#made.get(name) ?? 1}`;
  }
}

interface Reading {
  readonly notes: TranslationNotes;
  readonly legacy: LegacyCalls;
}

function readMessage(message: JsonObject, at: string, reading: Reading): ChatMessage {
  const role = textAt(own(message, "role"), `${at}.role`);
  const name = optionalText(message, "name", `${at}.`);
  const named = name === undefined ? {} : { name };
  switch (role) {
    case "system":
    case "developer":
      return { role, content: systemContent(message, at), ...named };
    case "user":
      return { role, content: userContent(own(message, "content"), `${at}.content`), ...named };
    case "assistant":
      return { ...assistantMessage(message, at, reading), ...named };
    case "tool":
      return toolMessage(message, at);
    case "function":
      // The form before tools: its result belongs to the call of that name.
      return {
        role: "tool",
        tool_call_id: reading.legacy.last(textAt(own(message, "name"), `${at}.name`)),
        content:
          own(message, "content") === undefined ? "" : userContent(message["content"], `${at}.content`),
      };
    default:
      throw fault(`${at}.role`, "must be system, developer, user, assistant or tool");
  }
}

function systemContent(message: JsonObject, at: string): SystemMessage["content"] {
  const content = own(message, "content");
  if (typeof content === "string") return content;
  const parts = listAt(content, `${at}.content`);
  parts.forEach((part, index) => checkTextPart(part, `${at}.content.${index}`));
  // Every part was found to be one of text.
  return withoutNulls(parts) as readonly TextPart[];
}

function checkTextPart(part: unknown, at: string): void {
  const object = objectAt(part, at);
  if (own(object, "type") !== "text") throw fault(`${at}.type`, "must be text");
  checkMark(object, at);
  textAt(own(object, "text"), `${at}.text`);
}

function userContent(content: unknown, at: string): UserMessage["content"] {
  if (typeof content === "string") return content;
  const parts = listAt(content, at);
  parts.forEach((part, index) => checkPart(part, `${at}.${index}`));
  // Every part was found to be one of these.
  return withoutNulls(parts) as readonly ContentPart[];
}

function checkPart(part: unknown, at: string): void {
  const object = objectAt(part, at);
  const type = own(object, "type");
  checkMark(object, at);
  switch (type) {
    case "text":
      return void textAt(own(object, "text"), `${at}.text`);
    case "image_url":
    case "video_url":
      return checkUrl(object, type, at);
    case "input_audio": {
      const audio = objectAt(own(object, "input_audio"), `${at}.input_audio`);
      textAt(own(audio, "data"), `${at}.input_audio.data`);
      return void textAt(own(audio, "format"), `${at}.input_audio.format`);
    }
    case "file":
      return checkFile(objectAt(own(object, "file"), `${at}.file`), `${at}.file`);
    case "refusal":
      return void textAt(own(object, "refusal"), `${at}.refusal`);
    default:
      throw fault(`${at}.type`, "must be text, image_url, input_audio, video_url or file");
  }
}

function checkMark(part: JsonObject, at: string): void {
  const mark = own(part, "cache_control");
  if (mark !== undefined) objectAt(mark, `${at}.cache_control`);
}

function checkUrl(part: JsonObject, type: "image_url" | "video_url", at: string): void {
  const holder = objectAt(own(part, type), `${at}.${type}`);
  if (type === "image_url" && own(holder, "file_id") !== undefined)
    return void textAt(own(holder, "file_id"), `${at}.${type}.file_id`);
  textAt(own(holder, "url"), `${at}.${type}.url`);
  optionalText(holder, "detail", `${at}.${type}.`);
}

const fileTexts = ["file_id", "file_data", "file_url", "filename", "text", "title", "context"] as const;

function checkFile(file: JsonObject, at: string): void {
  const given = fileTexts.filter((name) => optionalText(file, name, `${at}.`) !== undefined);
  if (
    !given.some(
      (name) => name === "file_id" || name === "file_data" || name === "file_url" || name === "text",
    )
  )
    throw fault(at, "must have file_id, file_data or file_url");
}

function toolMessage(message: JsonObject, at: string): ToolMessage {
  const content = own(message, "content");
  const cache = own(message, "cache_control");
  return {
    role: "tool",
    tool_call_id: textAt(own(message, "tool_call_id"), `${at}.tool_call_id`),
    content: content === undefined ? "" : userContent(content, `${at}.content`),
    ...(own(message, "is_error") === true ? { is_error: true } : {}),
    ...(isObject(cache) ? { cache_control: { type: "ephemeral", ...ttlOf(cache) } } : {}),
  };
}

function ttlOf(cache: JsonObject): { readonly ttl?: string } {
  const ttl = own(cache, "ttl");
  return typeof ttl === "string" ? { ttl } : {};
}

function assistantMessage(message: JsonObject, at: string, reading: Reading): AssistantMessage {
  const calls = toolCalls(message, at, reading);
  const refusal = optionalText(message, "refusal", `${at}.`);
  const thought = optionalText(message, "reasoning_content", `${at}.`) ?? otherReasoning(message);
  const details = reasoningDetails(message, at);
  const blocks = serverBlocks(message, at);
  if (own(message, "audio") !== undefined) reading.notes.dropped(`${at}.audio`);
  return {
    role: "assistant",
    content: assistantContent(own(message, "content"), `${at}.content`),
    ...(refusal === undefined ? {} : { refusal }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(thought === undefined ? {} : { reasoning_content: thought }),
    ...(details === undefined ? {} : { reasoning_details: details }),
    ...(blocks === undefined ? {} : { server_blocks: blocks }),
  };
}

/** As OpenRouter and newer vLLM call it. */
function otherReasoning(message: JsonObject): string | undefined {
  const reasoning = own(message, "reasoning");
  return typeof reasoning === "string" ? reasoning : undefined;
}

function assistantContent(content: unknown, at: string): NonNullable<AssistantMessage["content"]> | null {
  if (content === undefined) return null;
  if (typeof content === "string") return content;
  const parts = listAt(content, at);
  parts.forEach((part, index) => {
    const type = own(objectAt(part, `${at}.${index}`), "type");
    if (type !== "text" && type !== "refusal") throw fault(`${at}.${index}.type`, "must be text or refusal");
    checkPart(part, `${at}.${index}`);
  });
  // Every part was found to be one of the two.
  return withoutNulls(parts) as readonly (TextPart | RefusalPart)[];
}

function toolCalls(message: JsonObject, at: string, reading: Reading): ToolCall[] | undefined {
  const calls = own(message, "tool_calls");
  if (calls !== undefined) {
    const list = listAt(calls, `${at}.tool_calls`);
    if (list.length === 0) return undefined;
    return list.map((call, index) =>
      toolCall(objectAt(call, `${at}.tool_calls.${index}`), `${at}.tool_calls.${index}`, reading.notes),
    );
  }
  const legacy = own(message, "function_call");
  if (legacy === undefined) return undefined;
  const { name, text } = calledFunction(objectAt(legacy, `${at}.function_call`), `${at}.function_call`);
  return [{ id: reading.legacy.made(name), type: "function", function: { name, arguments: text } }];
}

function toolCall(call: JsonObject, at: string, notes: TranslationNotes): ToolCall {
  const id = textAt(own(call, "id"), `${at}.id`);
  const custom = own(call, "custom");
  if (own(call, "type") === "custom" || custom !== undefined) {
    const tool = objectAt(custom, `${at}.custom`);
    const input = optionalText(tool, "input", `${at}.custom.`) ?? "";
    notes.rewritten(`${at}.custom`);
    const name = textAt(own(tool, "name"), `${at}.custom.name`);
    return { id, type: "function", function: { name, arguments: JSON.stringify({ input }) } };
  }
  const { name, text } = calledFunction(objectAt(own(call, "function"), `${at}.function`), `${at}.function`);
  const extra = thoughtSignature(call);
  return {
    id,
    type: "function",
    function: { name, arguments: text },
    ...(extra === undefined ? {} : { extra_content: { google: { thought_signature: extra } } }),
  };
}

function calledFunction(called: JsonObject, at: string): { readonly name: string; readonly text: string } {
  return {
    name: textAt(own(called, "name"), `${at}.name`),
    text: optionalText(called, "arguments", `${at}.`) ?? "",
  };
}

/** Where Google's own endpoint for OpenAI clients puts it, and where it stood before. */
function thoughtSignature(call: JsonObject): string | undefined {
  for (const holder of [own(call, "extra_content"), call]) {
    const google = isObject(holder) ? own(holder, "google") : undefined;
    const signature = isObject(google) ? own(google, "thought_signature") : undefined;
    if (typeof signature === "string") return signature;
  }
  return undefined;
}

const formats = ["anthropic", "responses", "gemini"] as const;

/** What this gateway gave; details of other makers have their text read, which is all that they mean elsewhere. */
function reasoningDetails(message: JsonObject, at: string): ReasoningDetail[] | undefined {
  const details = own(message, "reasoning_details");
  if (details === undefined) return undefined;
  const read = listAt(details, `${at}.reasoning_details`).flatMap((detail, place) =>
    isObject(detail) ? (reasoningDetail(detail, place) ?? []) : [],
  );
  return read.length === 0 ? undefined : read;
}

function reasoningDetail(detail: JsonObject, place: number): ReasoningDetail | undefined {
  const type = own(detail, "type");
  const text = textIn(detail, "text") ?? textIn(detail, "summary");
  const data = textIn(detail, "data");
  const isRedacted = type === "redacted_thinking" || (type === "reasoning.encrypted" && text === undefined);
  if (type !== "thinking" && !isRedacted && text === undefined) return undefined;
  const signature = textIn(detail, "signature");
  const id = textIn(detail, "id");
  const format = formats.find((known) => own(detail, "format") === known);
  return {
    type: isRedacted ? "redacted_thinking" : "thinking",
    index: placeOf(detail, place),
    ...(text === undefined ? {} : { text }),
    ...(signature === undefined ? {} : { signature }),
    ...(data === undefined ? {} : { data }),
    ...(id === undefined ? {} : { id }),
    ...(format === undefined ? {} : { format }),
  };
}

/** Bounded, as it is counted up from. */
function placeOf(detail: JsonObject, place: number): number {
  const index = numberIn(own(detail, "index"));
  return index !== undefined && Number.isInteger(index) && index >= 0 && index <= 1_000_000 ? index : place;
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = own(object, name);
  return typeof value === "string" ? value : undefined;
}
