// A conversation as a list of turns and what can be done with it: ask, ask again, take back. Pure; sends nothing.
import type { Message } from "./protocols/adapter.ts";
import type { Run } from "./run.ts";

/** What somebody asked and the run that answered it. */
export interface Turn {
  readonly id: string;
  readonly text: string;
  readonly run: Run;
}

/** The messages of a conversation, with a new one at the end; answers that failed are left out with their question. */
export function messagesWith(turns: readonly Turn[], text: string): Message[] {
  const said = turns.flatMap(({ text: question, run }): Message[] => {
    const { answer } = run.view();
    if (answer.text === "") return [];
    return [
      { role: "user", text: question },
      { role: "assistant", text: answer.text },
    ];
  });
  return [...said, { role: "user", text }];
}

/** The conversation before its last turn, and that turn's question. */
export function withoutLast(turns: readonly Turn[]): {
  readonly turns: readonly Turn[];
  readonly text: string;
} {
  return { turns: turns.slice(0, -1), text: turns.at(-1)?.text ?? "" };
}
