// The calls of one attempt, one after the other, as the one call that its reception knows. Knows no translation.
import type { Call } from "../upstream/upstream.ts";

export class CurrentCall implements Call {
  #call: Call | null = null;
  #aborted = false;

  /** The next call takes the place of the one before, which has ended. */
  follow(call: Call): void {
    this.#call = call;
    if (this.#aborted) call.abort();
  }

  get connected(): boolean {
    return this.#call?.connected === true;
  }

  abort(): void {
    this.#aborted = true;
    this.#call?.abort();
  }

  resume(): void {
    this.#call?.resume();
  }
}
