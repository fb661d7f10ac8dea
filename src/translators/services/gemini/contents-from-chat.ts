// The messages of the chat form as Gemini's contents and system instruction. Must not know tools or settings.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber, parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import { blocksOf } from "../../chat/assistant-blocks.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ChatRequest,
  ContentPart,
  ReasoningDetail,
  SystemMessage,
  ToolCall,
  ToolMessage,
  UserMessage,
} from "../../chat/chat-request.ts";
import { argumentsObject } from "../../chat/tool-arguments.ts";
import type { MediaAsk, TranslationContext } from "../../translation.ts";
import { mediaPart, urlToFetch } from "./media-parts.ts";

interface Content {
  readonly role: "user" | "model";
  readonly parts: JsonObject[];
}

export interface Contents {
  readonly contents: readonly Content[];
  readonly systemInstruction?: { readonly parts: readonly JsonObject[] };
}

/** What Google takes in place of a signature that is not there: the call comes from elsewhere. */
const noSignature = "skip_thought_signature_validator";

/** Empty texts are refused. */
const blank: JsonObject = { text: " " };

export function mediaOf({ messages }: ChatRequest): MediaAsk[] {
  return messages.flatMap(({ role, content }, at) => {
    if ((role !== "user" && role !== "tool") || typeof content === "string") return [];
    return content.flatMap((part, place) => {
      const url = urlToFetch(part);
      return url === undefined ? [] : [{ url, param: `messages.${at}.content.${place}` }];
    });
  });
}

export function contentsOf(chat: ChatRequest, context: TranslationContext): Contents {
  const conversation = new Conversation(context);
  chat.messages.forEach((message, at) => conversation.add(message, at));
  return conversation.finish();
}

class Conversation {
  readonly #context: TranslationContext;
  readonly #system: JsonObject[] = [];
  readonly #contents: Content[] = [];
  /** Names of the functions that were called, by the ids of the calls. */
  readonly #names = new Map<string, string>();
  /** Whether the last content holds answers of functions: these stand alone, all of one turn together. */
  #answering = false;
  /** Parts of answers of functions that are no text: they follow the answers. */
  #enclosed: JsonObject[] = [];

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  add(message: ChatMessage, at: number): void {
    if (message.role !== "tool") this.#enclose();
    if ("name" in message && message.name !== undefined) this.#context.notes.dropped(`messages.${at}.name`);
    switch (message.role) {
      case "system":
      case "developer":
        return this.#addSystem(message, at);
      case "user":
        return this.#append("user", this.#userParts(message.content, `messages.${at}.content`));
      case "assistant":
        return this.#append("model", this.#modelParts(message, at));
      case "tool":
        return this.#addAnswer(message, at);
    }
  }

