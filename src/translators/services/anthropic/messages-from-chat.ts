// Messages of the chat form as Anthropic's system prompt and turns. Must not know tools, thinking budgets or anything else
// of a request.
import { GatewayError } from "../../../core/errors.ts";
import { blocksOf, type AssistantBlock } from "../../chat/assistant-blocks.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ReasoningDetail,
  SystemMessage,
  ToolCall,
  ToolMessage,
} from "../../chat/chat-request.ts";
import { argumentsObject } from "../../chat/tool-arguments.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { blocksOfContent, saysAnything } from "./blocks-from-parts.ts";
import { ToolIds } from "./tool-ids.ts";
import type { Gathered, WireBlock } from "./wire-block.ts";

interface Message {
  readonly role: "user" | "assistant";
  readonly content: readonly WireBlock[];
}

interface Turn {
  readonly role: Message["role"];
  /** They stand in one message, before anything else that the user says. */
  readonly results: WireBlock[];
  readonly content: WireBlock[];
}

export interface Conversation {
  readonly system: readonly WireBlock[];
  readonly messages: readonly Message[];
}

/** Builds up one conversation, message by message. */
class ConversationWriter {
  readonly system: WireBlock[] = [];
  readonly turns: Turn[] = [];
  readonly #ids = new ToolIds();
  readonly #notes: TranslationNotes;
  readonly #gathered: Gathered;

  constructor(notes: TranslationNotes, gathered: Gathered) {
    this.#notes = notes;
    this.#gathered = gathered;
  }

  add(message: ChatMessage, index: number): void {
    const field = `messages.${index}`;
    switch (message.role) {
      case "system":
      case "developer":
        this.#addSystem(message, field);
        break;
      case "user":
        if (message.name !== undefined) this.#notes.dropped(`${field}.name`);
        this.#append("user", this.#blocks(message.content, field));
        break;
      case "tool":
        this.#addResult(message, field);
        break;
      case "assistant":
        this.#addAssistant(message, field);
        break;
    }
  }

  /** Before the first turn it is the system prompt; later there is no place for it but among the user's words. */
  #addSystem({ content }: SystemMessage, field: string): void {
    const blocks = this.#blocks(content, field);
    if (blocks.length === 0) return;
    if (this.turns.length === 0) {
      this.system.push(...blocks);
    } else {
      this.#notes.rewritten(field);
      this.#append("user", blocks);
    }
  }

  #blocks(content: Parameters<typeof blocksOfContent>[0], field: string): WireBlock[] {
    return blocksOfContent(content, {
      field: `${field}.content`,
      notes: this.#notes,
      gathered: this.#gathered,
    });
  }

  #addResult(message: ToolMessage, field: string): void {
    const content = this.#blocks(message.content, field);
    const block: WireBlock = { type: "tool_result", tool_use_id: this.#ids.ofResult(message.tool_call_id) };
    if (content.length > 0) block["content"] = content;
    if (message.is_error === true) block["is_error"] = true;
    this.#gathered.mark(block, message.cache_control, field);
    this.#turn("user").results.push(block);
  }

  #addAssistant(message: AssistantMessage, field: string): void {
    if (this.turns.at(-1)?.role !== "assistant") this.#ids.newTurn();
    if (message.reasoning_content !== undefined && message.reasoning_content !== "" && !hasDetails(message))
      this.#notes.dropped(`${field}.reasoning_content`);
    const blocks: WireBlock[] = [];
    for (const block of blocksOf(message)) {
      const made = this.#assistantBlock(block, field);
      if (made !== undefined) blocks.push(made);
    }
    this.#append("assistant", blocks);
  }

  #assistantBlock(block: AssistantBlock, field: string): WireBlock | undefined {
    switch (block.kind) {
      case "text": {
        const { text, cache_control: mark } = block.part;
        if (!saysAnything(text)) return undefined;
        return this.#gathered.mark({ type: "text", text }, mark, `${field}.content`);
      }
      case "call":
        return this.#callBlock(block.call, field);
      case "reasoning": {
        const made = thinkingBlock(block.detail);
        if (made === undefined) this.#notes.dropped(`${field}.reasoning_details`);
        return made;
      }
      case "server":
        if (block.format === "anthropic") return { ...block.block };
        this.#notes.dropped(`${field}.server_blocks`);
        return undefined;
    }
  }

  #callBlock({ id, function: { name, arguments: text }, cache_control: mark }: ToolCall, field: string) {
    const block = { type: "tool_use", id: this.#ids.ofCall(id), name, input: argumentsObject(text) };
    return this.#gathered.mark(block, mark, `${field}.tool_calls`);
  }

  /** Neighbours of one role become one turn. */
  #append(role: Turn["role"], blocks: readonly WireBlock[]): void {
    if (blocks.length === 0) return;
    const { content } = this.#turn(role);
    for (const block of blocks) content.push(block);
  }

  #turn(role: Turn["role"]): Turn {
    const last = this.turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, results: [], content: [] };
    this.turns.push(turn);
    return turn;
  }

  /** Anthropic refuses blanks behind the last words of an assistant that it is to go on from. */
  trimPrefill(index: number): void {
    const turn = this.turns.at(-1);
    const last = turn?.content.at(-1);
    if (turn?.role !== "assistant" || last?.["type"] !== "text" || typeof last["text"] !== "string") return;
    const text = last["text"].trimEnd();
    if (text.length === last["text"].length) return;
    this.#notes.rewritten(`messages.${index}.content`);
    last["text"] = text;
  }
}

function hasDetails({ reasoning_details: details }: AssistantMessage): boolean {
  return details !== undefined && details.length > 0;
}

/** Only what Anthropic has signed or sealed itself: a block of anybody else's would be refused. */
function thinkingBlock({ type, text, signature, data, format }: ReasoningDetail): WireBlock | undefined {
  if (format !== undefined && format !== "anthropic") return undefined;
  if (type === "redacted_thinking") return data === undefined || data === "" ? undefined : { type, data };
  if (signature === undefined || signature === "") return undefined;
  return { type, thinking: text ?? "", signature };
}

/** @throws GatewayError for content without a place, and when nobody says anything */
export function conversationOf(
  messages: readonly ChatMessage[],
  notes: TranslationNotes,
  gathered: Gathered,
): Conversation {
  const writer = new ConversationWriter(notes, gathered);
  for (const [index, message] of messages.entries()) writer.add(message, index);
  writer.trimPrefill(messages.length - 1);
  const { system, turns } = writer;
  if (turns.length > 0) return { system, messages: turns.map(messageOf) };
  // A system prompt alone: Anthropic answers nobody but a user.
  const last = system.pop();
  if (last === undefined)
    throw new GatewayError("invalid_request", {
      message: "messages: at least one message must say something.",
      param: "messages",
    });
  notes.rewritten(`messages.${messages.length - 1}`);
  return { system, messages: [{ role: "user", content: [last] }] };
}

function messageOf({ role, results, content }: Turn): Message {
  return { role, content: results.length === 0 ? content : [...results, ...content] };
}

/**
 * Whether results follow a turn of the assistant that does not begin with thinking: Anthropic then refuses a budget for it.
 */
export function loopLacksThinking({ messages }: Conversation): boolean {
  const last = messages.at(-1);
  if (last === undefined || !last.content.some(({ type }) => type === "tool_result")) return false;
  const type = messages.at(-2)?.content[0]?.["type"];
  return type !== undefined && type !== "thinking" && type !== "redacted_thinking";
}
