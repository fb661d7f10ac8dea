// The conversation of the panel: its turns, the message in the field, and what can be done with them.
import { useState } from "react";
import type { JsonRequest } from "./chat-request.ts";
import { messagesWith, withoutLast, type Turn } from "./conversation-state.ts";
import type { Message } from "./protocols/adapter.ts";
import type { Run } from "./run.ts";
import { useKeptText } from "./use-settings.ts";

export interface ConversationTools {
  readonly turns: readonly Turn[];
  readonly draft: string;
  readonly setDraft: (draft: string) => void;
  readonly setTurns: (turns: readonly Turn[]) => void;
  /** What would be sent now. */
  readonly request: JsonRequest;
  readonly run: Run | null;
  readonly send: () => void;
  readonly regenerate: () => void;
  readonly editLast: () => void;
  readonly clear: () => void;
}

/** Sends a request. @param turns the conversation before it */
export type StartTurn = (request: JsonRequest, text: string, turns: readonly Turn[]) => Run;

/**
 * @param key under which the tab keeps the message in the field
 * @param toRequest makes the request of a conversation
 */
export function useConversation(
  key: string,
  toRequest: (messages: readonly Message[]) => JsonRequest,
  start: StartTurn,
): ConversationTools {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [draft, setDraft] = useKeptText(key);
  const ask = (before: readonly Turn[], text: string): void => {
    const run = start(toRequest(messagesWith(before, text)), text, before);
    setTurns([...before, { id: run.id, text, run }]);
  };
  return {
    turns,
    draft,
    setDraft,
    setTurns,
    request: toRequest(messagesWith(turns, draft)),
    run: turns.at(-1)?.run ?? null,
    send: () => {
      ask(turns, draft);
      setDraft("");
    },
    regenerate: () => {
      const { turns: before, text } = withoutLast(turns);
      ask(before, text);
    },
    editLast: () => {
      const { turns: before, text } = withoutLast(turns);
      setTurns(before);
      setDraft(text);
    },
    clear: () => setTurns([]),
  };
}
