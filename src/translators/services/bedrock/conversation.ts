// The messages of a request as Converse wants them: turns of user and assistant by turns, results of tools first, no
// text that is blank. Must not know parameters.
import { GatewayError } from "../../../core/errors.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { argumentsObject } from "../../chat/tool-arguments.ts";
import { blocksOf, type AssistantBlock } from "../../chat/assistant-blocks.ts";
import type {
  AssistantMessage,
  ChatMessage,
  ChatRequest,
  ContentPart,
  SystemMessage,
  ToolMessage,
} from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { cachePoint } from "./cache-point.ts";
import { sentId, sentName } from "./call-names.ts";
import { MediaBlocks } from "./media-blocks.ts";
import { reasoningBlock } from "./reasoning.ts";

export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly messages: readonly {
    readonly role: "user" | "assistant";
    readonly content: readonly JsonObject[];
  }[];
}

interface Turn {
  readonly role: "user" | "assistant";
  /** Of a user: these come first. */
  readonly results: JsonObject[];
  readonly content: JsonObject[];
}

/** @throws GatewayError invalid_request that names what cannot be sent */
export function conversationOf(chat: ChatRequest, context: TranslationContext): Conversation {
  const builder = new ConversationBuilder(context);
  for (const [index, message] of chat.messages.entries()) builder.add(message, index);
  return builder.finish(chat.messages.length);
}

/** Of a loop of tool calls that began without thinking: no thinking may be asked for within it. */
export function loopLacksThinking(messages: Conversation["messages"]): boolean {
  const results = messages.at(-1)?.content.some((block) => "toolResult" in block) === true;
  const first = messages.at(-2)?.content[0];
  return results && first !== undefined && !("reasoningContent" in first);
}

class ConversationBuilder {
  readonly #context: TranslationContext;
  readonly #media: MediaBlocks;
  readonly #system: JsonObject[] = [];
  readonly #turns: Turn[] = [];

  constructor(context: TranslationContext) {
    this.#context = context;
    this.#media = new MediaBlocks(context);
  }

  add(message: ChatMessage, index: number): void {
    switch (message.role) {
      case "system":
      case "developer":
        return this.#addSystem(message, index);
      case "user":
        this.#turn("user").content.push(...this.#userBlocks(message.content, `messages.${index}.content`));
        return;
      case "assistant":
        return this.#addAssistant(message, index);
      case "tool":
        this.#turn("user").results.push(...this.#resultBlocks(message, index));
    }
  }

