// Gives tool calls the ids that Anthropic takes: letters, digits, `_` and `-`, none twice in a conversation. Must not know
// messages.

export class ToolIds {
  readonly #used = new Set<string>();
  /** The number that was put behind an id last. */
  readonly #numbers = new Map<string, number>();
  /** Ids of the last turn with calls, as they were sent, by the client's own; results take them in order. */
  #turn = new Map<string, { readonly sent: string[]; taken: number }>();

  /** What follows are calls of another turn: a client may have used the same ids before. */
  newTurn(): void {
    if (this.#turn.size > 0) this.#turn = new Map();
  }

  ofCall(id: string): string {
    const base = wellFormed(id);
    let sent = base;
    while (this.#used.has(sent)) {
      const number = (this.#numbers.get(base) ?? 1) + 1;
      this.#numbers.set(base, number);
      sent = `${base}_${number}`;
    }
    this.#used.add(sent);
    const known = this.#turn.get(id);
    if (known === undefined) this.#turn.set(id, { sent: [sent], taken: 0 });
    else known.sent.push(sent);
    return sent;
  }

  /** The id of the call that a result answers. One that answers none keeps its own: the service says so. */
  ofResult(id: string): string {
    const known = this.#turn.get(id);
    if (known === undefined) return wellFormed(id);
    const sent = known.sent[known.taken] ?? known.sent.at(-1) ?? wellFormed(id);
    known.taken += 1;
    return sent;
  }
}

const refused = /[^a-zA-Z0-9_-]/g;

function wellFormed(id: string): string {
  return id === "" ? "call" : id.replace(refused, "_");
}
