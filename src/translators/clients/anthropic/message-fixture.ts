// Reads Anthropic events as a careful client does: every rule of their order is checked. Written from the documentation,
// without a line of the code under test. Only for tests.

export interface ReadBlock {
  readonly type: string;
  text: string;
  thinking: string;
  signature: string;
  /** JSON text of a call's input. */
  json: string;
  readonly start: Readonly<Record<string, unknown>>;
  readonly citations: unknown[];
}

export interface ReadMessage {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly ReadBlock[];
  readonly stopReason: string | null;
  readonly stopSequence: string | null;
  readonly usage: Readonly<Record<string, unknown>>;
  /** The stream ended with message_stop. */
  readonly complete: boolean;
  readonly error: unknown;
  readonly names: readonly string[];
}

interface Event {
  readonly type: string;
  readonly index: number;
  readonly message: {
    readonly id: string;
    readonly model: string;
    readonly usage: Record<string, unknown>;
    readonly content: unknown[];
    readonly stop_reason: unknown;
  };
  readonly content_block: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly delta: Readonly<Record<string, string>>;
  readonly usage: Record<string, unknown>;
  readonly error: unknown;
}

/** What each delta may be said in, and where it goes. */
const members: Readonly<Record<string, readonly [blocks: RegExp, from: string]>> = {
  text_delta: [/^text$/, "text"],
  thinking_delta: [/^thinking$/, "thinking"],
  signature_delta: [/^thinking$/, "signature"],
  input_json_delta: [/^(server_|mcp_)?tool_use$/, "partial_json"],
  citations_delta: [/^text$/, "citation"],
};

/** @throws Error where the order of events is broken */
export function readMessage(text: string): ReadMessage {
  const reader = new Reader();
  for (const { name, event } of eventsOf(text)) reader.read(name, event);
  return reader.message();
}

export function eventsOf(text: string): { readonly name: string; readonly event: Event }[] {
  if (text !== "" && !text.endsWith("\n\n")) throw new Error("the last event has no blank line");
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const found = /^event: (.+)\ndata: (.+)$/.exec(block);
      if (found === null) throw new Error(`no event: ${block}`);
      // Members are checked where they are read.
      return { name: found[1] ?? "", event: JSON.parse(found[2] ?? "") as Event };
    });
}

function must(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

class Reader {
  readonly #blocks: ReadBlock[] = [];
  readonly #names: string[] = [];
  #start: Event["message"] | undefined;
  #open: ReadBlock | undefined;
  #usage: Record<string, unknown> = {};
  #delta: Event["delta"] | undefined;
  #complete = false;
  #error: unknown;

  read(name: string, event: Event): void {
    must(name === event.type, `event ${name} holds ${event.type}`);
    must(!this.#complete && this.#error === undefined, `${name} after the end`);
    must(this.#start !== undefined || name === "message_start" || name === "error", `${name} comes first`);
    this.#names.push(name);
    if (name === "message_start") this.#begin(event);
    else if (name === "content_block_start") this.#beginBlock(event);
    else if (name === "content_block_delta") this.#extend(event);
    else if (name === "content_block_stop") this.#endBlock(event);
    else if (name === "message_delta") this.#ending(event);
    else if (name === "message_stop") this.#complete = this.#closed(name);
    else if (name === "error") this.#error = event.error;
    else throw new Error(`unknown event ${name}`);
  }

  message(): ReadMessage {
    return {
      id: this.#start?.id ?? "",
      model: this.#start?.model ?? "",
      blocks: this.#blocks,
      stopReason: this.#delta?.["stop_reason"] ?? null,
      stopSequence: this.#delta?.["stop_sequence"] ?? null,
      usage: this.#usage,
      complete: this.#complete,
      error: this.#error,
      names: this.#names,
    };
  }

  #closed(name: string): true {
    must(this.#open === undefined, `${name} inside a block`);
    return true;
  }

  #begin({ message }: Event): void {
    must(this.#start === undefined, "a second message_start");
    must(message.content.length === 0 && message.stop_reason === null, "message_start is not empty");
    const { input_tokens: input, output_tokens: output } = message.usage;
    must(typeof input === "number" && typeof output === "number", "message_start without figures");
    this.#start = message;
    this.#usage = { ...message.usage };
  }

  #beginBlock({ index, content_block: block }: Event): void {
    this.#closed("content_block_start");
    must(this.#delta === undefined, "a block after message_delta");
    must(index === this.#blocks.length, `block ${index} in place of ${this.#blocks.length}`);
    const { type } = block;
    this.#open = { type, text: "", thinking: "", signature: "", json: "", start: block, citations: [] };
    this.#blocks.push(this.#open);
  }

  #extend({ index, delta }: Event): void {
    const open = this.#open;
    if (open === undefined) throw new Error("a delta outside of blocks");
    must(index === this.#blocks.length - 1, `a delta for block ${index}`);
    const [blocks, from] = members[delta["type"] ?? ""] ?? [/^$/, ""];
    must(blocks.test(open.type), `${delta["type"]} inside a block of ${open.type}`);
    const piece = delta[from] ?? "";
    if (from === "citation") open.citations.push(piece);
    else if (from === "text") open.text += piece;
    else if (from === "thinking") open.thinking += piece;
    else if (from === "signature") open.signature += piece;
    else open.json += piece;
  }

  #endBlock({ index }: Event): void {
    must(this.#open !== undefined && index === this.#blocks.length - 1, `block ${index} is not open`);
    this.#open = undefined;
  }

  #ending({ delta, usage }: Event): void {
    this.#closed("message_delta");
    must(this.#delta === undefined, "a second message_delta");
    must(typeof usage["output_tokens"] === "number", "message_delta without output_tokens");
    this.#delta = delta;
    Object.assign(this.#usage, usage);
  }
}
