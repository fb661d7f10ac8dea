// Messages of the chat form as OpenAI-compatible services take them: no extensions, tools' pictures behind their results.
import type { ModelTraits } from "../../../core/model-traits.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ContentPart,
  ToolCall,
  ToolMessage,
} from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { joinTexts, onlyText, partsFor } from "./content-from-chat.ts";
import { serviceCallId, serviceToolName } from "./tool-names.ts";

/** Parts of a tool's result that only a user can say. */
interface Pending {
  readonly parts: object[];
}

export function messagesFor(
  messages: readonly ChatMessage[],
  context: TranslationContext,
): readonly object[] {
  const sent: object[] = [];
  const pending: Pending = { parts: [] };
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index];
    if (message === undefined) continue;
    const path = `messages.${index}`;
    // Results of one turn stand together behind its calls: what belongs to them follows the last.
    if (message.role !== "tool") flush(pending, sent);
    sent.push(messageFor(message, path, { context, pending }));
  }
  flush(pending, sent);
  notePrefill(messages, context);
  return sent;
}

function flush({ parts }: Pending, sent: object[]): void {
  if (parts.length > 0) sent.push({ role: "user", content: parts.splice(0) });
}

/** Anthropic goes on with what the last message began; here it is a turn that has ended. */
function notePrefill(messages: readonly ChatMessage[], { notes }: TranslationContext): void {
  const last = messages.at(-1);
  if (last?.role === "assistant" && last.tool_calls === undefined)
    notes.rewritten(`messages.${messages.length - 1}`);
}

interface Surroundings {
  readonly context: TranslationContext;
  readonly pending: Pending;
}

function messageFor(message: ChatMessage, path: string, { context, pending }: Surroundings): object {
  const { traits } = context;
  switch (message.role) {
    case "system":
    case "developer": {
      const text = typeof message.content === "string" ? message.content : joinTexts(message.content);
      if (traits.systemRole === "user") context.notes.rewritten(path);
      return { role: traits.systemRole ?? "system", content: text, ...nameOf(message) };
    }
    case "user": {
      const content = onlyText(message.content);
      // What is text alone is taken as it is.
      if (content !== undefined) return { role: "user", content, ...nameOf(message) };
      const parts = typeof message.content === "string" ? [] : message.content;
      return { role: "user", content: partsFor(parts, `${path}.content`, context), ...nameOf(message) };
    }
    case "assistant":
      return assistantFor(message, path, context);
    case "tool":
      return toolFor(message, path, { context, pending });
  }
}

function nameOf({ name }: { readonly name?: string }): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

function assistantFor(message: AssistantMessage, path: string, context: TranslationContext): object {
  const { traits, notes } = context;
  const thoughts = message.reasoning_content ?? thoughtsOf(message);
  const isWanted = traits.wantsReasoningBack === true;
  if (!isWanted && (thoughts !== "" || (message.reasoning_details?.length ?? 0) > 0))
    notes.dropped(`${path}.reasoning_content`);
  if (message.server_blocks !== undefined && message.server_blocks.length > 0)
    notes.dropped(`${path}.server_blocks`);
  const calls = message.tool_calls ?? [];
  return {
    role: "assistant",
    content: said(message, calls),
    ...nameOf(message),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => callFor(call, traits)) }),
    ...(isWanted && thoughts !== "" ? { reasoning_content: thoughts } : {}),
  };
}

function thoughtsOf({ reasoning_details: details = [] }: AssistantMessage): string {
  return details.map(({ text }) => text ?? "").join("");
}

/** Null beside calls, as OpenAI writes it; a turn without anything is an empty text. */
function said({ content, refusal }: AssistantMessage, calls: readonly ToolCall[]): string | null {
  const text =
    typeof content === "string"
      ? content
      : (content ?? []).map((part) => (part.type === "text" ? part.text : part.refusal)).join("");
  const all = text + (refusal ?? "");
  return all === "" && calls.length > 0 ? null : all;
}

function callFor(call: ToolCall, traits: ModelTraits): object {
  const { name, arguments: given } = call.function;
  const signature = traits.wantsThoughtSignatures === true ? call.extra_content : undefined;
  return {
    id: serviceCallId(call.id, traits),
    type: "function",
    function: { name: serviceToolName(name), arguments: given.trim() === "" ? "{}" : given },
    ...(signature === undefined ? {} : { extra_content: signature }),
  };
}

function toolFor(message: ToolMessage, path: string, { context, pending }: Surroundings): object {
  const id = serviceCallId(message.tool_call_id, context.traits);
  const { content } = message;
  const others = typeof content === "string" ? [] : content.filter((part) => part.type !== "text");
  const texts = typeof content === "string" ? content : joinTexts(content.filter(isText));
  if (others.length > 0) {
    context.notes.rewritten(`${path}.content`);
    const label = { type: "text", text: `Belongs to the result of tool call ${id}:` };
    pending.parts.push(label, ...partsFor(others, `${path}.content`, context));
  }
  const text = texts === "" && others.length > 0 ? "The result follows in the next message." : texts;
  return {
    role: "tool",
    tool_call_id: id,
    content: message.is_error === true ? `Error: ${text}` : text,
  };
}

function isText(part: ContentPart): part is Extract<ContentPart, { readonly type: "text" }> {
  return part.type === "text";
}
