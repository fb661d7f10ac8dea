// Writes the messages of a chat as DashScope's native protocol wants them, in the form of its text or of its multimodal path.
// Must not know parameters.
import { GatewayError } from "../../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type {
  AssistantMessage,
  CacheControl,
  ChatMessage,
  ChatRequest,
  ContentPart,
  FilePart,
  ImagePart,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";

/** Between texts that were apart, such as several blocks of a system prompt. */
const paragraph = "\n\n";

const mediaTypes: ReadonlySet<ContentPart["type"]> = new Set(["image_url", "input_audio", "video_url"]);

/** Whether a message holds something that only the multimodal path takes. */
export function holdsMedia({ messages }: ChatRequest): boolean {
  return messages.some(
    ({ role, content }) =>
      (role === "user" || role === "tool") &&
      typeof content === "object" &&
      content.some(({ type }) => mediaTypes.has(type)),
  );
}

export function messagesFromChat(
  { messages }: ChatRequest,
  multimodal: boolean,
  context: TranslationContext,
): JsonObject[] {
  const writer = new MessageWriter(multimodal, context);
  messages.forEach((message, index) => writer.add(message, `messages.${index}`));
  return writer.finish();
}

class MessageWriter {
  readonly #written: JsonObject[] = [];
  /** Media of tool results, which have no place in them: they follow the last result of the turn. */
  #carried: JsonObject[] = [];
  readonly #multimodal: boolean;
  readonly #context: TranslationContext;

  constructor(multimodal: boolean, context: TranslationContext) {
    this.#multimodal = multimodal;
    this.#context = context;
  }

  add(message: ChatMessage, at: string): void {
    if (message.role !== "tool") this.#writeCarried();
    if ("name" in message && message.name !== undefined) this.#context.notes.dropped(`${at}.name`);
    if (message.role === "user") this.#addUser(message, at);
    else if (message.role === "assistant") this.#written.push(this.#assistant(message, at));
    else if (message.role === "tool") this.#addTool(message, at);
    else this.#addSystem(message, at);
  }

  finish(): JsonObject[] {
    this.#writeCarried();
    return this.#written;
  }

