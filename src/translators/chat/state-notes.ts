// Reports opaque state of earlier turns that a service needs and that nobody has any more, and state that means nothing to
// it. Must not know protocols: what a service needs is told by its side.
import type { AssistantMessage, ChatMessage, ChatRequest } from "./chat-request.ts";
import type { CallState } from "../translated-call.ts";
import type { TranslationNotes } from "../translation-notes.ts";
import { hasState } from "./turn-state.ts";

/** The state of turns with tool calls that a service takes back. */
export interface TakenState {
  readonly field: "reasoning_details" | "reasoning_content" | "extra_content";
  /** Without it this request is answered worse, or refused. */
  readonly isNeeded: boolean;
}

/**
 * One note each at most: a loop of tools may have hundreds of turns.
 * @param states what is known of the calls without state; a call without an entry was answered elsewhere, or long ago
 */
export function noteStates(
  { messages }: ChatRequest,
  taken: TakenState | undefined,
  states: ReadonlyMap<string, CallState>,
  notes: TranslationNotes,
): void {
  if (taken?.field !== "extra_content") noteForeign(messages, notes);
  if (taken?.isNeeded !== true) return;
  for (let place = beginOfLoop(messages); place < messages.length; place += 1) {
    const message = messages[place];
    if (message?.role !== "assistant" || message.tool_calls === undefined || hasState(message)) continue;
    if (message.tool_calls.some(({ id }) => states.has(id))) continue;
    const field = taken.field === "extra_content" ? "tool_calls.0.extra_content" : taken.field;
    return notes.lost(`messages.${place}.${field}`);
  }
}

/** Behind the last words of the user that no result of a tool stands before. */
function beginOfLoop(messages: readonly ChatMessage[]): number {
  for (let place = messages.length - 1; place > 0; place -= 1) {
    if (messages[place]?.role === "user" && messages[place - 1]?.role !== "tool") return place + 1;
  }
  return 0;
}

/** Google's signatures, which nobody else reads. */
function noteForeign(messages: readonly ChatMessage[], notes: TranslationNotes): void {
  for (const [place, message] of messages.entries()) {
    const call = message.role === "assistant" ? signedCall(message) : -1;
    if (call >= 0) return notes.lost(`messages.${place}.tool_calls.${call}.extra_content`);
  }
}

function signedCall({ tool_calls: calls = [] }: AssistantMessage): number {
  return calls.findIndex((call) => call.extra_content !== undefined);
}
