// Reads the parts of Gemini's answers, one by one, whole or in a stream: what each says in the chat form, and at which
// place of the turn. Must not know events or usage.
import { isJsonObject, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import { PartialArguments } from "./partial-arguments.ts";

/** What one part says; at most one of the members, or text with the signature that it carries. */
export interface SaidPart {
  readonly text?: string;
  readonly detail?: ReasoningDetail;
  readonly calls?: readonly ToolCallDelta[];
  readonly annotation?: JsonObject;
  /** Of a tool that Google runs itself: only Google knows what to do with it. */
  readonly serverBlock?: { readonly index: number; readonly format: "gemini"; readonly block: JsonObject };
}

/** State of one candidate. */
export class AnswerParts {
  called = false;
  /** Whether anything was said that a client sees. */
  spoke = false;
  readonly #newId: () => string;
  readonly #ids = new Set<string>();
  /** Place of the next block of the turn. */
  #next = 0;
  /** Place of the thought that goes on; undefined when the last block was none. */
  #thought: number | undefined;
  #hasText = false;
  #calls = 0;
  /** The call whose arguments come in pieces. */
  #open: { readonly index: number; readonly args: PartialArguments } | undefined;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** @throws TypeError for arguments in pieces that fit nowhere */
  read(part: unknown): SaidPart {
    const signature = textOf(part, "thoughtSignature");
    const call = memberOf(part, "functionCall");
    if (isJsonObject(call)) return { calls: this.#readCall(call, signature) };
    const text = memberOf(part, "text");
    if (memberOf(part, "thought") === true) return this.#readThought(textIn(text), signature);
    if (typeof text === "string") return this.#readText(text, signature);
    const data = memberOf(part, "inlineData");
    if (isJsonObject(data)) return this.#readData(data, signature);
    if (isJsonObject(part) && isServerPart(part)) return this.#readServerPart(part);
    return signature === undefined ? {} : { detail: this.#signatureOf("", signature) };
  }

  /** What is left of a call whose end did not come. */
  finish(): readonly ToolCallDelta[] {
    return this.#close(undefined);
  }

  #readThought(text: string, signature: string | undefined): SaidPart {
    if (text === "" && signature === undefined) return {};
    this.#thought ??= this.#next++;
    this.spoke ||= text !== "";
    const index = this.#thought;
    // A signed thought is complete: the next one is another.
    if (signature !== undefined) this.#thought = undefined;
    return {
      detail: {
        type: "thinking",
        index,
        text,
        ...(signature !== undefined && { signature }),
        format: "gemini",
      },
    };
  }

  /** The signature of a text stands before it, without a text of its own; behind other text it is a block with none. */
  #readText(text: string, signature: string | undefined): SaidPart {
    const isFirst = text !== "" && !this.#hasText;
    const detail =
      signature === undefined ? undefined : this.#signatureOf(isFirst ? undefined : "", signature);
    if (isFirst) {
      this.#hasText = true;
      this.#thought = undefined;
      this.#next += 1;
    }
    this.spoke ||= text !== "";
    return { ...(detail !== undefined && { detail }), ...(text !== "" && { text }) };
  }

  #signatureOf(text: string | undefined, signature: string): ReasoningDetail {
    this.#thought = undefined;
    const index = this.#next++;
    return { type: "thinking", index, ...(text !== undefined && { text }), signature, format: "gemini" };
  }

  #readCall(call: JsonObject, signature: string | undefined): ToolCallDelta[] {
    const name = textOf(call, "name");
    const goesOn = memberOf(call, "willContinue") === true;
    const pieces = memberOf(call, "partialArgs");
    if (name === undefined) {
      if (this.#open === undefined) return [];
      this.#open.args.add(pieces);
      return goesOn && signature === undefined ? [] : this.#close(signature, goesOn);
    }
    const ended = this.#close(undefined);
    this.called = true;
    this.spoke = true;
    this.#thought = undefined;
    this.#next += 1;
    const index = this.#calls++;
    const isWhole = !goesOn && pieces === undefined;
    const started: ToolCallDelta = {
      index,
      id: this.#idOf(call, index),
      type: "function",
      function: { name, arguments: isWhole ? argumentsText(memberOf(call, "args")) : "" },
      ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }),
    };
    if (isWhole) return [...ended, started];
    this.#open = { index, args: new PartialArguments() };
    this.#open.args.add(pieces);
    return [...ended, started, ...(goesOn ? [] : this.#close(undefined))];
  }

  #close(signature: string | undefined, goesOn = false): ToolCallDelta[] {
    const open = this.#open;
    if (open === undefined) return [];
    if (!goesOn) this.#open = undefined;
    return [
      {
        index: open.index,
        ...(!goesOn && { function: { arguments: open.args.text() } }),
        ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }),
      },
    ];
  }

  /** Gemini's own, unless it has none or used it before. */
  #idOf(call: JsonObject, index: number): string {
    const own = textOf(call, "id");
    const made = own === undefined || this.#ids.has(own) ? `call_${this.#newId()}` : own;
    const id = this.#ids.has(made) ? `${made}_${index}` : made;
    this.#ids.add(id);
    return id;
  }

  /** A picture or a sound that the model made. */
  #readData(data: JsonObject, signature: string | undefined): SaidPart {
    this.spoke = true;
    const type = textOf(data, "mimeType") ?? "application/octet-stream";
    const url = `data:${type};base64,${textOf(data, "data") ?? ""}`;
    const annotation = type.startsWith("image/")
      ? { type: "image_url", image_url: { url } }
      : { type: "file", file: { file_data: url } };
    return {
      annotation,
      ...(signature !== undefined && { detail: this.#signatureOf("", signature) }),
    };
  }

  #readServerPart(block: JsonObject): SaidPart {
    this.#thought = undefined;
    this.spoke = true;
    return { serverBlock: { index: this.#next++, format: "gemini", block } };
  }
}

function isServerPart(part: JsonObject): boolean {
  return ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"].some((name) =>
    isJsonObject(memberOf(part, name)),
  );
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
