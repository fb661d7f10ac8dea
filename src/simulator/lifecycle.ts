// Work that moves on with every look at it: no timers, so that the same looks always see the same states.

/**
 * The states of a job, the first one when it is made, each later one from the given look on; a job that was stopped
 * stays as it is.
 */
export class Lifecycle<State extends string> {
  readonly #states: readonly State[];
  #looks = 0;
  #stoppedAs: State | null = null;

  constructor(states: readonly [State, ...State[]]) {
    this.#states = states;
  }

  /** The state as it is, without moving on. */
  get state(): State {
    const at = Math.min(this.#looks, this.#states.length - 1);
    const state = this.#stoppedAs ?? this.#states[at];
    if (state === undefined) throw new Error("a lifecycle has at least one state");
    return state;
  }

  get isOver(): boolean {
    return this.#looks >= this.#states.length - 1 || this.#stoppedAs !== null;
  }

  /** Moves on by one and gives the new state. */
  look(): State {
    if (this.#stoppedAs === null) this.#looks += 1;
    return this.state;
  }

  /** Holds the job in a state until `resume`. */
  stop(as: State): void {
    this.#stoppedAs = as;
  }

  resume(): void {
    this.#stoppedAs = null;
  }
}

/** Models with this ending make jobs that fail, so that failures can be seen on purpose. */
export function isFailing(model: unknown): boolean {
  return typeof model === "string" && model.endsWith("-failing");
}
