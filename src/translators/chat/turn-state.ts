// The opaque state of turns with tool calls: heard in answers, found missing in requests, put back. Must not know where it
// is kept in the meantime, nor what it means.
import type { ChatAnswer, ChatChunk, ChatDelta } from "./chat-answer.ts";
import type { AssistantMessage, ChatRequest, ReasoningDetail, ToolCall } from "./chat-request.ts";
import type { CallState } from "../translated-call.ts";
import { joinDetail } from "./gather-chunks.ts";

/** State of one answer's first choice; requests with tools ask for one. */
export class HeardState {
  readonly #details = new Map<number, ReasoningDetail>();
  readonly #calls = new Map<number, { id: string; extra: ToolCall["extra_content"] }>();
  #content = "";

  /** @returns whether it says anything: data, or an end that is an answer in itself */
  chunk({ choices }: ChatChunk): boolean {
    let said = false;
    for (const { index, delta, finish_reason: finish } of choices) {
      if (index === 0) this.#hear(delta);
      said ||= (finish !== null && finish !== "length") || isData(delta);
    }
    return said;
  }

  answered({ choices }: ChatAnswer): void {
    const message = choices[0]?.message;
    if (message === undefined) return;
    const { tool_calls: calls, reasoning_content: content, reasoning_details: details } = message;
    this.#hear({
      ...(content === undefined ? {} : { reasoning_content: content }),
      ...(details === undefined ? {} : { reasoning_details: details }),
      ...(calls === undefined ? {} : { tool_calls: calls.map((call, index) => ({ ...call, index })) }),
    });
  }

  #hear(delta: ChatDelta): void {
    if (delta.reasoning_content !== undefined) this.#content += delta.reasoning_content;
    if (delta.reasoning_details !== undefined)
      for (const detail of delta.reasoning_details) joinDetail(this.#details, detail);
    if (delta.tool_calls === undefined) return;
    for (const { index, id, extra_content: extra } of delta.tool_calls) {
      const call = this.#calls.get(index);
      if (call === undefined) this.#calls.set(index, { id: id ?? "", extra });
      else {
        if (id !== undefined && id !== "") call.id = id;
        call.extra = extra ?? call.extra;
      }
    }
  }

  /**
   * By id of the tool call; what belongs to the whole turn stands with the first. A call without any has an entry too, so
   * that it is told from one that was forgotten.
   */
  get states(): ReadonlyMap<string, CallState> {
    const states = new Map<string, CallState>();
    if (this.#calls.size === 0) return states;
    const details = [...this.#details.values()].toSorted((left, right) => left.index - right.index);
    let turn: CallState = details.length > 0 ? { details } : {};
    if (details.length === 0 && this.#content !== "") turn = { content: this.#content };
    for (const { id, extra } of this.#calls.values()) {
      const state: CallState = extra === undefined ? turn : { ...turn, extra };
      if (id !== "") states.set(id, state);
      turn = {};
    }
    return states;
  }
}

function isData(delta: ChatDelta): boolean {
  return (
    (delta.content !== undefined && delta.content !== "") ||
    delta.tool_calls !== undefined ||
    (delta.reasoning_content !== undefined && delta.reasoning_content !== "") ||
    delta.reasoning_details !== undefined ||
    delta.refusal !== undefined
  );
}

/** Whether an answer has a word or a call, or was kept from it by rules of safety; one that was only cut short has none. */
export function saysAnything({ choices }: ChatAnswer): boolean {
  return choices.some(
    ({ message, finish_reason: finish }) => finish !== "length" || isData(deltaOf(message)),
  );
}

function deltaOf({ content, ...rest }: ChatAnswer["choices"][number]["message"]): ChatDelta {
  const { tool_calls: calls, reasoning_content: reasoning, reasoning_details: details, refusal } = rest;
  return {
    ...(content === null ? {} : { content }),
    ...(calls === undefined ? {} : { tool_calls: [] }),
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(details === undefined ? {} : { reasoning_details: details }),
    ...(typeof refusal === "string" ? { refusal } : {}),
  };
}

const nothing: readonly string[] = [];

/** Calls whose state is looked for at most: services ask for that of the last turns only. */
const maxMissing = 32;

/** Ids of the tool calls of the last turns that came back without any state. */
export function missingStates({ messages }: ChatRequest): readonly string[] {
  let missing: string[] | undefined;
  for (let place = messages.length - 1; place >= 0; place -= 1) {
    const message = messages[place];
    if (message?.role !== "assistant" || message.tool_calls === undefined || hasState(message)) continue;
    missing ??= [];
    for (const call of message.tool_calls) missing.push(call.id);
    if (missing.length >= maxMissing) break;
  }
  return missing ?? nothing;
}

/** Whether a turn came back with state of whatever maker. */
export function hasState({
  reasoning_details: details,
  reasoning_content: content,
  ...message
}: AssistantMessage): boolean {
  if (details !== undefined && details.length > 0) return !details.some(isLastPiece);
  return (
    (content !== undefined && content !== "") ||
    message.tool_calls?.some((call) => call.extra_content !== undefined) === true
  );
}

/** OpenAI's own libraries keep of a streamed field that they do not know the last piece only: here a signature of nothing. */
function isLastPiece({ type, text, signature, format }: ReasoningDetail): boolean {
  return format === "anthropic" && type === "thinking" && signature !== undefined && text === undefined;
}

/** The request with what was known of its turns put back. */
export function withStates(chat: ChatRequest, states: ReadonlyMap<string, CallState>): ChatRequest {
  const messages = chat.messages.map((message) =>
    message.role === "assistant" && message.tool_calls !== undefined && !hasState(message)
      ? withState(message, message.tool_calls, states)
      : message,
  );
  return { ...chat, messages };
}

function withState(
  message: AssistantMessage,
  calls: readonly ToolCall[],
  states: ReadonlyMap<string, CallState>,
): AssistantMessage {
  const found = calls.flatMap(({ id }) => states.get(id) ?? []);
  if (found.length === 0) return message;
  const details = found.find((state) => state.details !== undefined)?.details;
  const content = found.find((state) => state.content !== undefined)?.content;
  return {
    ...message,
    ...(details === undefined ? {} : { reasoning_details: details }),
    ...(content === undefined ? {} : { reasoning_content: content }),
    tool_calls: calls.map((call) => {
      const extra = states.get(call.id)?.extra;
      return extra === undefined ? call : { ...call, extra_content: extra };
    }),
  };
}
