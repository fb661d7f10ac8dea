// Messages of the chat form as input items of the Responses protocol. Must not know the request around them.
import { GatewayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import { blocksOf, type AssistantBlock } from "../../chat/assistant-blocks.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ContentPart,
  FilePart,
  ReasoningDetail,
  SystemMessage,
} from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";

export interface ResponsesInput {
  /** The system prompts that stand before everything else. */
  readonly instructions: string | undefined;
  readonly input: readonly JsonObject[];
}

/** @throws GatewayError invalid_request for parts that the protocol has no place for */
export function inputFromChat(messages: readonly ChatMessage[], context: TranslationContext): ResponsesInput {
  const input: JsonObject[] = [];
  const instructions: string[] = [];
  const asUser = context.traits.systemRole === "user";
  for (const [index, message] of messages.entries()) {
    const param = `messages.${index}`;
    if (message.role === "assistant") {
      input.push(...assistantItems(message, param, context));
    } else if (message.role === "user") {
      noteName(message.name, param, context);
      input.push({ role: "user", content: contentItems(message.content, param, context) });
    } else if (message.role === "tool") {
      const content = contentItems(message.content, param, context);
      const output = outputOf(content, message.is_error === true);
      input.push({ type: "function_call_output", call_id: message.tool_call_id, output });
      noteCache(message.cache_control !== undefined, context);
    } else {
      const text = systemText(message, context);
      if (!asUser && input.length === 0) instructions.push(text);
      else input.push({ role: asUser ? "user" : message.role, content: text });
    }
  }
  return { instructions: instructions.length === 0 ? undefined : instructions.join("\n\n"), input };
}

function systemText({ content }: SystemMessage, context: TranslationContext): string {
  if (typeof content === "string") return content;
  noteCache(
    content.some((part) => part.cache_control !== undefined),
    context,
  );
  return content.map(({ text }) => text).join("\n\n");
}

function noteName(name: string | undefined, param: string, { notes }: TranslationContext): void {
  if (name !== undefined) notes.dropped(`${param}.name`);
}

/** The protocol keeps what it has read without being asked. */
function noteCache(isMarked: boolean, { notes }: TranslationContext): void {
  if (isMarked) notes.dropped("cache_control");
}

/** A tool that failed has no field of its own. */
function outputOf(content: string | readonly JsonObject[], failed: boolean): string | readonly JsonObject[] {
  if (!failed) return content;
  const mark = "The tool failed: ";
  return typeof content === "string" ? mark + content : [{ type: "input_text", text: mark }, ...content];
}

function contentItems(
  content: string | readonly ContentPart[],
  param: string,
  context: TranslationContext,
): string | readonly JsonObject[] {
  if (typeof content === "string") return content;
  return content.map((part, index) => contentItem(part, `${param}.content.${index}`, context));
}

function contentItem(part: ContentPart, param: string, context: TranslationContext): JsonObject {
  noteCache("cache_control" in part && part.cache_control !== undefined, context);
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "refusal":
      return { type: "input_text", text: part.refusal };
    case "image_url": {
      const { url, detail = "auto", file_id: fileId } = part.image_url;
      return {
        type: "input_image",
        detail,
        ...(fileId === undefined ? { image_url: url } : { file_id: fileId }),
      };
    }
    case "file":
      return fileItem(part, param, context);
    default:
      throw new GatewayError("invalid_request", {
        message: `${param} is of a type (${part.type}) that the Responses protocol has no place for.`,
        param,
      });
  }
}

function fileItem({ file }: FilePart, param: string, { notes }: TranslationContext): JsonObject {
  if (file.citations !== undefined) notes.dropped(`${param}.citations`);
  if (file.text !== undefined) {
    const text = [file.title, file.context, file.text].filter((each) => each !== undefined).join("\n\n");
    return { type: "input_text", text };
  }
  if (file.context !== undefined) notes.dropped(`${param}.context`);
  const filename = file.filename ?? file.title;
  return {
    type: "input_file",
    ...(file.file_id === undefined ? {} : { file_id: file.file_id }),
    ...(file.file_url === undefined ? {} : { file_url: file.file_url }),
    ...(file.file_data === undefined ? {} : { file_data: file.file_data }),
    ...(filename === undefined && file.file_data === undefined ? {} : { filename: filename ?? "document" }),
  };
}

function assistantItems(message: AssistantMessage, param: string, context: TranslationContext): JsonObject[] {
  const { notes, traits } = context;
  noteName(message.name, param, context);
  const items: JsonObject[] = [];
  const words = message.reasoning_content ?? "";
  if ((message.reasoning_details ?? []).length === 0 && words !== "") {
    if (traits.wantsReasoningBack === true) items.push(plainThinking(words));
    else notes.dropped(`${param}.reasoning_content`);
  }
  for (const block of blocksOf(message)) {
    const item = blockItem(block, context);
    if (item !== undefined) items.push(item);
    else notes.dropped(block.kind === "reasoning" ? `${param}.reasoning_details` : `${param}.server_blocks`);
  }
  return items;
}

/** Undefined: it is another protocol's state. */
function blockItem(block: AssistantBlock, context: TranslationContext): JsonObject | undefined {
  switch (block.kind) {
    case "text":
      noteCache(block.part.cache_control !== undefined, context);
      return { role: "assistant", content: block.part.text };
    case "call": {
      const { id, function: made } = block.call;
      return { type: "function_call", call_id: id, name: made.name, arguments: made.arguments || "{}" };
    }
    case "server":
      return block.format === "responses" ? block.block : undefined;
    case "reasoning":
      return thinkingItem(block.detail, context);
  }
}

function thinkingItem(detail: ReasoningDetail, { traits }: TranslationContext): JsonObject | undefined {
  const { id, data, text = "", format } = detail;
  // Ids of the protocol's own blocks of thinking begin so: a client may have left out whose they are.
  const isOwn = format === "responses" || (format === undefined && id?.startsWith("rs_") === true);
  if (isOwn && data !== undefined)
    return {
      type: "reasoning",
      ...(id === undefined ? {} : { id }),
      summary: text === "" ? [] : [{ type: "summary_text", text }],
      encrypted_content: data,
    };
  return traits.wantsReasoningBack === true && text !== "" ? plainThinking(text) : undefined;
}

/** For services that take thinking back as it was said. */
function plainThinking(text: string): JsonObject {
  return { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text }] };
}
