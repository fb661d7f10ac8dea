// What replaying recorded prompts needs of the rest of the program, passed in by the composition root. Types only.

export interface ReplayMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** A conversation in words alone; the last message is the client's. */
export interface ReplayedChat {
  readonly system: string;
  readonly messages: readonly ReplayMessage[];
}

export interface ReplayTarget {
  readonly service: string;
  readonly model: string;
}

/** USD per million tokens. */
export interface ReplayPrice {
  readonly input: number;
  readonly output: number;
}

export interface ReplayAnswer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ReplayPort {
  /** What a recorded request said; undefined where that is not words alone, or a tool or form was asked for. */
  read(protocol: string, content: string): ReplayedChat | undefined;
  /** Undefined where none is known. */
  price(target: ReplayTarget): ReplayPrice | undefined;
  /**
   * Asks a service as the gateway itself, at temperature 0.
   * @throws Error whose message is a class of failure: never an address, a key or content
   */
  ask(
    target: ReplayTarget,
    chat: ReplayedChat,
    options: { readonly maxTokens: number; readonly signal: AbortSignal },
  ): Promise<ReplayAnswer>;
}