  #addSystem({ content }: SystemMessage, at: string): void {
    const role = this.#context.traits.systemRole === "user" ? "user" : "system";
    this.#written.push({ role, content: this.#content(content, at) });
  }

  #addUser({ content }: UserMessage, at: string): void {
    // What a part writes before its message must stand there first.
    const written = this.#content(content, at);
    this.#written.push({ role: "user", content: written });
  }

  #assistant(message: AssistantMessage, at: string): JsonObject {
    const { content, refusal, tool_calls: calls, reasoning_content: reasoning } = message;
    const said = content ?? refusal ?? "";
    const thought = this.#thought(message, reasoning, at);
    return {
      role: "assistant",
      content: this.#content(said, at, ""),
      ...(thought === undefined ? {} : { reasoning_content: thought }),
      ...(calls === undefined || calls.length === 0 ? {} : { tool_calls: calls.map(writeCall) }),
    };
  }

  /** Thinking goes back as text, unless the model is known to want none. Opaque state of others is worth nothing here. */
  #thought(message: AssistantMessage, reasoning: string | undefined, at: string): string | undefined {
    const { notes, traits } = this.#context;
    const details = message.reasoning_details ?? [];
    if (details.some(({ data }) => data !== undefined)) notes.dropped(`${at}.reasoning_details`);
    if ((message.server_blocks ?? []).length > 0) notes.dropped(`${at}.server_blocks`);
    const text = reasoning ?? details.map((detail) => detail.text ?? "").join("");
    if (text === "") return undefined;
    if (traits.wantsReasoningBack !== false) return text;
    notes.dropped(`${at}.reasoning_content`);
    return undefined;
  }

  #addTool({ tool_call_id: id, content, is_error: isError }: ToolMessage, at: string): void {
    if (isError === true) this.#context.notes.rewritten(`${at}.is_error`);
    const mark = isError === true ? [{ text: "Error:" }] : [];
    if (typeof content === "string") {
      this.#written.push({
        role: "tool",
        tool_call_id: id,
        content: this.#joined([...mark, { text: content }]),
      });
      return;
    }
    const parts = this.#parts(content, `${at}.content`);
    const media = parts.filter(({ text }) => text === undefined);
    if (media.length > 0) this.#context.notes.rewritten(`${at}.content`);
    this.#carried.push(...media.map(({ item }) => item ?? {}));
    const texts = parts.filter(({ text }) => text !== undefined);
    this.#written.push({ role: "tool", tool_call_id: id, content: this.#joined([...mark, ...texts]) });
  }

  #writeCarried(): void {
    if (this.#carried.length === 0) return;
    this.#written.push({ role: "user", content: this.#carried });
    this.#carried = [];
  }

  #content(content: string | readonly ContentPart[], at: string, glue = paragraph): unknown {
    const parts = typeof content === "string" ? [{ text: content }] : this.#parts(content, `${at}.content`);
    return this.#joined(parts, glue);
  }

  /** One text where the path takes one and nothing stands beside it; else a list of parts. */
  #joined(parts: readonly WrittenPart[], glue = paragraph): unknown {
    const filled = parts.filter(({ text }) => text !== "");
    const isPlain = filled.every(
      ({ text, cache_control: mark }) => text !== undefined && !isJsonObject(mark),
    );
    if (isPlain && !this.#multimodal) return filled.map(({ text }) => text ?? "").join(glue);
    return filled.map(({ text, item, cache_control: mark }) => ({
      ...(text === undefined ? item : this.#multimodal ? { text } : { type: "text", text }),
      // A place to cache up to is all that the service knows: it has no lengths of time.
      ...(mark === undefined ? {} : { cache_control: { type: mark.type } }),
    }));
  }

  #parts(content: readonly ContentPart[], at: string): WrittenPart[] {
    return content.map((part, index) => this.#part(part, `${at}.${index}`));
  }

  #part(part: ContentPart, at: string): WrittenPart {
    if (part.type === "text") {
      if (part.cache_control?.ttl !== undefined) this.#context.notes.dropped(`${at}.cache_control.ttl`);
      return part;
    }
    if (part.type === "refusal") return { text: part.refusal };
    const mark = isJsonObject(part.cache_control) ? { cache_control: part.cache_control } : {};
    if (part.type === "image_url") return { item: { image: this.#image(part, at) }, ...mark };
    if (part.type === "video_url") return { item: { video: part.video_url.url }, ...mark };
    if (part.type === "input_audio") return { item: { audio: audioUrl(part.input_audio) }, ...mark };
    return { ...this.#file(part, at), ...mark };
  }

  #image({ image_url: { url, detail, file_id: fileId } }: ImagePart, at: string): string {
    if (fileId !== undefined) throw impossible(at, "images are named by URL, not by the id of a file");
    if (detail !== undefined && detail !== "auto") this.#context.notes.dropped(`${at}.image_url.detail`);
    return url;
  }

  #file({ file }: FilePart, at: string): WrittenPart {
    if (file.text !== undefined) {
      this.#context.notes.rewritten(at);
      return { text: [file.title, file.context, file.text].filter(Boolean).join("\n") };
    }
    if (file.file_url !== undefined && !this.#multimodal)
      return {
        item: { type: "doc_url", doc_url: [file.file_url], file_parsing_strategy: "auto" },
      };
    if (file.file_id !== undefined) {
      this.#written.push({ role: "system", content: this.#joined([{ text: `fileid://${file.file_id}` }]) });
      return { text: "" };
    }
    throw impossible(at, "documents are read from a URL, and not beside images, audio or video");
  }
}

/** A part on its way: either a text or something else, with a mark of what to cache. */
interface WrittenPart {
  readonly text?: string;
  readonly item?: JsonObject;
  readonly cache_control?: CacheControl;
}

function writeCall(
  { id, function: { name, arguments: text } }: NonNullable<AssistantMessage["tool_calls"]>[number],
  index: number,
): JsonObject {
  return { index, id, type: "function", function: { name, arguments: text.trim() === "" ? "{}" : text } };
}

/** Some clients put a URL where the bytes belong. */
function audioUrl({ data, format }: { readonly data: string; readonly format: string }): string {
  return /^(?:data|https?|oss):/i.test(data) ? data : `data:audio/${format};base64,${data}`;
}

function impossible(at: string, why: string): GatewayError {
  return new GatewayError("invalid_request", {
    message: `${at} cannot be sent to a DashScope service: ${why}.`,
    param: at,
  });
}
