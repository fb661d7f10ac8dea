// Gemini's contents as messages of the chat form. Must not know tools or settings.
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatMessage, ContentPart, TextPart, ToolCall } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { contentPart } from "./parts-to-chat.ts";
import { fault, listIn, spelled, textIn } from "./spelling.ts";

/** Members of a part that say more about it, and nothing by themselves. */
const sidelong: ReadonlySet<string> = new Set([
  "thought",
  "thoughtSignature",
  "videoMetadata",
  "mediaResolution",
]);

export function messagesOf(body: JsonObject, notes: TranslationNotes): ChatMessage[] {
  const turns = new Turns(notes);
  if (body["systemInstruction"] !== undefined) turns.addSystem(body["systemInstruction"]);
  const { contents } = body;
  // The SDK makes a list of what it is given; by hand one content may come alone.
  const list: readonly unknown[] = Array.isArray(contents)
    ? contents
    : contents === undefined
      ? []
      : [contents];
  if (list.length === 0) throw fault("contents", "must hold at least one content");
  list.forEach((content, at) => turns.add(content, at));
  return turns.messages;
}

class Turns {
  readonly messages: ChatMessage[] = [];
  readonly #notes: TranslationNotes;
  /** Calls that no function has answered yet, in order. */
  #open: { readonly id: string; readonly name: string }[] = [];

  constructor(notes: TranslationNotes) {
    this.#notes = notes;
  }

  addSystem(value: unknown): void {
    const parts = typeof value === "string" ? [{ text: value }] : partsOf(value, "systemInstruction");
    const texts = parts.map((part, place): TextPart => {
      const text = textIn(part, "text", `systemInstruction.parts.${place}.`);
      if (text === undefined) throw fault(`systemInstruction.parts.${place}`, "must be a text");
      return { type: "text", text };
    });
    const [only] = texts;
    if (only === undefined) return;
    this.messages.push({ role: "system", content: texts.length === 1 ? only.text : texts });
  }

  add(value: unknown, at: number): void {
    const where = `contents.${at}`;
    const content = spelled(value, where);
    const role = textIn(content, "role", `${where}.`) ?? "user";
    const parts = partsOf(content, where);
    if (role === "model") this.#addModel(parts, at);
    else if (role === "user" || role === "function") this.#addUser(parts, `${where}.parts`);
    else throw fault(`${where}.role`, "must be user or model");
  }

  #addUser(parts: readonly JsonObject[], where: string): void {
    const said: ContentPart[] = [];
    parts.forEach((part, place) => {
      const at = `${where}.${place}`;
      if (part["functionResponse"] !== undefined) this.#addAnswer(part["functionResponse"], at);
      else if (saysSomething(part)) said.push(contentPart(part, at, this.#notes));
    });
    const [only] = said;
    if (only === undefined) return;
    const isText = said.length === 1 && only.type === "text";
    this.messages.push({ role: "user", content: isText ? only.text : said });
  }

  #addAnswer(value: unknown, at: string): void {
    const where = `${at}.functionResponse`;
    const answer = spelled(value, where);
    const id = this.#answered(textIn(answer, "id", `${where}.`), textIn(answer, "name", `${where}.`), where);
    const enclosed = listIn(answer, "parts", `${where}.`).map((part, place) => {
      const inner = `${where}.parts.${place}`;
      return contentPart(spelled(part, inner), inner, this.#notes);
    });
    const { text, failed } = wordsOf(answer["response"]);
    const content = enclosed.length === 0 ? text : [{ type: "text" as const, text }, ...enclosed];
    this.messages.push({ role: "tool", tool_call_id: id, content, ...(failed && { is_error: true }) });
  }

  /** The call that is answered: the one with this id, else the first open one of this name. */
  #answered(id: string | undefined, name: string | undefined, where: string): string {
    let found = this.#open.findIndex((call) => id !== undefined && call.id === id);
    if (found === -1) found = this.#open.findIndex((call) => call.name === name);
    const call = this.#open[found];
    if (call === undefined) throw fault(where, "answers no function call of an earlier content");
    this.#open.splice(found, 1);
    return call.id;
  }

  #addModel(parts: readonly JsonObject[], at: number): void {
    const calls: ToolCall[] = [];
    let text = "";
    let thoughts = "";
    parts.forEach((part, place) => {
      const where = `contents.${at}.parts.${place}`;
      const said = textIn(part, "text", `${where}.`);
      if (part["functionCall"] !== undefined) calls.push(callOf(part, where, `call_c${at}p${place}`));
      else if (part["thought"] === true) thoughts += said ?? "";
      else if (said !== undefined) text += said;
      else if (saysSomething(part)) this.#notes.dropped(where);
    });
    if (calls.length > 0) this.#open = calls.map(({ id, function: called }) => ({ id, name: called.name }));
    if (calls.length === 0 && text === "" && thoughts === "") return;
    this.messages.push({
      role: "assistant",
      content: text === "" ? null : text,
      // Thoughts of a turn with calls are put back from what the gateway kept, with all that belongs to them.
      ...(thoughts !== "" && calls.length === 0 && { reasoning_content: thoughts }),
      ...(calls.length > 0 && { tool_calls: calls }),
    });
  }
}

/** Ids that are made here are the same in every request of a conversation, so that caches of prompts hold. */
function callOf(part: JsonObject, where: string, made: string): ToolCall {
  const call = spelled(part["functionCall"], `${where}.functionCall`);
  const name = textIn(call, "name", `${where}.functionCall.`);
  if (name === undefined) throw fault(`${where}.functionCall.name`, "is missing");
  const signature = textIn(part, "thoughtSignature", `${where}.`);
  return {
    id: textIn(call, "id", `${where}.functionCall.`) ?? made,
    type: "function",
    function: { name, arguments: argumentsText(call["args"]) },
    ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }),
  };
}

/** What a function answered: by Gemini's habit under `output` or `error`, else the whole. */
function wordsOf(response: unknown): { readonly text: string; readonly failed: boolean } {
  if (!isJsonObject(response)) return { text: textOfValue(response), failed: false };
  const [name, ...more] = Object.keys(response);
  if (name === undefined || more.length > 0 || !["output", "result", "error"].includes(name))
    return { text: JSON.stringify(response), failed: false };
  return { text: textOfValue(response[name]), failed: name === "error" };
}

function textOfValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

function partsOf(content: unknown, where: string): JsonObject[] {
  const parts = spelled(content, where)["parts"];
  if (parts === undefined) return [];
  const list: readonly unknown[] = Array.isArray(parts) ? parts : [parts];
  return list.map((part, place) => spelled(part, `${where}.parts.${place}`));
}

function saysSomething(part: JsonObject): boolean {
  return Object.keys(part).some((name) => !sidelong.has(name));
}