  finish(count: number): Conversation {
    const turns = this.#turns.filter(({ results, content }) => results.length + content.length > 0);
    const last = turns.at(-1);
    if (last?.role === "assistant") this.#trimPrefill(last, count - 1);
    if (turns.length === 0) return this.#withoutTurns();
    if (turns[0]?.role === "assistant") {
      this.#context.notes.rewritten("messages.0");
      turns.unshift({ role: "user", results: [], content: [{ text: "(start of the conversation)" }] });
    }
    return { system: this.#system, messages: turns.map((turn) => this.#sentTurn(turn)) };
  }

  /** Words of the system alone: Converse wants a turn of the user, so they are it. */
  #withoutTurns(): Conversation {
    const words = this.#system.filter((block) => "text" in block);
    if (words.length === 0)
      throw new GatewayError("invalid_request", { message: "messages hold no words.", param: "messages" });
    this.#context.notes.rewritten("messages.0.role");
    return { system: [], messages: [{ role: "user", content: this.#system }] };
  }

  #sentTurn({ role, results, content }: Turn): Conversation["messages"][number] {
    if (
      role === "user" &&
      results.length > 0 &&
      content.length > 0 &&
      this.#context.traits.resultsAlone === true
    )
      return { role, content: this.#wordsInResult(results, content) };
    const blocks = results.length === 0 ? content : [...results, ...content];
    const documentName = blocks.some((block) => "text" in block || "toolResult" in block)
      ? undefined
      : firstDocumentName(blocks);
    // A document without a word beside it is refused.
    return { role, content: documentName === undefined ? blocks : [...blocks, { text: documentName }] };
  }

  /** The model refuses words beside results of tools in one turn: they become part of the last result. */
  #wordsInResult(results: readonly JsonObject[], content: readonly JsonObject[]): JsonObject[] {
    this.#context.notes.rewritten("messages");
    const place = results.findLastIndex((block) => "toolResult" in block);
    const words = content.filter((block) => !("cachePoint" in block));
    return results.map((block, index) => {
      const toolResult = memberOf(block, "toolResult");
      if (index !== place || !isJsonObject(toolResult)) return block;
      return { toolResult: { ...toolResult, content: [...listOf(toolResult, "content"), ...words] } };
    });
  }

  #addSystem({ content }: SystemMessage, index: number): void {
    const blocks = this.#userBlocks(content, `messages.${index}.content`);
    if (this.#turns.length === 0 && this.#context.traits.systemRole !== "user") {
      this.#system.push(...blocks);
      return;
    }
    // It has no place in mid conversation, or none at all.
    if (blocks.length > 0) this.#context.notes.rewritten(`messages.${index}.role`);
    this.#turn("user").content.push(...blocks);
  }

  #addAssistant(message: AssistantMessage, index: number): void {
    const turn = this.#turn("assistant");
    const { reasoning_content: reasoning, reasoning_details: details = [] } = message;
    if (details.length === 0 && typeof reasoning === "string" && reasoning !== "")
      turn.content.push(...this.#unsignedReasoning(reasoning, index));
    for (const block of blocksOf(message)) turn.content.push(...this.#assistantBlock(block, index));
  }

  #assistantBlock(block: AssistantBlock, index: number): JsonObject[] {
    const { notes, traits } = this.#context;
    switch (block.kind) {
      case "text":
        return textBlocks(block.part.text, block.part.cache_control);
      case "call": {
        const { id, function: called, cache_control: mark } = block.call;
        const toolUse = {
          toolUseId: sentId(id, traits),
          name: sentName(called.name),
          input: argumentsObject(called.arguments),
        };
        return mark === undefined ? [{ toolUse }] : [{ toolUse }, cachePoint(mark)];
      }
      case "reasoning": {
        const sent = reasoningBlock(block.detail, traits);
        if (sent === undefined) notes.dropped(`messages.${index}.reasoning_details`);
        return sent === undefined ? [] : [sent];
      }
      case "server":
        if (block.format === "bedrock") return [block.block];
        notes.dropped(`messages.${index}.content`);
        return [];
    }
  }

  #unsignedReasoning(text: string, index: number): JsonObject[] {
    const sent = reasoningBlock({ type: "thinking", index: 0, text }, this.#context.traits);
    if (sent === undefined) this.#context.notes.dropped(`messages.${index}.reasoning_content`);
    return sent === undefined ? [] : [sent];
  }

  #userBlocks(content: string | readonly ContentPart[], param: string): JsonObject[] {
    if (typeof content === "string") return textBlocks(content, undefined);
    return content.flatMap((part, place) => {
      if (part.type === "text") return textBlocks(part.text, part.cache_control);
      if (part.type === "refusal") return textBlocks(part.refusal, undefined);
      const block = this.#media.block(part, `${param}.${place}`);
      return part.cache_control === undefined ? [block] : [block, cachePoint(part.cache_control)];
    });
  }

  #resultBlocks(message: ToolMessage, index: number): JsonObject[] {
    const param = `messages.${index}.content`;
    const blocks = this.#userBlocks(message.content, param);
    const content = blocks.filter((block) => !("cachePoint" in block));
    if (content.length === 0) {
      // Refused without any.
      this.#context.notes.rewritten(param);
      content.push({ text: "(no output)" });
    }
    const toolResult = {
      toolUseId: sentId(message.tool_call_id, this.#context.traits),
      content,
      ...(message.is_error === true ? { status: "error" } : {}),
    };
    const mark = blocks.find((block) => "cachePoint" in block);
    const after = message.cache_control === undefined ? mark : cachePoint(message.cache_control);
    return after === undefined ? [{ toolResult }] : [{ toolResult }, after];
  }

  /** An answer that was begun must not end in white space. */
  #trimPrefill({ content }: Turn, index: number): void {
    const last = content.at(-1);
    const text = last?.["text"];
    if (typeof text !== "string" || text.trimEnd() === text) return;
    content[content.length - 1] = { text: text.trimEnd() };
    this.#context.notes.rewritten(`messages.${index}.content`);
  }

  #turn(role: Turn["role"]): Turn {
    const last = this.#turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, results: [], content: [] };
    this.#turns.push(turn);
    return turn;
  }
}

/** A blank text is refused, and says nothing. */
function textBlocks(text: string, mark: Parameters<typeof cachePoint>[0] | undefined): JsonObject[] {
  if (text.trim() === "") return [];
  return mark === undefined ? [{ text }] : [{ text }, cachePoint(mark)];
}

function firstDocumentName(blocks: readonly JsonObject[]): string | undefined {
  for (const block of blocks) {
    const name = textOf(memberOf(block, "document"), "name");
    if (name !== undefined) return name;
  }
  return undefined;
}