  finish(): Contents {
    this.#enclose();
    const contents = this.#contents;
    const isKnown = this.#context.traits.systemRole !== "user";
    // The first content never holds answers of functions, as these follow a call.
    if (contents[0]?.role !== "user") contents.unshift({ role: "user", parts: [] });
    const first = contents[0]?.parts;
    if (!isKnown) first?.unshift(...this.#system);
    if (first?.length === 0) first.push(blank);
    const hasSystem = isKnown && this.#system.length > 0;
    return {
      contents,
      ...(hasSystem && { systemInstruction: { parts: this.#system } }),
    };
  }

  /** There is one place for it, before everything: what stood later moves. */
  #addSystem({ content }: SystemMessage, at: number): void {
    const { notes } = this.#context;
    if (this.#contents.length > 0) notes.rewritten(`messages.${at}`);
    if (typeof content === "string") {
      if (content !== "") this.#system.push({ text: content });
      return;
    }
    content.forEach((part, place) => {
      if (part.cache_control !== undefined) notes.dropped(`messages.${at}.content.${place}.cache_control`);
      if (part.text !== "") this.#system.push({ text: part.text });
    });
  }

  #userParts(content: UserMessage["content"], where: string): JsonObject[] {
    if (typeof content === "string") return content === "" ? [] : [{ text: content }];
    return content.flatMap((part, place) => this.#part(part, `${where}.${place}`));
  }

  #part(part: ContentPart, where: string): JsonObject[] {
    if ("cache_control" in part && part.cache_control !== undefined)
      this.#context.notes.dropped(`${where}.cache_control`);
    if (part.type === "text") return part.text === "" ? [] : [{ text: part.text }];
    if (part.type === "refusal") return part.refusal === "" ? [] : [{ text: part.refusal }];
    return [mediaPart(part, where, this.#context)];
  }

  #modelParts(message: AssistantMessage, at: number): JsonObject[] {
    const parts: JsonObject[] = [];
    if (message.reasoning_details === undefined && message.reasoning_content) {
      parts.push({ text: message.reasoning_content, thought: true });
    }
    /** Of a block whose text comes next. */
    let signature: string | undefined;
    let calls = 0;
    for (const block of blocksOf(message)) {
      if (signature !== undefined && block.kind !== "text") {
        parts.push({ text: "", thoughtSignature: signature });
        signature = undefined;
      }
      if (block.kind === "reasoning") {
        if (isBareSignature(block.detail)) ({ signature } = block.detail);
        else this.#addThought(parts, block.detail, at);
      } else if (block.kind === "text") {
        parts.push({
          text: block.part.text,
          ...(signature !== undefined && { thoughtSignature: signature }),
        });
        signature = undefined;
      } else if (block.kind === "call") {
        parts.push(this.#callPart(block.call, calls, at));
        calls += 1;
      } else if (block.format === "gemini") parts.push(block.block);
      else this.#context.notes.dropped(`messages.${at}.server_blocks`);
    }
    if (signature !== undefined) parts.push({ text: "", thoughtSignature: signature });
    return parts;
  }

  #addThought(parts: JsonObject[], { type, text, signature, format }: ReasoningDetail, at: number): void {
    const isForeign = format !== undefined && format !== "gemini";
    if (isForeign || type === "redacted_thinking") {
      this.#context.notes.dropped(`messages.${at}.reasoning_details`);
      return;
    }
    const said = { text: text ?? "", ...(signature !== undefined && { thoughtSignature: signature }) };
    if (text) parts.push({ ...said, thought: true });
    else if (signature !== undefined) parts.push(said);
  }

  #callPart({ id, function: called, extra_content: extra }: ToolCall, index: number, at: number): JsonObject {
    this.#names.set(id, called.name);
    let signature = extra?.google?.thought_signature;
    // Of calls that were made together only the first is signed.
    if (signature === undefined && index === 0 && this.#context.traits.thinking === "level") {
      signature = noSignature;
      this.#context.notes.rewritten(`messages.${at}.tool_calls.0.extra_content`);
    }
    return {
      functionCall: { id, name: called.name, args: argumentsObject(called.arguments) },
      ...(signature !== undefined && { thoughtSignature: signature }),
    };
  }

  #addAnswer(
    { tool_call_id: id, content, is_error: failed, cache_control: mark }: ToolMessage,
    at: number,
  ): void {
    const name = this.#names.get(id);
    if (name === undefined) {
      throw new GatewayError("invalid_request", {
        message: `messages.${at}.tool_call_id names no tool call of an earlier message of the assistant.`,
        param: `messages.${at}.tool_call_id`,
      });
    }
    if (mark !== undefined) this.#context.notes.dropped(`messages.${at}.cache_control`);
    const text = typeof content === "string" ? content : this.#answerText(content, id, at);
    const response = failed === true ? { error: text } : responseOf(text);
    if (!this.#answering) this.#contents.push({ role: "user", parts: [] });
    this.#answering = true;
    this.#contents.at(-1)?.parts.push({ functionResponse: { id, name, response } });
  }

  /** Pictures and files of an answer follow in a content of their own, introduced by the id of the call. */
  #answerText(content: readonly ContentPart[], id: string, at: number): string {
    const texts: string[] = [];
    const others: JsonObject[] = [];
    content.forEach((part, place) => {
      const where = `messages.${at}.content.${place}`;
      if (part.type === "text") texts.push(part.text);
      else {
        others.push(...this.#part(part, where));
        this.#context.notes.rewritten(where);
      }
    });
    if (others.length === 0) return texts.join("");
    this.#enclosed.push({ text: `Part of the result of tool call ${id}:` }, ...others);
    return [...texts, "The rest of the result follows."].join("\n");
  }

  #enclose(): void {
    const enclosed = this.#enclosed;
    if (enclosed.length === 0) return;
    this.#enclosed = [];
    this.#append("user", enclosed);
  }

  #append(role: Content["role"], parts: JsonObject[]): void {
    if (parts.length === 0) return;
    const last = this.#contents.at(-1);
    if (last?.role === role && !this.#answering) last.parts.push(...parts);
    else this.#contents.push({ role, parts });
    this.#answering = false;
  }
}

/** The signature of a part that is no thought. */
function isBareSignature({ type, text, signature, format }: ReasoningDetail): boolean {
  return type === "thinking" && format === "gemini" && text === undefined && signature !== undefined;
}

/** A function answers with an object: a text that is one stays so, any other is put into one. */
function responseOf(text: string): JsonObject {
  if (/^\s*\{/.test(text)) {
    try {
      const value = parseExactJson(text);
      if (isJsonObject(value) && !isRawNumber(value)) return value;
    } catch {
      // Only looks like JSON.
    }
  }
  return { result: text };
}
